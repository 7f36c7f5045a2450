/**
 * Correlation of standardised errors of several targets [k * k], from pairs of rows where both are known, shrunk towards
 * independence by Ledoit & Wolf's rule with at least a tenth, so that it stays positive definite with few rows.
 *
 * @param z errors in standard deviations, NaN where unknown [target][row]
 */
export function residualCorrelation(z: readonly Float64Array[]): Float64Array {
  const k = z.length;
  const R = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    R[a * k + a] = 1;
    for (let b = 0; b < a; b++) R[a * k + b] = R[b * k + a] = shrunkCorrelation(z[a]!, z[b]!);
  }
  return R;
}

/** Fewer common rows than this say nothing. */
const minRows = 8;
const minShrinkage = 0.1;

function shrunkCorrelation(a: Float64Array, b: Float64Array): number {
  const rows: number[] = [];
  a.forEach((value, i) => {
    if (!Number.isNaN(value) && !Number.isNaN(b[i]!)) rows.push(i);
  });
  const n = rows.length;
  if (n < minRows) return 0;
  const standardize = (values: Float64Array): number[] => {
    const mean = rows.reduce((sum, i) => sum + values[i]! / n, 0);
    const sd = Math.sqrt(rows.reduce((sum, i) => sum + (values[i]! - mean) ** 2 / n, 0));
    return rows.map((i) => (sd > 0 ? (values[i]! - mean) / sd : 0));
  };
  const x = standardize(a);
  const y = standardize(b);
  const products = x.map((value, i) => value * y[i]!);
  const r = products.reduce((sum, product) => sum + product / n, 0);
  if (r === 0) return 0;
  // Ledoit & Wolf 2004: sampling variance of the correlation over its square.
  const variance = products.reduce((sum, product) => sum + (product - r) ** 2 / n, 0) / n;
  const shrinkage = Math.min(1, Math.max(minShrinkage, variance / (r * r)));
  return (1 - shrinkage) * r;
}
