import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';
import type { Generator } from '../random/generator.ts';

/**
 * A fold 0 .. foldCount-1 for each row [n], whole groups together, stratified by the target: groups are sorted by their
 * mean of y [n] and dealt in blocks of one a fold, each block in random order.
 *
 * @param groups 0 .. groupCount-1, each of them somewhere [n]
 */
export function stratifiedFolds(
  y: Float64Array,
  groups: Int32Array,
  groupCount: number,
  foldCount: number,
  generator: Generator,
): Int32Array {
  const means = groupMeans(y, groups, groupCount);
  const order = Int32Array.from(means.keys()).sort((a, b) => means[a]! - means[b]! || a - b);
  const foldOfGroup = new Int32Array(groupCount);
  for (let start = 0; start < groupCount; start += foldCount) {
    const deal = generator.shuffle(Int32Array.from({ length: foldCount }, (_, fold) => fold));
    for (let k = 0; k < foldCount && start + k < groupCount; k++) foldOfGroup[order[start + k]!] = deal[k]!;
  }
  return groups.map((group) => foldOfGroup[group]!);
}

/** Mean of y in each group, over a power of two; summed in order of size so that the order of rows has no effect. */
function groupMeans(y: Float64Array, groups: Int32Array, groupCount: number): Float64Array {
  const magnitude = powerOfTwoAbove(y);
  const sums = new Float64Array(groupCount);
  const counts = new Int32Array(groupCount);
  const order = Int32Array.from(y.keys()).sort((a, b) => y[a]! - y[b]!);
  for (const i of order) {
    sums[groups[i]!]! += y[i]! / magnitude;
    counts[groups[i]!]!++;
  }
  return sums.map((sum, group) => sum / counts[group]!);
}
