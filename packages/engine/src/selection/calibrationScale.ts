/**
 * Rows' worth of belief in the spread that a model states. Over models and tables the factor that new rows ask for lies
 * within a fifth to a quarter of what is expected, and that of n held-out errors scatters by about 1 / sqrt(n): of 10 to
 * 100 rows' worth, 20 to 60 come nearest to new rows (decision 0035).
 */
const priorRows = 30;

/**
 * Factor on a model's standard deviation that makes its z-scores of held-out rows have unit variance, drawn towards the
 * expected one while there are few rows: sqrt((sum z^2 + 30 expected^2) / (n + 30)).
 *
 * @param expected before any row was held out; 1 for a model that states its spread as it sees it
 */
export function calibrationScale(sumOfSquares: number, rowCount: number, expected = 1): number {
  return Math.sqrt((sumOfSquares + priorRows * expected * expected) / (rowCount + priorRows));
}
