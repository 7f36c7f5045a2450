/** Rank correlation (Spearman) of two lists [n], ties with their mean rank; null when either is constant. */
export function spearman(a: Float64Array, b: Float64Array): number | null {
  const ranksA = ranksOf(a);
  const ranksB = ranksOf(b);
  const middle = (a.length + 1) / 2;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    aa += (ranksA[i]! - middle) ** 2;
    bb += (ranksB[i]! - middle) ** 2;
    ab += (ranksA[i]! - middle) * (ranksB[i]! - middle);
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

/** Ranks 1 .. n, equal values sharing the mean of theirs [n]. */
export function ranksOf(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((i, j) => values[i]! - values[j]! || i - j);
  const ranks = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = (start + 1 + end) / 2;
  }
  return ranks;
}
