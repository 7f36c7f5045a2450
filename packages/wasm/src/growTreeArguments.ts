import type { Matrix, Pointer } from './arena.ts';

/** A tree to be grown on n rows for targets z, and where it goes. */
export interface GrowTreeArguments {
  /** Number of rows, >= 1. */
  readonly n: number;
  /** Number of inputs. */
  readonly d: number;
  /** Target of each row [n]. */
  readonly z: Pointer;
  /** 1 for each input with a missing cell, uint8 [d]. */
  readonly hasMissing: Pointer;
  /** Inputs tried at each split, >= 1. */
  readonly featuresTried: number;
  /** Least number of rows in a leaf, >= 1. */
  readonly minLeafRows: number;
  /** Words a, b, c and counter of the random stream sfc64, uint64 [4]; left as they are after the tree. */
  readonly generator: Pointer;
  /** Numbers of the first split and leaf, in the references of this tree; its top is the first split, if it has one. */
  readonly firstSplit: number;
  readonly firstLeaf: number;
  /** Outputs as in `Forest`, with room for n splits and n leaves. */
  readonly feature: Pointer;
  readonly threshold: Pointer;
  readonly left: Pointer;
  readonly right: Pointer;
  readonly missingLeft: Pointer;
  readonly value: Pointer;
}

/**
 * One extremely randomised tree (P. Geurts, D. Ernst, L. Wehenkel, Machine Learning 63, 2006, 3, table 1) on rows that lie
 * one after the other instead of input after input.
 */
export interface ExtraTreeArguments extends GrowTreeArguments {
  /** X' [d, n], its leading dimension even: input j of row i at `pointer + 8 * (j + i * ld)`; missing is not-a-number. */
  readonly x: Matrix;
  /** Least number of rows behind the variance of a leaf; a smaller leaf takes that of the node above it. */
  readonly minVarianceRows: number;
  /** Output: variance of the targets within each leaf, float64 [n]. */
  readonly variance: Pointer;
}

/** One tree of the best splits there are (L. Breiman et al., Classification and Regression Trees, 1984). */
export interface ExactTreeArguments extends GrowTreeArguments {
  /** X [n, d], one column an input; missing is not-a-number. */
  readonly x: Matrix;
  /** Rows in ascending order of each input, then of their number, missing cells last, int32 [d][n]. Not checked. */
  readonly sorted: Pointer;
  /** Weights [n], >= 0, some above; rows without weight take no part and are led to their leaves. */
  readonly weights: Pointer;
  /** Most splits from the top to a leaf. */
  readonly maxDepth: number;
  /** Direction each input may move the prediction in: 1 up, -1 down, 0 either, int8 [d]; either where left out. */
  readonly monotone?: Pointer;
  /** Output: leaf of each row, int32 [n]. */
  readonly leafOf: Pointer;
}

/** Inputs of n rows in bins, for trees grown from histograms. Neither bins nor lists of rows are checked. */
export interface BinnedInputs {
  /** Number of rows. */
  readonly n: number;
  /** Number of inputs. */
  readonly d: number;
  /** In strips of four inputs, uint8 [ceil(d / 4)][n][4]: input j of row i at `bins + 4 * (floor(j / 4) * n + i) + j % 4`. */
  readonly bins: Pointer;
}

/** Sum and weight of rows in each bin of each input. */
export interface HistogramArguments extends BinnedInputs {
  /** Sum and weight of each row, float64 [n][2]. */
  readonly moments: Pointer;
  /** Number of rows that are counted. */
  readonly count: number;
  /** Which rows, int32 [count]. */
  readonly rows: Pointer;
  /** Byte at which the bins of each input begin in a histogram, multiples of 16; at the end its size, int32 [d + 1]. */
  readonly starts: Pointer;
  /** Output: sum and weight of each bin, float64 [bins][2]. */
  readonly histogram: Pointer;
  /** Where given, a histogram of these rows and others; overwritten by that of the others. */
  readonly whole?: Pointer;
}

/** The best split that a histogram shows. */
export interface FindHistogramSplitArguments {
  /** Number of inputs. */
  readonly d: number;
  /** As in `HistogramArguments`; the last bin of each input is that of missing cells. */
  readonly starts: Pointer;
  readonly histogram: Pointer;
  /** Sum and weight of all rows. */
  readonly sum: number;
  readonly weight: number;
  /** Penalty on squared leaf values, >= 0. */
  readonly penalty: number;
  /** Least weight of the rows in a leaf. */
  readonly minLeafWeight: number;
  /** Direction each input may move the prediction in: 1 up, -1 down, 0 either, int8 [d]; either where left out. */
  readonly monotone?: Pointer;
}

export interface HistogramSplit {
  /** Fall of the penalised squared error. */
  readonly gain: number;
  readonly feature: number;
  /** Last bin that goes left; the last of all parts present cells from missing ones. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Sum and weight of the rows on the left. */
  readonly leftSum: number;
  readonly leftWeight: number;
}

/** A split of rows by the bin of an input. */
export interface PartBinnedRowsArguments extends BinnedInputs {
  /** The input. */
  readonly feature: number;
  /** Last bin that goes left. */
  readonly bin: number;
  /** Bin of missing cells, and whether it goes left. */
  readonly missingBin: number;
  readonly missingLeft: boolean;
  /** Number of rows. */
  readonly count: number;
  /** The rows, int32 [count]; overwritten by those that go left and then the others, either in the order they had. */
  readonly rows: Pointer;
}
