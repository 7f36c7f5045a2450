import type { Matrix } from '../../linalg/matrix.ts';
import type { Forest } from './forest.ts';
import { sumOverTrees } from './sumOverTrees.ts';

/** What the trees say of each row [m]: the mean over trees, the variance between their values, the mean variance of leaves. */
export interface ForestPrediction {
  readonly mean: Float64Array;
  readonly betweenTrees: Float64Array;
  /** Zero for a forest without variances. */
  readonly withinLeaves: Float64Array;
}

/** Predicts the rows of X [m, d]; each row's result depends on that row alone, to the bit. */
export function predictForest(forest: Forest, X: Matrix): ForestPrediction {
  const { values, squares, variances } = sumOverTrees(forest, X);
  const treeCount = forest.roots.length;
  const mean = values.map((sum) => sum / treeCount);
  return {
    mean,
    betweenTrees: squares.map((square, i) => Math.max(0, square / treeCount - mean[i]! ** 2)),
    withinLeaves: variances?.map((sum) => sum / treeCount) ?? new Float64Array(X.rowCount),
  };
}
