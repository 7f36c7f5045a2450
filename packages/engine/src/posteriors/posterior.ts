/**
 * What a model says about the target at m rows: a distribution a row. Two spreads are always told apart: `model`
 * is what more experiments could reduce, `measurement` is what one new measurement would scatter (model and noise).
 * All numbers are in the unit of the target.
 */
export interface NormalPosterior {
  readonly kind: 'normal';
  /** [m] */
  readonly mean: Float64Array;
  /** Standard deviation of the noise-free property [m]; >= 0. */
  readonly modelSd: Float64Array;
  /** Standard deviation of a new measurement [m]; > 0 and >= modelSd. */
  readonly measurementSd: Float64Array;
}

/** A weighted mixture of posteriors over the same rows: ensembles, forests that keep their trees apart. */
export interface MixturePosterior {
  readonly kind: 'mixture';
  /** Positive, sums to 1 [k]. */
  readonly weights: Float64Array;
  /** [k], none of them empty, all over the same m rows. */
  readonly members: readonly Posterior[];
}

export type Posterior = NormalPosterior | MixturePosterior;
