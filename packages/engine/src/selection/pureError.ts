import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';

/** Fewer spare repeats than this say too little. */
const minSpareRepeats = 3;
/** Median of |a - b| for two independent standard normal variables: sqrt(2) Phi^-1(3/4). */
const medianOfDifference = 0.9538725524;

/**
 * Standard deviation of repeated measurements, from the differences of y [n] between rows of equal inputs; null with
 * fewer than three spare repeats. Rows that are copies of an earlier one count once: a line pasted twice repeats no
 * experiment.
 *
 * The median difference is taken, each formulation weighing as much as it has spare repeats, because one botched
 * repeat would otherwise set the noise of all. Where most repeats agree to the last digit, as rounded readings do, the
 * median says nothing and the pooled standard deviation is taken.
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
  const differences: { size: number; weight: number }[] = [];
  let spare = 0;
  for (const values of repeats.values()) {
    spare += values.length - 1;
    for (let i = 0; i < values.length; i++)
      for (let j = 0; j < i; j++)
        differences.push({ size: Math.abs(values[i]! - values[j]!), weight: 2 / values.length });
  }
  if (spare < minSpareRepeats) return null;
  const median = weightedMedian(differences);
  if (median > 0) return (median / medianOfDifference) * unit;
  const squares = differences.reduce((sum, { size, weight }) => sum + (weight / 2) * size * size, 0);
  return Math.sqrt(squares / spare) * unit;
}

function weightedMedian(items: { size: number; weight: number }[]): number {
  items.sort((a, b) => a.size - b.size);
  let left = items.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const { size, weight } of items) {
    left -= weight;
    if (left <= 0) return size;
  }
  return items.at(-1)!.size;
}
