import type { Generator } from '../random/generator.ts';
import { stratifiedFolds } from './stratifiedFolds.ts';

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
  return {
    foldCount: folds,
    repeats: Array.from({ length: repeats }, (_, repeat) => {
      const stream = generator.split(`repeat ${repeat}`);
      return stratifiedFolds(y, groups, groupCount, folds, stream);
    }),
  };
}
