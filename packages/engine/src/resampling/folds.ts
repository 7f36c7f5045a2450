import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';
import type { Generator } from '../random/generator.ts';

/** Which rows are held out together: folds 0 .. K-1 of each row [n], -1 where it is never held out; one array a repeat. */
export interface Folds {
  /** Largest number of folds of a repeat. */
  readonly foldCount: number;
  readonly repeats: readonly Int32Array[];
}

/**
 * Number of folds and repeats for that many groups: leave one group out up to 25 groups, then five folds, repeated
 * while the score would otherwise be uncertain, then three folds where five would only cost time.
 */
export function chooseFoldCount(groupCount: number): { folds: number; repeats: number } {
  if (groupCount <= 25) return { folds: groupCount, repeats: 1 };
  if (groupCount <= 60) return { folds: 5, repeats: 4 };
  if (groupCount <= 200) return { folds: 5, repeats: 3 };
  if (groupCount <= 1000) return { folds: 5, repeats: 2 };
  if (groupCount <= 5000) return { folds: 5, repeats: 1 };
  return { folds: 3, repeats: 1 };
}

/**
 * Grouped folds for the question "how good between what was measured?", stratified by the target: groups are sorted
 * by their mean of y [n] and dealt to the folds in blocks of K, each block in random order.
 */
export function interpolationFolds(
  y: Float64Array,
  groups: Int32Array,
  groupCount: number,
  generator: Generator,
): Folds {
  const { folds, repeats } = chooseFoldCount(groupCount);
  if (folds === groupCount) return { foldCount: folds, repeats: [groups] };
  const means = groupMeans(y, groups, groupCount);
  const order = Int32Array.from(means.keys()).sort((a, b) => means[a]! - means[b]! || a - b);
  return {
    foldCount: folds,
    repeats: Array.from({ length: repeats }, (_, repeat) => {
      const stream = generator.split(`repeat ${repeat}`);
      const foldOfGroup = new Int32Array(groupCount);
      for (let start = 0; start < groupCount; start += folds) {
        const deal = stream.shuffle(Int32Array.from({ length: folds }, (_, fold) => fold));
        for (let k = 0; k < folds && start + k < groupCount; k++) foldOfGroup[order[start + k]!] = deal[k]!;
      }
      return groups.map((group) => foldOfGroup[group]!);
    }),
  };
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
