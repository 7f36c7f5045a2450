import type { Features } from '../../kernels/features.ts';

/**
 * What a Gaussian process is fitted to: m rows with different features, each the mean of r_i measurements. Repeated
 * measurements are collapsed without loss (Binois, Gramacy & Ludkovski 2018, section 2): the likelihood of all N
 * measurements is that of the m means with noise sn2 / r_i, times a factor of sn2 and the scatter alone.
 */
export interface TrainingRows {
  /** [m, d] */
  readonly features: Features;
  /** Mean of the standardised target [m]. */
  readonly z: Float64Array;
  /** Measurements of each row, r_i [m]. */
  readonly counts: Float64Array;
  /** N */
  readonly measurementCount: number;
  /** Sum of squared deviations from the means. */
  readonly scatter: number;
  /** Variance of each row's mean where the user knows it [m]; null when the noise is learnt. */
  readonly knownNoise: Float64Array | null;
}

/** Rows that were measured once each. */
export function singleRows(features: Features, z: Float64Array): TrainingRows {
  return {
    features,
    z,
    counts: new Float64Array(z.length).fill(1),
    measurementCount: z.length,
    scatter: 0,
    knownNoise: null,
  };
}
