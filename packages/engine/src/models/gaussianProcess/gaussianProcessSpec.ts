import { EngineError } from '../../engineError.ts';
import { stationaryForms, type StationaryForm } from '../../kernels/stationaryForm.ts';
import { targetWarpKinds, type TargetWarpKind } from '../../transforms/targetWarp.ts';
import { fitCriteria, type FitCriterion } from './logPosterior.ts';
import { lengthscalePriors, type LengthscalePrior } from './hyperparameterSpace.ts';

/** What an earlier fit found of a companion of the target. */
export type CompanionStart = {
  /** Above 0, whatever the direction. */
  readonly factor: number;
  readonly ownScale: number;
  readonly noiseVariance: number;
};

/** Hyperparameters of an earlier fit, by what they belong to, so that a fold with other columns can use them. */
export type GaussianProcessStart = {
  /** By the key of the input. */
  readonly lengthscales: { readonly [key: string]: number };
  readonly outputScale: number;
  readonly linearScale: number;
  /** By the key of a molecular input. */
  readonly similarityScales: { readonly [key: string]: number };
  readonly noiseVariance: number;
  /** By the key of the companion; null for none. */
  readonly companions: { readonly [key: string]: CompanionStart } | null;
};

/** An untrained Gaussian process. */
export type GaussianProcessSpec = {
  /** `auto` takes the first unless another says clearly more of left-out rows. */
  readonly kernel: 'auto' | StationaryForm;
  /** Adds a linear kernel, so that trends go on beyond the data. */
  readonly hasLinear: boolean;
  /** False fixes the variance of the stationary kernel at that of the target. */
  readonly hasOutputScale: boolean;
  readonly lengthscalePrior: LengthscalePrior;
  /** By what hyperparameters are fitted; companions are only learnt from by the likelihood. */
  readonly criterion: FitCriterion;
  /** `perInput`: one length scale an input (its levels share it); `shared`: one for all. */
  readonly lengthscales: 'perInput' | 'shared';
  /** Shape of the target's transform; `auto` takes what predicts left-out rows best. */
  readonly warp: 'auto' | TargetWarpKind;
  /** Bounds the target cannot leave, e.g. 0 and 100 for a yield; they make the logit possible. */
  readonly targetBounds: { readonly lower: number; readonly upper: number } | null;
  /** Key of an input that holds the standard deviation of each measurement instead of a condition; null to learn it. */
  readonly noiseColumn: string | null;
  /** `auto` lets the noise rise or fall with the target where left-out rows are predicted better for it. */
  readonly noise: 'auto' | 'constant';
  /** Other targets: `auto` learns from them where they help to predict left-out rows. */
  readonly companions: 'auto' | 'none';
  readonly maxIterations: number;
  /** Where the search for hyperparameters starts; null for the prior. */
  readonly start: GaussianProcessStart | null;
  /**
   * Different rows up to which predictions are averaged over draws of the hyperparameters: few rows leave them
   * uncertain, and one set of them is then too sure of itself.
   */
  readonly averagedRows: number;
  /** Draws to average over; 0 takes the most probable hyperparameters alone. */
  readonly hyperparameterDraws: number;
  /** Different rows up to which the likelihood is computed on all of them. */
  readonly likelihoodRows: number;
  /** Rows that stand for the others in the likelihood above that. */
  readonly subsetRows: number;
  /** Different rows up to which the process is conditioned on all of them. */
  readonly exactRows: number;
  /** Points through which it is conditioned above that. */
  readonly inducingPoints: number;
};

export const defaultGaussianProcessSpec: GaussianProcessSpec = {
  kernel: 'matern52',
  hasLinear: true,
  hasOutputScale: true,
  lengthscalePrior: 'gamma',
  criterion: 'likelihood',
  lengthscales: 'perInput',
  warp: 'auto',
  targetBounds: null,
  noiseColumn: null,
  noise: 'auto',
  companions: 'auto',
  maxIterations: 200,
  start: null,
  averagedRows: 200,
  hyperparameterDraws: 16,
  likelihoodRows: 1000,
  subsetRows: 800,
  exactRows: 4000,
  inducingPoints: 512,
};

/** @throws EngineError with code OPTION_INVALID that names the key and the values allowed. */
export function checkGaussianProcessSpec(spec: GaussianProcessSpec): void {
  const refuse = (key: keyof GaussianProcessSpec, expectation: string): never => {
    throw new EngineError('OPTION_INVALID', `${key} must be ${expectation}`, { field: key });
  };
  const choose = (
    key: 'criterion' | 'kernel' | 'lengthscalePrior' | 'lengthscales' | 'warp' | 'noise' | 'companions',
    allowed: readonly string[],
  ): void => {
    if (!allowed.includes(spec[key])) refuse(key, `one of ${allowed.join(', ')}`);
  };
  choose('kernel', ['auto', ...stationaryForms]);
  choose('lengthscalePrior', lengthscalePriors);
  choose('criterion', fitCriteria);
  choose('lengthscales', ['perInput', 'shared']);
  choose('warp', ['auto', ...targetWarpKinds]);
  choose('noise', ['auto', 'constant']);
  choose('companions', ['auto', 'none']);
  const { targetBounds } = spec;
  if (targetBounds !== null && !(targetBounds.lower < targetBounds.upper))
    refuse('targetBounds', 'a lower and a greater upper bound');
  if (spec.warp === 'logit' && targetBounds === null) refuse('targetBounds', 'given for the logit');
  const within = (
    key:
      | 'maxIterations'
      | 'averagedRows'
      | 'hyperparameterDraws'
      | 'likelihoodRows'
      | 'subsetRows'
      | 'exactRows'
      | 'inducingPoints',
    low: number,
    high: number,
  ): void => {
    if (!(Number.isInteger(spec[key]) && spec[key] >= low && spec[key] <= high))
      refuse(key, `a whole number from ${low} to ${high}`);
  };
  within('maxIterations', 0, 10_000);
  within('averagedRows', 0, 2000);
  within('hyperparameterDraws', 0, 100);
  within('likelihoodRows', 2, 5000);
  within('subsetRows', 2, 5000);
  within('exactRows', 2, 10_000);
  within('inducingPoints', 2, 4000);
}
