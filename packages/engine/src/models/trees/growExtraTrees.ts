import { routines } from '../../linalg/routines.ts';
import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import type { Generator } from '../../random/generator.ts';
import { drawFrom } from './drawFrom.ts';
import type { ForestBuilder } from './forestBuilder.ts';

export interface ExtraTreeOptions {
  /** Columns tried at each split, 1 .. d. */
  readonly featuresTried: number;
  /** Least number of rows in a leaf, >= 1. */
  readonly minLeafRows: number;
  /** Least number of rows behind the variance of a leaf; a smaller leaf takes that of the node above it. */
  readonly minVarianceRows: number;
}

/**
 * Grows extremely randomised trees (P. Geurts, D. Ernst, L. Wehenkel, Machine Learning 63, 2006, 3, table 1), each on all
 * rows of X [n, d] for z [n], and adds them to the forest: at each node one threshold is drawn uniformly between the
 * least and the greatest value of each tried column, and the one that lowers the squared error most is taken; the
 * columns are tried in random order, which decides ties.
 *
 * Missing cells (NaN) go to the side where they lower the squared error more; at splits that saw none, to the side
 * with more rows. A column whose values present are all equal can still split present from missing.
 *
 * Tree t draws from the stream `tree t` of the generator: it is the same whichever trees are grown besides it.
 */
export function growExtraTrees(
  X: Matrix,
  z: Float64Array,
  options: ExtraTreeOptions,
  treeCount: number,
  generator: Generator,
  forest: ForestBuilder,
): void {
  const { values, stride, rowCount: n, columnCount: d } = X;
  const numeric = routines();
  const { arena } = numeric;
  const mark = arena.mark();
  try {
    // Row after row, so that a pass over the rows of a node meets the cells of a row side by side.
    const ld = d + (d % 2);
    const x = { pointer: arena.allocateFloat64(ld * n), ld };
    const target = arena.storeFloat64(z);
    const hasMissing = arena.storeUint8(
      Uint8Array.from({ length: d }, (_, j) => (columnOf(X, j).some(Number.isNaN) ? 1 : 0)),
    );
    const state = arena.allocate(32);
    const feature = arena.allocateInt32(n);
    const threshold = arena.allocateFloat64(n);
    const left = arena.allocateInt32(n);
    const right = arena.allocateInt32(n);
    const missingLeft = arena.allocate(n);
    const value = arena.allocateFloat64(n);
    const variance = arena.allocateFloat64(n);
    const cells = arena.float64(x.pointer, ld * n).fill(0);
    for (let j = 0; j < d; j++) for (let i = 0; i < n; i++) cells[i * ld + j] = values[j * stride + i]!;
    for (let tree = 0; tree < treeCount; tree++) {
      const splitCount = drawFrom(generator.split(`tree ${tree}`), arena, state, () =>
        numeric.growExtraTree({
          n,
          d,
          x,
          z: target,
          hasMissing,
          ...options,
          generator: state,
          firstSplit: forest.splitCount,
          firstLeaf: forest.leafCount,
          feature,
          threshold,
          left,
          right,
          missingLeft,
          value,
          variance,
        }),
      );
      forest.addTree({
        feature: arena.int32(feature, splitCount),
        threshold: arena.float64(threshold, splitCount),
        left: arena.int32(left, splitCount),
        right: arena.int32(right, splitCount),
        missingLeft: arena.uint8(missingLeft, splitCount),
        leafValue: arena.float64(value, splitCount + 1),
        leafVariance: arena.float64(variance, splitCount + 1),
      });
    }
  } finally {
    arena.release(mark);
  }
}
