import type { Kernel } from '../../kernels/kernel.ts';
import type { ExactConditioning } from './exactConditioning.ts';
import type { InducingConditioning } from './inducingConditioning.ts';

/** What a process with nothing to learn from says everywhere: the mean of the target and its spread. */
export type NoConditioning = {
  readonly kind: 'none';
  /** Constant mean of the standardised target. */
  readonly mean: number;
  /** Variance of that mean. */
  readonly meanVariance: number;
};

export type Conditioning = ExactConditioning | InducingConditioning | NoConditioning;

/** A Gaussian process over features given data, on the scale of the standardised target. Plain data. */
export type GaussianProcessState = {
  readonly kernel: Kernel;
  /** Logarithms of the kernel's hyperparameters. */
  readonly logs: Float64Array;
  /** Variance of one measurement at given features; the usual one where the user knows it row by row. */
  readonly noiseVariance: number;
  readonly conditioning: Conditioning;
};
