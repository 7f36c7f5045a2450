import { leadingColumns, type Matrix } from '../linalg/matrix.ts';
import type { Fingerprints } from '../table/molecules/moleculeSet.ts';
import type { StationaryForm } from './stationaryForm.ts';

/** (x - centre)'(x' - centre): functions that are straight lines. */
export type LinearTerm = {
  readonly kind: 'linear';
  /** [d] */
  readonly centre: Float64Array;
};

/** Similarity of two molecules, 1 for equal ones, by the counted environments of their atoms. */
export type TanimotoTerm = {
  readonly kind: 'tanimoto';
  /** Key of the input that holds the molecule. */
  readonly key: string;
  /** Feature that says which of `smiles` a row has; -1 for none. */
  readonly feature: number;
  /** Canonical, distinct. */
  readonly smiles: readonly string[];
  readonly fingerprints: Fingerprints;
};

/** Terms whose only hyperparameter is their scale, so that their Gram matrix is computed once a fit. */
export type FixedTerm = LinearTerm | TanimotoTerm;

/**
 * A covariance function as data, over features [d], and numbers of molecules behind them:
 *
 *     k(x, x') = outputScale form(r) + sum_t fixedScale_t b_t(x, x'),   r^2 = sum_j (x_j - x'_j)^2 / l_g(j)^2
 *
 * Only a term of its own looks at a number of a molecule; the rest of the kernel is made of the first d features.
 * Matrix may share a length scale: the 0/1 columns of one categorical input do, which makes their part of r^2 a
 * Hamming distance.
 */
export type Kernel = {
  readonly form: StationaryForm;
  /** Index of the length scale of each of the first d features [d], 0 .. lengthscaleCount - 1. */
  readonly lengthscaleOf: Int32Array;
  readonly lengthscaleCount: number;
  /** False fixes outputScale at 1. */
  readonly hasOutputScale: boolean;
  readonly fixed: readonly FixedTerm[];
};

/** Values of a kernel's hyperparameters. */
export interface KernelParameters {
  /** [lengthscaleCount] */
  readonly lengthscales: Float64Array;
  readonly outputScale: number;
  /** [number of fixed terms] */
  readonly fixedScales: Float64Array;
}

/** Number of free hyperparameters: length scales, output scale where there is one, fixed scales. */
export function kernelParameterCount(kernel: Kernel): number {
  return kernel.lengthscaleCount + (kernel.hasOutputScale ? 1 : 0) + kernel.fixed.length;
}

/** Reads the hyperparameters from their logarithms, in the order of `kernelParameterCount`. */
export function readKernelParameters(kernel: Kernel, logs: Float64Array): KernelParameters {
  const { lengthscaleCount, hasOutputScale, fixed } = kernel;
  const first = lengthscaleCount + (hasOutputScale ? 1 : 0);
  const lengthscales = new Float64Array(lengthscaleCount);
  const fixedScales = new Float64Array(fixed.length);
  // Loops, because this is a step of every likelihood and map with a callback took a tenth of a small one.
  for (let g = 0; g < lengthscaleCount; g++) lengthscales[g] = Math.exp(logs[g]!);
  for (let t = 0; t < fixed.length; t++) fixedScales[t] = Math.exp(logs[first + t]!);
  return {
    lengthscales,
    outputScale: hasOutputScale ? Math.exp(logs[lengthscaleCount]!) : 1,
    fixedScales,
  };
}

/** The features without the numbers of molecules behind them [n, d]. */
export function smoothFeatures({ lengthscaleOf }: Kernel, features: Matrix): Matrix {
  return leadingColumns(features, lengthscaleOf.length);
}
