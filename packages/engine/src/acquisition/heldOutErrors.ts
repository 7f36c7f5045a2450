/** How a model did on rows it had not seen, one a row; NaN throughout where a row was never held out [n]. */
export interface HeldOutErrors {
  /** What was measured. */
  readonly y: Float64Array;
  /** Calibrated standard deviation that was predicted for the measurement. */
  readonly sd: Float64Array;
  /** Calibrated z-score of the measurement. */
  readonly z: Float64Array;
}
