/** Share of an input's range by which a cell may lie outside before it counts as extrapolation. */
const rangeMargin = 0.1;

/** Halves of the values, which do not overflow, between which a number is not far outside the range seen. */
export function farLimits({ min, max }: { readonly min: number; readonly max: number }): {
  readonly lowerHalf: number;
  readonly upperHalf: number;
} {
  const margin = rangeMargin * (max / 2 - min / 2);
  return { lowerHalf: min / 2 - margin, upperHalf: max / 2 + margin };
}
