/** Rows' worth of belief that a model's own spread is right. */
const priorRows = 10;
/**
 * Factor on a model's standard deviation that makes its z-scores of held-out rows have unit variance:
 * sqrt((sum z^2 + 10) / (n + 10)), drawn towards 1 while there are few rows.
 */
export function calibrationScale(sumOfSquares: number, rowCount: number): number {
  return Math.sqrt((sumOfSquares + priorRows) / (rowCount + priorRows));
}
