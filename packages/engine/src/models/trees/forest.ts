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
  /** References to the children [s]; a split's child splits come after it, and those of a tree before the next tree. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where missing cells go left [s]. */
  readonly missingLeft: Uint8Array;
  /** What each leaf predicts [l]. */
  readonly leafValue: Float64Array;
  /** Variance of the target around it [l]; null for trees that do not say. */
  readonly leafVariance: Float64Array | null;
};
