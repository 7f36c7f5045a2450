import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';

/** Fewer spare repeats than this say too little. */
const minSpareRepeats = 3;

/**
 * Standard deviation of repeated measurements, from the scatter of y [n] within rows of equal inputs; null with fewer
 * than three spare repeats. Rows that are copies of an earlier one count once: a line pasted twice repeats no
 * experiment.
 *
 * @param formulations a text a row, equal for equal inputs [n]
 * @param rows a text a row, equal for rows equal in every column of the table [n]
 */
export function pureError(
  formulations: readonly string[],
  rows: readonly string[],
  y: Float64Array,
): number | null {
  const unit = powerOfTwoAbove(y);
  const seen = new Set<string>();
  const repeats = new Map<string, number[]>();
  formulations.forEach((formulation, i) => {
    if (seen.has(rows[i]!)) return;
    seen.add(rows[i]!);
    const values = repeats.get(formulation);
    if (values === undefined) repeats.set(formulation, [y[i]! / unit]);
    else values.push(y[i]! / unit);
  });
  let squares = 0;
  let spare = 0;
  for (const values of repeats.values()) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const value of values) squares += (value - mean) ** 2;
    spare += values.length - 1;
  }
  return spare < minSpareRepeats ? null : Math.sqrt(squares / spare) * unit;
}
