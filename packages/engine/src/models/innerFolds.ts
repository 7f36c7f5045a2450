import type { Generator } from '../random/generator.ts';
import { stratifiedFolds } from '../resampling/stratifiedFolds.ts';

/**
 * Folds within a fit: groups of the training rows dealt to at most `most` folds, stratified by the target. Where all
 * rows are of one group they are dealt one by one.
 *
 * @returns fold of each row [n], 0 .. foldCount-1; at least two folds when there are two rows
 */
export function innerFolds(
  z: Float64Array,
  groups: Int32Array,
  most: number,
  generator: Generator,
): { foldOf: Int32Array; foldCount: number } {
  const ids = [...new Set(groups)].sort((a, b) => a - b);
  const rankOf = new Map(ids.map((id, rank) => [id, rank]));
  const isOneGroup = ids.length < 2;
  const ranks = groups.map((id, i) => (isOneGroup ? i : rankOf.get(id)!));
  const count = isOneGroup ? groups.length : ids.length;
  const foldCount = Math.min(most, count);
  return { foldOf: stratifiedFolds(z, ranks, count, foldCount, generator), foldCount };
}
