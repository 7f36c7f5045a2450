import { kernelParameterCount, type Kernel } from '../../kernels/kernel.ts';
import type { Generator } from '../../random/generator.ts';
import { priorRules, type LogNormalPrior, type Prior } from './prior.ts';

/** Which prior the length scales have; both suit features in [0, 1] and a target of unit variance. */
export const lengthscalePriors = ['gamma', 'logNormal'] as const;
export type LengthscalePrior = (typeof lengthscalePriors)[number];

/**
 * The hyperparameters of a fit as logarithms, in one order everywhere: length scales, output scale where there is
 * one, scales of the fixed terms, noise variance where it is learnt, and by how much its logarithm rises with the target
 * where that is learnt too.
 */
export interface HyperparameterSpace {
  readonly kernel: Kernel;
  readonly priors: readonly Prior[];
  /** Bounds of the logarithms. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

const lengthscaleBounds = [0.025, 1e3] as const;
/** Wide enough never to matter: the priors hold the scales. */
const scaleBounds = [1e-6, 1e4] as const;
/** A noise variance below 1e-4 of the target's variance cannot be told from none, and ruins the conditioning. */
export const noiseBounds = [1e-4, 4] as const;

/**
 * Prior of the length scales for d of them. `gamma`: Gamma(3, 9.76 / sqrt d), mode 0.205 sqrt d, the default of BayBE
 * 0.14. `logNormal`: log l ~ N(sqrt 2 + log(d) / 2, 3), with the same mode and a heavier tail (Hvarfner, Hellsten &
 * Nardi 2024, the default of BoTorch).
 */
const lengthscalePrior: Readonly<Record<LengthscalePrior, (d: number) => Prior>> = {
  gamma: (d) => ({ kind: 'gamma', shape: 3, rate: 2 / (Math.exp(Math.SQRT2 - 3) * Math.sqrt(d)) }),
  logNormal: (d) => ({
    kind: 'logNormal',
    logMode: Math.SQRT2 + 0.5 * Math.log(d) - 3,
    sd: Math.sqrt(3),
  }),
};

const outputScalePrior: Prior = { kind: 'logNormal', logMode: -0.5, sd: 1 };
const fixedScalePrior: Prior = { kind: 'logNormal', logMode: -1, sd: 1.5 };
/** Mode e^-5: a noise of 8 % of the target's standard deviation. */
export const noisePrior: Prior = { kind: 'gamma', shape: 2, rate: Math.exp(5) };

/** Rise of the noise's logarithm over a standard deviation of the target: rather none. */
const trendPrior: Prior = { kind: 'logNormal', logMode: 0, sd: 0.5 };
const trendBounds = [Math.exp(-2), Math.exp(2)] as const;

/**
 * @param noise `known`: not learnt; null: learnt under the usual prior; else learnt under this one, from replicates
 */
export function hyperparameterSpace(
  kernel: Kernel,
  lengthscales: LengthscalePrior,
  noise: LogNormalPrior | 'known' | null,
  hasTrend = false,
): HyperparameterSpace {
  const priors: Prior[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  const add = (prior: Prior, [low, high]: readonly [number, number]): void => {
    priors.push(prior);
    lower.push(Math.log(low));
    upper.push(Math.log(high));
  };
  const prior = lengthscalePrior[lengthscales](kernel.lengthscaleCount);
  for (let g = 0; g < kernel.lengthscaleCount; g++) add(prior, lengthscaleBounds);
  if (kernel.hasOutputScale) add(outputScalePrior, scaleBounds);
  for (let t = 0; t < kernel.fixed.length; t++) add(fixedScalePrior, scaleBounds);
  if (noise !== 'known') add(noise ?? noisePrior, noiseBounds);
  if (hasTrend) add(trendPrior, trendBounds);
  return { kernel, priors, lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
}

/** The mode of the prior: the first start of a fit. */
export function priorMode({ priors }: HyperparameterSpace): Float64Array {
  return Float64Array.from(priors, (prior) => priorRules(prior).logMode(prior));
}

/** A draw from the prior. */
export function drawFromPrior({ priors }: HyperparameterSpace, generator: Generator): Float64Array {
  return Float64Array.from(priors, (prior) => priorRules(prior).draw(prior, generator));
}

/** Index of the noise variance among the logarithms; null where the noise is known. */
export function noiseIndex({ kernel, priors }: HyperparameterSpace): number | null {
  const count = kernelParameterCount(kernel);
  return priors.length > count ? count : null;
}

/** How much the noise's logarithm rises with the target; 0 where that is not learnt. */
export function trendOf({ kernel, priors }: HyperparameterSpace, logs: Float64Array): number {
  const count = kernelParameterCount(kernel);
  return priors.length > count + 1 ? logs[count + 1]! : 0;
}
