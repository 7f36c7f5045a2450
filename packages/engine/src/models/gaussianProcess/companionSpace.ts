import { kernelParameterCount, type Kernel } from '../../kernels/kernel.ts';
import type { CompanionRows } from './companionRows.ts';
import {
  hyperparameterSpace,
  noiseBounds,
  noisePrior,
  type LengthscalePrior,
} from './hyperparameterSpace.ts';
import type { Prior } from './prior.ts';

/**
 * The hyperparameters of a fit with companions as logarithms: those of the kernel, the noise variance of the target,
 * then for each companion its factor (without its sign), the scale of the part of its own, and its noise variance.
 */
export interface CompanionSpace {
  readonly kernel: Kernel;
  readonly priors: readonly Prior[];
  /** Bounds of the logarithms. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Values of the hyperparameters beyond those of the kernel. */
export interface CompanionParameters {
  /** What a source is times the target; 1 for the target itself [1 + companion count]. */
  readonly factors: Float64Array;
  /** [companion count] */
  readonly ownScales: Float64Array;
  /** On the scale of each source [1 + companion count]. */
  readonly noiseVariances: Float64Array;
}

/** Both are standardised: a companion with a part of its own is a little less than the target in the rest. */
const factorPrior: Prior = { kind: 'logNormal', logMode: Math.log(0.8), sd: 0.5 };
const factorBounds = [0.05, 5] as const;
/** A scale of 1/2 is a correlation of 0.82, one of 3 of 0.5. */
const ownPrior: Prior = { kind: 'logNormal', logMode: Math.log(0.5), sd: 1.5 };
const ownBounds = [1e-3, 1e2] as const;

export function companionSpace(
  kernel: Kernel,
  lengthscales: LengthscalePrior,
  { noisePriors: [targetNoise, ...others] }: CompanionRows,
): CompanionSpace {
  const space = hyperparameterSpace(kernel, lengthscales, targetNoise ?? null);
  const own = others.flatMap((prior) => [factorPrior, ownPrior, prior ?? noisePrior]);
  const bounds = others.flatMap(() => [factorBounds, ownBounds, noiseBounds]);
  return {
    kernel,
    priors: [...space.priors, ...own],
    lower: Float64Array.from([...space.lower, ...bounds.map(([low]) => Math.log(low))]),
    upper: Float64Array.from([...space.upper, ...bounds.map(([, high]) => Math.log(high))]),
  };
}

/** @param signs of the factors [1 + companion count] */
export function readCompanionParameters(
  kernel: Kernel,
  logs: Float64Array,
  signs: readonly number[],
): CompanionParameters {
  const first = kernelParameterCount(kernel);
  const at = (t: number): number => first + 3 * t - 2;
  return {
    factors: Float64Array.from(signs, (sign, t) => (t === 0 ? 1 : sign * Math.exp(logs[at(t)]!))),
    ownScales: Float64Array.from(signs.slice(1), (_, a) => Math.exp(logs[at(a + 1) + 1]!)),
    noiseVariances: Float64Array.from(signs, (_, t) => Math.exp(logs[t === 0 ? first : at(t) + 2]!)),
  };
}
