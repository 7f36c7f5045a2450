import type { Forest } from './forest.ts';

/**
 * Weighted mean of q [n] over the rows of each leaf [l]. A leaf with fewer than `minRows` rows has that of the smallest
 * node above it with as many, or of its whole tree.
 *
 * @param leafOf leaf of each row in each tree of the forest, t arrays [n]
 * @param weights >= 0; rows without weight do not count [n]
 */
export function averageOverLeaves(
  forest: Forest,
  leafOf: readonly Int32Array[],
  q: Float64Array,
  weights: Float64Array,
  minRows: number,
): Float64Array {
  const { left, right, leafValue } = forest;
  const splitCount = left.length;
  const placeCount = splitCount + leafValue.length;
  const placeOf = (reference: number): number => (reference >= 0 ? reference : splitCount + ~reference);
  const rows = new Float64Array(placeCount);
  const weight = new Float64Array(placeCount);
  const sum = new Float64Array(placeCount);
  for (const leaves of leafOf)
    for (let i = 0; i < q.length; i++) {
      if (weights[i] === 0) continue;
      const place = splitCount + leaves[i]!;
      rows[place]!++;
      weight[place]! += weights[i]!;
      sum[place]! += weights[i]! * q[i]!;
    }
  // Children come after their split: upwards for the sums, downwards for what small leaves inherit.
  for (let split = splitCount - 1; split >= 0; split--)
    for (const child of [placeOf(left[split]!), placeOf(right[split]!)]) {
      rows[split]! += rows[child]!;
      weight[split]! += weight[child]!;
      sum[split]! += sum[child]!;
    }
  const mean = sum.map((total, place) => (weight[place]! > 0 ? total / weight[place]! : 0));
  for (let split = 0; split < splitCount; split++)
    for (const child of [placeOf(left[split]!), placeOf(right[split]!)])
      if (rows[child]! < minRows) mean[child] = mean[split]!;
  return mean.slice(splitCount);
}
