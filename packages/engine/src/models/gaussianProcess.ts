import type { Warning } from '@athanor/schema';
import { routines } from '../linalg/routines.ts';
import { listNames } from '../listNames.ts';
import type { NormalPosterior, Posterior } from '../posteriors/posterior.ts';
import { smoothFeatures } from '../kernels/kernel.ts';
import { takeMatrixRows } from '../linalg/matrix.ts';
import { fitInputEncoder } from '../transforms/inputEncoder.ts';
import { fitTargetWarp, type TargetWarp } from '../transforms/targetWarp.ts';
import { buildKernel, lengthscaleKeys } from './gaussianProcess/buildKernel.ts';
import { checkFittedProcess } from './gaussianProcess/checkFittedProcess.ts';
import { chooseFarthestPoints } from './gaussianProcess/chooseFarthestPoints.ts';
import { chooseKernel } from './gaussianProcess/chooseKernel.ts';
import { conditionProcess } from './gaussianProcess/conditionProcess.ts';
import { encodeForProcess, encodeTrainingRows } from './gaussianProcess/encodeForProcess.ts';
import type { FittedGaussianProcess, NoiseTrend } from './gaussianProcess/fittedGaussianProcess.ts';
import type { ProcessData, WarpedProcess } from './gaussianProcess/fitWarpedProcess.ts';
import { trendOf } from './gaussianProcess/hyperparameterSpace.ts';
import {
  checkGaussianProcessSpec,
  defaultGaussianProcessSpec,
  type GaussianProcessSpec,
} from './gaussianProcess/gaussianProcessSpec.ts';
import { noiseVarianceOf } from './gaussianProcess/gaussianProcessState.ts';
import { drawTargets } from './gaussianProcess/drawTargets.ts';
import { thinProcess } from './gaussianProcess/thinProcess.ts';
import { learnWithCompanions } from './gaussianProcess/learnWithCompanions.ts';
import { fitNoiseTrend } from './gaussianProcess/fitNoiseTrend.ts';
import { groupReplicates } from './gaussianProcess/groupReplicates.ts';
import { knownNoiseAt, splitKnownNoise } from './gaussianProcess/knownNoise.ts';
import { predictCandidates } from './gaussianProcess/predictCandidates.ts';
import { predictLatent } from './gaussianProcess/predictLatent.ts';
import { predictWithinReach } from './gaussianProcess/predictWithinReach.ts';
import { processInGraph } from './gaussianProcess/processInGraph.ts';
import { startLogs } from './gaussianProcess/startLogs.ts';
import { startOf } from './gaussianProcess/startOf.ts';
import { unwarpPosterior } from './gaussianProcess/unwarpPosterior.ts';
import type { Inputs } from './inputs.ts';
import type { Model } from './model.ts';
import { screenInputs } from './screenInputs.ts';

/** Iterations of a fit that starts from the optimum of nearly the same rows. */
const warmIterations = 60;
/** Noise variance of a target that never changes: a millionth of a standard deviation. */
const leastNoiseVariance = 1e-12;
/** Rows up to which the automatic portfolio has the variants as well. */
const maxVariantRows = 200;
/**
 * Rows up to which the total of the amounts and square roots of shares help: the total tells formulations apart by name
 * beyond (decision 0010), and enough rows show by themselves where small shares matter (decision 0029).
 */
const maxHelpedRows = 200;

/**
 * Gaussian process regression with hyperparameters of maximum posterior density (Rasmussen & Williams 2006): a
 * Matern-5/2 kernel with one length scale an input plus a linear kernel and, for molecules, the similarity of their atom
 * environments; a constant mean, replicates collapsed, and the transform of the target that predicts left-out
 * measurements best.
 */
export const gaussianProcessModel: Model<GaussianProcessSpec, FittedGaussianProcess> = {
  kind: 'gaussianProcess',
  family: 'gaussianProcess',
  title: 'Gaussian process',
  simplicity: 4,
  defaultSpec: defaultGaussianProcessSpec,
  isOffered: () => true,
  // What to believe of a function matters while there are few rows, and fits are cheap there (decision 0011).
  variants: [
    {
      title: 'Smooth Gaussian process',
      changes: { kernel: 'rbf' },
      isOffered: (rowCount) => rowCount <= maxVariantRows,
    },
    {
      title: 'Stationary Gaussian process',
      changes: { hasLinear: false, hasOutputScale: false },
      isOffered: (rowCount) => rowCount <= maxVariantRows,
    },
  ],
  estimateFitSeconds,
  estimateFitBytes,
  checkSpec: checkGaussianProcessSpec,

  fit(given, spec, generator) {
    const { inputs, y } = given;
    const warnings: Warning[] = [];
    const { conditions: all, noiseSd } = splitKnownNoise(inputs, spec.noiseColumn);
    const conditions = screenInputs(all, y, generator.split('screening'));
    const isHelped = y.length <= maxHelpedRows;
    const encoding = { missing: 'impute', hasTotal: isHelped, hasRoots: isHelped } as const;
    const encoder = fitInputEncoder(conditions, encoding);
    const { X, similarities } = encodeTrainingRows(encoder, conditions);
    const kernel = buildKernel(encoder, X, similarities, spec);
    const replicates = groupReplicates(X, y);
    const give = (warp: TargetWarp, state: FittedGaussianProcess['state']) => ({
      fitted: {
        encoder,
        noiseColumn: spec.noiseColumn,
        noiseTrend: null,
        warp,
        rowCount: y.length,
        rowOf: replicates.groupOf,
        companions: [],
        state,
      },
      warnings,
    });
    const isConstant = y.every((value) => value === y[0]);
    if (isConstant || kernel.lengthscaleCount === 0 || replicates.members.length < 2) {
      warnings.push({
        code: 'nothing_to_learn',
        message: isConstant
          ? 'All values of the target are equal; the model predicts that value.'
          : 'All rows have the same inputs; the model predicts the mean of the target.',
      });
      return give(fitTargetWarp({ kind: 'identity' }, y), {
        kind: 'constant',
        noiseVariance: isConstant ? leastNoiseVariance : 1,
      });
    }

    const rowCount = replicates.members.length;
    const data: ProcessData = {
      X,
      y,
      kernel,
      replicates,
      subset:
        rowCount <= spec.likelihoodRows
          ? null
          : chooseFarthestPoints(
              smoothFeatures(kernel, takeMatrixRows(X, replicates.representatives)),
              spec.subsetRows,
            ),
      noiseSd,
      spec,
    };
    const start =
      spec.start === null ? null : startLogs(spec.start, kernel, lengthscaleKeys(encoder), noiseSd === null);
    const plain = chooseKernel(routines(), data, start, generator);
    const together =
      plain === null
        ? null
        : learnWithCompanions(
            routines(),
            { ...given, inputs: conditions },
            plain,
            data,
            encoder,
            encoding,
            generator,
          );
    if (plain !== null && together !== null) {
      const { state, rowOf, companions, gain } = together;
      const percent = Math.round(100 * gain);
      warnings.push({
        code: 'companions_used',
        message:
          `Learnt along with ${listNames(companions.map(({ key }) => key))}, measured in rows that lack this target: ` +
          `left-out measurements are predicted with a CRPS ${percent} % lower.`,
      });
      const alone = give(plain.warp, state);
      return { ...alone, fitted: { ...alone.fitted, encoder: together.encoder, rowOf, companions } };
    }
    const process = plain === null ? null : fitNoiseTrend(routines(), data, plain, generator);
    const conditioned = process === null ? null : conditionProcess(routines(), process, spec, generator);
    if (process === null || conditioned === null) {
      warnings.push({
        code: 'covariance_singular',
        message: 'The covariance of the rows cannot be factored; the model predicts the mean of the target.',
      });
      return give(fitTargetWarp({ kind: 'identity' }, y), { kind: 'constant', noiseVariance: 1 });
    }
    if (conditioned.jitter > 0) {
      warnings.push({
        code: 'jitter_added',
        message: `Rows are so alike that a variance of ${conditioned.jitter} was added to each against rounding.`,
      });
    }
    if (process.fit.result.reason === 'iterationLimit') {
      warnings.push({
        code: 'fit_not_converged',
        message: `The search for hyperparameters stopped after ${spec.maxIterations} iterations.`,
      });
    }
    const learnt = give(process.warp, conditioned.state);
    return { ...learnt, fitted: { ...learnt.fitted, noiseTrend: noiseTrendOf(process) } };
  },

  predict: (fitted, inputs) => predictBy(predictLatent, fitted, inputs),

  predictCandidates: (fitted, inputs) => predictBy(predictCandidates, fitted, inputs),

  predictInGraph: (fitted, graph, inputs) => processInGraph(routines(), graph, fitted, inputs),

  warmStart(spec, { encoder, state, companions, noiseTrend }) {
    if (state.kind === 'constant') return spec;
    const found = companions.map(({ key, factor, ownScale, noiseVariance }) => [
      key,
      { factor: Math.abs(factor), ownScale, noiseVariance },
    ]);
    return {
      ...spec,
      kernel: state.kernel.form,
      // What does not help on all rows is not tried on fewer.
      companions: companions.length === 0 ? 'none' : spec.companions,
      noise: noiseTrend === null ? 'constant' : spec.noise,
      maxIterations: Math.min(spec.maxIterations, warmIterations),
      start: {
        ...startOf(encoder, state.kernel, state.logs, noiseVarianceOf(state)),
        companions: companions.length === 0 ? null : Object.fromEntries(found),
      },
    };
  },

  check: checkFittedProcess,
  drawJointly: (fitted, inputs, count, generator) =>
    drawTargets(routines(), fitted, inputs, count, generator),
  thin: thinProcess,
};

/** What was found of the noise, over the range of the target in the rows. */
function noiseTrendOf({ level, space, fit }: WarpedProcess): NoiseTrend | null {
  if (level === null) return null;
  const least = level.reduce((a, b) => Math.min(a, b));
  const greatest = level.reduce((a, b) => Math.max(a, b));
  return { slope: trendOf(space, fit.logs), least, greatest };
}

/** Three square matrices for the likelihood; beyond its rows one for the covariance and its packed factor. */
function estimateFitBytes(n: number): number {
  const { likelihoodRows, subsetRows, exactRows, inducingPoints } = defaultGaussianProcessSpec;
  if (n <= likelihoodRows) return 8 * 3 * n ** 2;
  const conditioning = n <= exactRows ? 1.5 * n ** 2 : 3 * inducingPoints ** 2 + 2 * inducingPoints * n;
  return 8 * Math.max(3 * subsetRows ** 2, conditioning);
}

function predictBy(predict: typeof predictLatent, fitted: FittedGaussianProcess, inputs: Inputs): Posterior {
  const { warp, rowCount } = fitted;
  const { X, state } = encodeForProcess(fitted, inputs);
  const isProcess = state.kind === 'process';
  const { mean, variance } = isProcess
    ? predictWithinReach(routines(), state, X, predict)
    : {
        mean: new Float64Array(X.rowCount),
        variance: new Float64Array(X.rowCount).fill(state.noiseVariance / rowCount),
      };
  const noise = knownNoiseAt(fitted, inputs, mean, isProcess ? noiseVarianceOf(state) : state.noiseVariance);
  const latent: NormalPosterior = {
    kind: 'normal',
    mean,
    modelSd: variance.map(Math.sqrt),
    measurementSd: variance.map((value, i) => Math.sqrt(value + noise[i]!)),
  };
  return unwarpPosterior(latent, warp);
}

/** Measured on two shared cores: 0.1 s at 100 rows, 0.3 s at 200, 4 s at 1000, 3.4 s at 4000, 5.6 s at 10 000. */
function estimateFitSeconds(n: number, d: number): number {
  const { likelihoodRows, subsetRows, exactRows } = defaultGaussianProcessSpec;
  const rows = n <= likelihoodRows ? n : subsetRows;
  const search = 0.02 + 5e-4 * rows + 3e-9 * rows ** 3 * (1 + d / 40);
  if (n <= likelihoodRows) return search;
  return search + (n <= exactRows ? 2.5e-11 * n ** 3 : 4e-4 * n);
}
