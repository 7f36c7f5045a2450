/**
 * Spearman's rank correlation of the rows where both have a number; ties share their mean rank. Null for fewer than
 * three such rows or a constant column.
 */
export function rankCorrelation(a: readonly (number | null)[], b: readonly (number | null)[]): number | null {
  const rows = a.flatMap((value, i) => (isNumber(value) && isNumber(b[i]) ? [i] : []));
  if (rows.length < 3) return null;
  const x = ranksOf(rows.map((i) => a[i]!));
  const y = ranksOf(rows.map((i) => b[i]!));
  const center = (rows.length - 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    const [u, v] = [x[i]! - center, y[i]! - center];
    xx += u * u;
    yy += v * v;
    xy += u * v;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/** Rank of each value from 0, ties at their mean. */
function ranksOf(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let k = start; k <= end; k++) ranks[order[k]!] = (start + end) / 2;
    start = end + 1;
  }
  return ranks;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
