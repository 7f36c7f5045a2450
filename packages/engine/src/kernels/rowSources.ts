/**
 * Which rows measure the target and which a companion of it. A companion is taken for the target times a factor, plus
 * a part of its own with the same kernel: intrinsic coregionalisation (Bonilla, Chai & Williams 2007) seen from one
 * target. Divided by the factor, its rows have the covariance of the kernel with the target's rows and with other
 * companions, and 1 + v times it among themselves, v the scale of the part of its own.
 */
export type RowSources = {
  /** Rows of the target, which come first. */
  readonly targetRows: number;
  /** Rows of each companion, in this order behind them [companion count]. */
  readonly companionRows: Int32Array;
};

/** The rows of companion `a`: from `start` up to, not including, `end`. */
export function rowsOfCompanion(
  { targetRows, companionRows }: RowSources,
  a: number,
): { readonly start: number; readonly end: number } {
  let start = targetRows;
  for (let k = 0; k < a; k++) start += companionRows[k]!;
  return { start, end: start + companionRows[a]! };
}
