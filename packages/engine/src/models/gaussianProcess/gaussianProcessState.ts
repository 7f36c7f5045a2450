import type { Kernel } from '../../kernels/kernel.ts';
import type { RowSources } from '../../kernels/rowSources.ts';
import type { PackedTriangle, PlainMatrix } from './packedTriangle.ts';

/** Conditioned on all rows. The Cholesky factor of Ky is made again from the rows when it is needed. */
export type ExactMember = {
  readonly kind: 'exact';
  /** Logarithms of the kernel's hyperparameters. */
  readonly logs: Float64Array;
  /** Variance of one measurement; the usual one where the user knows it row by row. */
  readonly noiseVariance: number;
  /** Constant mean of the standardised target. */
  readonly mean: number;
  /** Ky^-1 (z - mean): the posterior mean at x is mean + k(x, rows) alpha [m]. */
  readonly alpha: Float64Array;
  /** Variance of each row's mean, with the jitter [m]; a companion's as if it measured the target. */
  readonly noise: Float64Array;
  /** Variance of the part of its own of each companion, as a share of the kernel [companion count]. */
  readonly ownScales: Float64Array;
};

/**
 * Conditioned through k inducing points (Titsias 2009), with K = L L' over the points, A = L^-1 K(points, rows) S^-1/2,
 * S the noise of the rows, and I + A A' = R R'.
 */
export type InducingMember = {
  readonly kind: 'inducing';
  readonly logs: Float64Array;
  readonly noiseVariance: number;
  readonly mean: number;
  /** L^-T R^-T R^-1 A S^-1/2 (z - mean): the posterior mean at x is mean + k(x, points) alpha [k]. */
  readonly alpha: Float64Array;
  /** L and R. */
  readonly priorFactor: PackedTriangle;
  readonly posteriorFactor: PackedTriangle;
};

export type ProcessMember = ExactMember | InducingMember;

/**
 * A Gaussian process over features given data, on the scale of the standardised target: the equal mixture of its
 * members, which are one for the most probable hyperparameters, or several for draws of their posterior. Plain data.
 */
export type GaussianProcessState = {
  readonly kind: 'process';
  readonly kernel: Kernel;
  /** Logarithms of the kernel's most probable hyperparameters. */
  readonly logs: Float64Array;
  /** Rows conditioned on, or the inducing points [m, d]. */
  readonly features: PlainMatrix;
  /** Standardised target of the rows, mean over replicates [m]; empty with inducing points. */
  readonly z: Float64Array;
  /** Which rows measure companions of the target, each standardised on its own; null where all measure the target. */
  readonly sources: RowSources | null;
  /** At least one, all of one kind. */
  readonly members: readonly ProcessMember[];
};

/** Where there was nothing to learn: the mean of the standardised target, 0, and its spread. */
export type ConstantState = {
  readonly kind: 'constant';
  /** Variance of one measurement around the mean. */
  readonly noiseVariance: number;
};

/** Variance of a new measurement at given features, averaged over the members. */
export function noiseVarianceOf(state: GaussianProcessState): number {
  return state.members.reduce((sum, member) => sum + member.noiseVariance, 0) / state.members.length;
}
