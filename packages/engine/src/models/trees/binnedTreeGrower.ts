import type { BinnedInputs, HistogramSplit, Pointer } from '@athanor/wasm';
import type { Matrix } from '../../linalg/matrix.ts';
import { routines } from '../../linalg/routines.ts';
import { binColumns } from './binnedColumns.ts';
import type { ForestBuilder } from './forestBuilder.ts';

export interface BinnedTreeOptions {
  /** Most leaves of a tree, >= 1. */
  readonly maxLeaves: number;
  /** Least weight of the rows in a leaf, those of average weight counting 1. */
  readonly minLeafWeight: number;
  /** Penalty on squared leaf values, >= 0. */
  readonly penalty: number;
  /** Direction each column may move the prediction in: 1 up, -1 down, 0 either [d]; null for either everywhere. */
  readonly monotone: Int8Array | null;
}

/** A leaf that may still be split: its rows, its sums, and the best split there is. */
interface OpenLeaf {
  /** Rows of the bag, and others, `first` .. `end - 1` of their lists. */
  readonly bag: readonly [first: number, end: number];
  readonly others: readonly [first: number, end: number];
  /** Split above it, -1 for the top, and side. */
  readonly parent: number;
  readonly isRight: boolean;
  readonly sum: number;
  readonly weight: number;
  /** Bounds of its value. */
  readonly low: number;
  readonly high: number;
  /** Null where it cannot be split. */
  readonly histogram: Pointer | null;
  readonly split: HistogramSplit | null;
}

/** Bytes of a bin in a histogram: sum and weight. */
const binBytes = 16;
/**
 * Grows regression trees from histograms of binned columns, always splitting the leaf that gains most (G. Ke et al.,
 * LightGBM, NeurIPS 2017, section 2). With sums G and weights H of errors on either side and the penalty l, a split
 * gains 1/2 (G_L^2 / (H_L + l) + G_R^2 / (H_R + l) - G^2 / (H + l)) and a leaf takes the value G / (H + l) (T. Chen and
 * C. Guestrin, XGBoost, KDD 2016, equations 5 and 7).
 *
 * Missing cells go to the side where they gain more; at splits that saw none, to the side with more weight. Monotone
 * columns as in `ExactTreeGrower`.
 */
export class BinnedTreeGrower {
  readonly #n: number;
  readonly #d: number;
  readonly #options: BinnedTreeOptions;
  readonly #binCounts: Int32Array;
  readonly #thresholds: readonly Float64Array[];
  readonly #leafOf: Int32Array;
  // In the arena of the routines, from `#mark` on. Views are taken anew at each use: others may grow its memory.
  readonly #mark: Pointer;
  readonly #inputs: BinnedInputs;
  /** Byte of a histogram at which each column begins, and its size [d + 1]. */
  readonly #starts: Int32Array;
  readonly #startsAt: Pointer;
  readonly #bag: Pointer;
  readonly #others: Pointer;
  /** Weighted target and weight of each row [n][2]. */
  readonly #moments: Pointer;
  readonly #monotone: Pointer | null;
  readonly #spare: Pointer[] = [];

  constructor(X: Matrix, options: BinnedTreeOptions) {
    const { rowCount: n, columnCount: d } = X;
    this.#n = n;
    this.#d = d;
    this.#options = options;
    const { bins, binCounts, thresholds } = binColumns(X);
    this.#binCounts = binCounts;
    this.#thresholds = thresholds;
    this.#leafOf = new Int32Array(n);
    this.#starts = new Int32Array(d + 1);
    for (let j = 0; j < d; j++) this.#starts[j + 1] = this.#starts[j]! + (binCounts[j]! + 1) * binBytes;
    const { arena } = routines();
    this.#mark = arena.mark();
    this.#inputs = { n, d, bins: arena.storeUint8(bins) };
    this.#startsAt = arena.storeInt32(this.#starts);
    this.#bag = arena.allocateInt32(n);
    this.#others = arena.allocateInt32(n);
    this.#moments = arena.allocateFloat64(2 * n);
    const { monotone } = options;
    this.#monotone = monotone === null ? null : arena.storeUint8(monotone);
  }

  /** Gives its memory back; it must not be asked for trees any more. */
  release(): void {
    routines().arena.release(this.#mark);
  }

  /**
   * Adds one tree for z [n] to the forest.
   *
   * @param weights of the rows [n], >= 0, some above; a row without weight takes no part but is led to its leaf
   * @returns the leaf of each row, counted over the whole forest [n]; the next tree overwrites it
   */
  grow(z: Float64Array, weights: Float64Array, forest: ForestBuilder): Int32Array {
    const { arena } = routines();
    const bag = arena.int32(this.#bag, this.#n);
    const others = arena.int32(this.#others, this.#n);
    const moments = arena.float64(this.#moments, 2 * this.#n);
    let bagCount = 0;
    let otherCount = 0;
    let sum = 0;
    let weight = 0;
    for (let i = 0; i < this.#n; i++) {
      const rowWeight = weights[i]!;
      if (rowWeight > 0) {
        const moment = rowWeight * z[i]!;
        bag[bagCount++] = i;
        moments[2 * i] = moment;
        moments[2 * i + 1] = rowWeight;
        sum += moment;
        weight += rowWeight;
      } else others[otherCount++] = i;
    }
    const top = {
      bag: [0, bagCount],
      others: [0, otherCount],
      parent: -1,
      isRight: false,
      sum,
      weight,
      low: -Infinity,
      high: Infinity,
    } as const;
    const canSplit = this.#options.maxLeaves > 1 && this.#isDivisible(top);
    const open = [this.#open(top, canSplit ? this.#fill(top.bag, null) : null)];
    while (open.length < this.#options.maxLeaves) {
      let best = -1;
      for (let k = 0; k < open.length; k++)
        if (open[k]!.split !== null && (best < 0 || open[k]!.split!.gain > open[best]!.split!.gain)) best = k;
      if (best < 0) break;
      const isLast = open.length + 1 === this.#options.maxLeaves;
      const [left, right] = this.#divide(open[best]!, open[best]!.split!, isLast, forest);
      open.splice(best, 1, left, right);
    }
    const bagRows = arena.int32(this.#bag, this.#n);
    const otherRows = arena.int32(this.#others, this.#n);
    for (const leaf of open) this.#close(leaf, bagRows, otherRows, forest);
    return this.#leafOf;
  }

  #isDivisible({ weight }: Pick<OpenLeaf, 'weight'>): boolean {
    return weight >= 2 * this.#options.minLeafWeight;
  }

  /** Looks for the best split of a leaf with a histogram. */
  #open(leaf: Omit<OpenLeaf, 'histogram' | 'split'>, histogram: Pointer | null): OpenLeaf {
    return { ...leaf, histogram, split: histogram === null ? null : this.#findSplit(leaf, histogram) };
  }

  /** @param isLast whether the tree then has all of its leaves, which need no histograms */
  #divide(
    leaf: OpenLeaf,
    split: HistogramSplit,
    isLast: boolean,
    forest: ForestBuilder,
  ): [OpenLeaf, OpenLeaf] {
    const { penalty, monotone } = this.#options;
    const { feature, bin, missingLeft, leftSum, leftWeight } = split;
    const { low, high } = leaf;
    const threshold = this.#thresholds[feature]![bin] ?? Number.MAX_VALUE;
    const node = forest.addSplit(feature, threshold, missingLeft);
    connect(forest, leaf.parent, leaf.isRight, node);
    const bagMiddle = this.#part(this.#bag, leaf.bag, split);
    const othersMiddle = this.#part(this.#others, leaf.others, split);
    const rightSum = leaf.sum - leftSum;
    const rightWeight = leaf.weight - leftWeight;
    const bounds = { leftLow: low, leftHigh: high, rightLow: low, rightHigh: high };
    const direction = monotone === null ? 0 : monotone[feature]!;
    if (direction !== 0) {
      const clamp = (value: number): number => Math.min(Math.max(value, low), high);
      const between =
        (clamp(leftSum / (leftWeight + penalty)) + clamp(rightSum / (rightWeight + penalty))) / 2;
      if (direction > 0) bounds.leftHigh = bounds.rightLow = between;
      else bounds.leftLow = bounds.rightHigh = between;
    }
    const left = {
      bag: [leaf.bag[0], bagMiddle],
      others: [leaf.others[0], othersMiddle],
      parent: node,
      isRight: false,
      sum: leftSum,
      weight: leftWeight,
      low: bounds.leftLow,
      high: bounds.leftHigh,
    } as const;
    const right = {
      bag: [bagMiddle, leaf.bag[1]],
      others: [othersMiddle, leaf.others[1]],
      parent: node,
      isRight: true,
      sum: rightSum,
      weight: rightWeight,
      low: bounds.rightLow,
      high: bounds.rightHigh,
    } as const;
    // The histogram of the smaller side is counted, that of the larger is what remains.
    const isLeftSmaller = bagMiddle - leaf.bag[0] <= leaf.bag[1] - bagMiddle;
    const [small, large] = isLeftSmaller ? [left, right] : [right, left];
    const isSmallDivisible = !isLast && this.#isDivisible(small);
    const isLargeDivisible = !isLast && this.#isDivisible(large);
    const counted =
      isSmallDivisible || isLargeDivisible
        ? this.#fill(small.bag, isLargeDivisible ? leaf.histogram : null)
        : null;
    const smallHistogram = isSmallDivisible ? counted : null;
    const largeHistogram = isLargeDivisible ? leaf.histogram : null;
    const children: [OpenLeaf, OpenLeaf] = isLeftSmaller
      ? [this.#open(left, smallHistogram), this.#open(right, largeHistogram)]
      : [this.#open(left, largeHistogram), this.#open(right, smallHistogram)];
    if (!isSmallDivisible && counted !== null) this.#spare.push(counted);
    if (!isLargeDivisible) this.#spare.push(leaf.histogram!);
    return children;
  }

  #close(leaf: OpenLeaf, bag: Int32Array, others: Int32Array, forest: ForestBuilder): void {
    const value = leaf.sum / (leaf.weight + this.#options.penalty);
    const reference = forest.addLeaf(Math.min(Math.max(value, leaf.low), leaf.high));
    connect(forest, leaf.parent, leaf.isRight, reference);
    for (let r = leaf.bag[0]; r < leaf.bag[1]; r++) this.#leafOf[bag[r]!] = ~reference;
    for (let r = leaf.others[0]; r < leaf.others[1]; r++) this.#leafOf[others[r]!] = ~reference;
    if (leaf.histogram !== null) this.#spare.push(leaf.histogram);
  }

  /** The histogram of these rows of the bag, taken away from that of more rows where one is given. */
  #fill([first, end]: readonly [number, number], whole: Pointer | null): Pointer {
    const numeric = routines();
    const histogram = this.#spare.pop() ?? numeric.arena.allocate(this.#starts[this.#d]!);
    numeric.fillHistogram({
      ...this.#inputs,
      moments: this.#moments,
      count: end - first,
      rows: this.#bag + 4 * first,
      starts: this.#startsAt,
      histogram,
      ...(whole !== null && { whole }),
    });
    return histogram;
  }

  #findSplit({ sum, weight }: Pick<OpenLeaf, 'sum' | 'weight'>, histogram: Pointer): HistogramSplit | null {
    const { penalty, minLeafWeight } = this.#options;
    return routines().findHistogramSplit({
      d: this.#d,
      starts: this.#startsAt,
      histogram,
      sum,
      weight,
      penalty,
      minLeafWeight,
      ...(this.#monotone !== null && { monotone: this.#monotone }),
    });
  }

  /** Parts rows by a split. @returns where those on the right begin */
  #part(
    rows: Pointer,
    [first, end]: readonly [number, number],
    { feature, bin, missingLeft }: HistogramSplit,
  ): number {
    if (first === end) return first;
    const left = routines().partBinnedRows({
      ...this.#inputs,
      feature,
      bin,
      missingBin: this.#binCounts[feature]!,
      missingLeft,
      count: end - first,
      rows: rows + 4 * first,
    });
    return first + left;
  }
}

function connect(forest: ForestBuilder, parent: number, isRight: boolean, reference: number): void {
  if (parent < 0) forest.addRoot(reference);
  else forest.setChild(parent, isRight, reference);
}
