import { routines } from '../../linalg/routines.ts';
import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import type { Forest } from './forest.ts';

/** Sums over trees of what a row finds in its leaves, in the order of the trees; m rows. */
export interface TreeSums {
  /** Of the leaf values [m]. */
  readonly values: Float64Array;
  /** Of their squares [m]. */
  readonly squares: Float64Array;
  /** Of the leaf variances [m]; null for a forest without them. */
  readonly variances: Float64Array | null;
}

/** Rows handed to the routine at a time: enough to pay for packing the trees, few enough to bound its memory. */
const blockRows = 32_768;
/** The routine takes its arrays by copy, which pays from this many walks down a tree for each split copied (measured). */
const walksPerSplit = 0.1;

/**
 * Sums over the trees `first` .. `end - 1` at the rows of X [m, d]. Each row's sums depend on that row alone, to the
 * bit, and are those of a walk down each tree in turn, whichever way they are computed.
 */
export function sumOverTrees(forest: Forest, X: Matrix, first = 0, end = forest.roots.length): TreeSums {
  const m = X.rowCount;
  const sums: TreeSums = {
    values: new Float64Array(m),
    squares: new Float64Array(m),
    variances: forest.leafVariance === null ? null : new Float64Array(m),
  };
  if (m * (end - first) < walksPerSplit * forest.feature.length) walkPlainly(forest, X, first, end, sums);
  else walkInRoutine(forest, X, first, end, sums);
  return sums;
}

/**
 * The definition: each row down each tree. The rows take their steps in turn, so that the memory one of them waits for
 * comes while the others take theirs: a fifth less time for 10 rows than one row after the other.
 */
function walkPlainly(
  { roots, feature, threshold, left, right, missingLeft, leafValue, leafVariance }: Forest,
  { values: cells, stride, rowCount: m }: Matrix,
  first: number,
  end: number,
  { values, squares, variances }: TreeSums,
): void {
  const nodes = new Int32Array(m);
  for (let t = first; t < end; t++) {
    nodes.fill(roots[t]!);
    for (let isOpen = true; isOpen;) {
      isOpen = false;
      for (let i = 0; i < m; i++) {
        const node = nodes[i]!;
        if (node < 0) continue;
        const x = cells[feature[node]! * stride + i]!;
        // A missing cell is not at most anything, hence the second test; where it leads is read only then.
        const goesLeft = x <= threshold[node]! || (x !== x && missingLeft[node] === 1);
        const next = goesLeft ? left[node]! : right[node]!;
        nodes[i] = next;
        if (next >= 0) isOpen = true;
      }
    }
    for (let i = 0; i < m; i++) {
      const leaf = ~nodes[i]!;
      const value = leafValue[leaf]!;
      values[i]! += value;
      squares[i]! += value * value;
      if (variances !== null) variances[i]! += leafVariance![leaf]!;
    }
  }
}

function walkInRoutine(forest: Forest, X: Matrix, first: number, end: number, sums: TreeSums): void {
  const numeric = routines();
  const { arena } = numeric;
  const { rowCount: m, columnCount: d } = X;
  const mark = arena.mark();
  const arrays = {
    treeCount: end - first,
    splitCount: forest.feature.length,
    leafCount: forest.leafValue.length,
    roots: arena.storeInt32(forest.roots.subarray(first, end)),
    feature: arena.storeInt32(forest.feature),
    left: arena.storeInt32(forest.left),
    right: arena.storeInt32(forest.right),
    missingLeft: arena.storeUint8(forest.missingLeft),
    value: arena.storeFloat64(forest.leafValue),
    ...(forest.leafVariance === null ? {} : { second: arena.storeFloat64(forest.leafVariance) }),
  };
  const threshold = arena.storeFloat64(forest.threshold);
  const x = arena.allocateMatrix(Math.min(m, blockRows), d);
  const value = arena.allocateFloat64(x.ld);
  const squares = arena.allocateFloat64(x.ld);
  const second = sums.variances === null ? null : arena.allocateFloat64(x.ld);
  for (let start = 0; start < m; start += blockRows) {
    const rows = Math.min(blockRows, m - start);
    const block = arena.float64(x.pointer, x.ld * d);
    for (let j = 0; j < d; j++) block.set(columnOf(X, j).subarray(start, start + rows), j * x.ld);
    // A scale of 1 leaves the sums as they are, to the bit.
    numeric.predictForest({
      d,
      m: rows,
      forest: arrays,
      threshold,
      x,
      scale: 1,
      value,
      squares,
      ...(second === null ? {} : { second }),
    });
    sums.values.set(arena.float64(value, rows), start);
    sums.squares.set(arena.float64(squares, rows), start);
    if (second !== null) sums.variances!.set(arena.float64(second, rows), start);
  }
  arena.release(mark);
}
