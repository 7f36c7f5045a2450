import type { TargetWarp } from '../transforms/targetWarp.ts';

/**
 * What a model says about the target at m rows: a distribution a row. Two spreads are always told apart: `model`
 * is what more experiments could reduce, `measurement` is what one new measurement would scatter (model and noise).
 * All numbers are in the unit of the target. Posteriors are plain data; the functions of this room work on any kind.
 */
export type NormalPosterior = {
  readonly kind: 'normal';
  /** [m] */
  readonly mean: Float64Array;
  /** Standard deviation of the noise-free property [m]; >= 0. */
  readonly modelSd: Float64Array;
  /** Standard deviation of a new measurement [m]; > 0 and >= modelSd. */
  readonly measurementSd: Float64Array;
};

/**
 * A posterior that is normal on a warped scale, z = warp(y): skewed, and within the domain of the warp. Its mean and
 * standard deviations in the unit of the target follow by quadrature.
 */
export type WarpedNormalPosterior = {
  readonly kind: 'warpedNormal';
  /** On the scale of z. */
  readonly latent: NormalPosterior;
  readonly warp: TargetWarp;
};

/** Normal on either side of its median, with a width of its own on each: what three quantiles say. */
export type SplitNormalPosterior = {
  readonly kind: 'splitNormal';
  /** [m] */
  readonly median: Float64Array;
  /** Standard deviation of a new measurement below the median, as if both sides had it [m]; > 0. */
  readonly lowerSd: Float64Array;
  /** The same above [m]; > 0. */
  readonly upperSd: Float64Array;
  /** Standard deviation of the noise-free property [m]; >= 0. */
  readonly modelSd: Float64Array;
};

/** A weighted mixture of posteriors over the same rows: ensembles, forests that keep their trees apart. */
export type MixturePosterior = {
  readonly kind: 'mixture';
  /** Positive, sums to 1 [k]. */
  readonly weights: Float64Array;
  /** [k], none of them empty, all over the same m rows. */
  readonly members: readonly Posterior[];
  /**
   * Calibration factor on the z-scores [m]: F(y) = Phi(Phi^-1(sum_k weights_k F_k(y)) / scale). Keeps every member's
   * support, and at 1 the mixture is the plain one.
   */
  readonly scale: Float64Array;
};

export type Posterior = NormalPosterior | WarpedNormalPosterior | SplitNormalPosterior | MixturePosterior;
