import type { Matrix } from '../linalg/matrix.ts';
import type { PlainDataReader } from '../plainDataReader.ts';

/**
 * Regression trees as flat arrays, all trees one after the other. A reference >= 0 is a split, a negative one is the
 * leaf ~reference. A row goes left at a split when its cell is at most the threshold; a missing cell (NaN) goes where
 * `missingLeft` says.
 */
export type Forest = {
  /** Reference to the top of each tree [t]; a leaf when the tree never splits. */
  readonly roots: Int32Array;
  /** Column of each split [s]. */
  readonly feature: Int32Array;
  /** [s] */
  readonly threshold: Float64Array;
  /** References to the children [s]; a split's child splits come after it. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where missing cells go left [s]. */
  readonly missingLeft: Uint8Array;
  /** Mean of the target in each leaf [l]. */
  readonly leafValue: Float64Array;
  /** Variance of the target around it [l]. */
  readonly leafVariance: Float64Array;
};

/** What the trees say of each row [m]: the mean over trees, the variance between their values, the mean variance of leaves. */
export interface ForestPrediction {
  readonly mean: Float64Array;
  readonly betweenTrees: Float64Array;
  readonly withinLeaves: Float64Array;
}

/** Predicts the rows of X [m, d]; each row's result depends on that row alone, to the bit. */
export function predictForest(forest: Forest, X: Matrix): ForestPrediction {
  const { roots, feature, threshold, left, right, missingLeft, leafValue, leafVariance } = forest;
  const { values, stride, rowCount: m } = X;
  const mean = new Float64Array(m);
  const squares = new Float64Array(m);
  const withinLeaves = new Float64Array(m);
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t]!;
    for (let i = 0; i < m; i++) {
      let node = root;
      while (node >= 0) {
        const x = values[feature[node]! * stride + i]!;
        // A missing cell is not at most anything, hence the second test.
        const goesLeft = x <= threshold[node]! || (missingLeft[node] === 1 && x !== x);
        node = goesLeft ? left[node]! : right[node]!;
      }
      const value = leafValue[~node]!;
      mean[i]! += value;
      squares[i]! += value * value;
      withinLeaves[i]! += leafVariance[~node]!;
    }
  }
  const treeCount = roots.length;
  const betweenTrees = squares.map((square, i) =>
    Math.max(0, square / treeCount - (mean[i]! / treeCount) ** 2),
  );
  for (let i = 0; i < m; i++) {
    mean[i]! /= treeCount;
    withinLeaves[i]! /= treeCount;
  }
  return { mean, betweenTrees, withinLeaves };
}

/**
 * @param columnCount d, of the matrices the forest will see.
 * @throws EngineError with code ARTIFACT_INVALID unless every walk from a root ends in a leaf.
 */
export function checkForest(reader: PlainDataReader, columnCount: number): Forest {
  const feature = reader.field('feature').int32(undefined, { min: 0, max: columnCount - 1 });
  const splitCount = feature.length;
  const leafValue = reader.field('leafValue').float64();
  const references = { min: -leafValue.length, max: splitCount - 1 };
  const forest: Forest = {
    roots: reader.field('roots').int32(undefined, references),
    feature,
    threshold: reader.field('threshold').float64(splitCount),
    left: reader.field('left').int32(splitCount, references),
    right: reader.field('right').int32(splitCount, references),
    missingLeft: reader.field('missingLeft').uint8(splitCount, { max: 1 }),
    leafValue,
    leafVariance: reader.field('leafVariance').float64(leafValue.length, { min: 0 }),
  };
  // Children after parents means that no walk turns in a circle; every split and leaf in one place, that none is lost.
  for (const children of [forest.left, forest.right])
    children.forEach((child, node) => {
      if (child >= 0 && child <= node) throw reader.fail(`must have children after their split, see ${node}`);
    });
  const uses = new Uint8Array(splitCount + leafValue.length);
  for (const references of [forest.roots, forest.left, forest.right])
    for (const reference of references) {
      const place = reference >= 0 ? reference : splitCount + ~reference;
      if (uses[place] === 1) throw reader.fail('must have every split and leaf in one tree only');
      uses[place] = 1;
    }
  if (uses.length === 0 || uses.includes(0))
    throw reader.fail('must have trees that use every split and leaf');
  return forest;
}
