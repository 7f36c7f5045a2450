import { columnOf } from '../linalg/matrix.ts';
import type { Inputs } from '../models/inputs.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { fitInputEncoder } from '../transforms/inputEncoder.ts';

/**
 * Tells whether a candidate keeps its distance from all that were chosen.
 *
 * @param spacing least distance in ranges of an input, times the root of the number of inputs; 0 for any
 * @param ranges rows whose ranges these are, so that a few candidates near each other are not far apart
 */
export function spacingRule(
  candidates: Inputs,
  spacing: number,
  ranges: Inputs = candidates,
): (candidate: number, chosen: readonly number[]) => boolean {
  if (spacing === 0) return () => true;
  const X = encodeInputs(fitInputEncoder(ranges, { missing: 'impute' }), candidates);
  const columns = Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j));
  const least = spacing ** 2 * Math.max(1, candidates.columns.length);
  return (candidate, chosen) =>
    chosen.every((other) => {
      let square = 0;
      for (const column of columns) square += (column[candidate]! - column[other]!) ** 2;
      return square >= least;
    });
}
