import type { Matrix } from '../../linalg/matrix.ts';
import { binColumns, missingBin, type BinnedColumns } from './binnedColumns.ts';
import type { ForestBuilder } from './forestBuilder.ts';
import { partRows } from './sortedColumns.ts';

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
  readonly histogram: Float64Array | null;
  readonly split: BestSplit | null;
}

interface BestSplit {
  readonly gain: number;
  readonly feature: number;
  /** Last bin that goes left; that of the last cell parts present cells from missing ones. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly leftSum: number;
  readonly leftWeight: number;
}

/** Cells of a histogram a column: sum and weight of each bin. */
const columnCells = 512;
/** Gains that differ by less than this share are ties, which go to the first column. */
const tieMargin = 1e-10;

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
  readonly #columns: BinnedColumns;
  readonly #options: BinnedTreeOptions;
  readonly #bag: Int32Array;
  readonly #others: Int32Array;
  readonly #scratch: Int32Array;
  readonly #goesLeft: Uint8Array;
  readonly #leafOf: Int32Array;
  /** Weighted targets and weights, side by side in the order of a node's rows. */
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;
  readonly #spare: Float64Array[] = [];

  constructor(X: Matrix, options: BinnedTreeOptions) {
    const { rowCount: n, columnCount: d } = X;
    this.#n = n;
    this.#d = d;
    this.#columns = binColumns(X);
    this.#options = options;
    this.#bag = new Int32Array(n);
    this.#others = new Int32Array(n);
    this.#scratch = new Int32Array(n);
    this.#goesLeft = new Uint8Array(n);
    this.#leafOf = new Int32Array(n);
    this.#sums = new Float64Array(n);
    this.#weights = new Float64Array(n);
  }

  /**
   * Adds one tree for z [n] to the forest.
   *
   * @param weights of the rows [n], >= 0, some above; a row without weight takes no part but is led to its leaf
   * @returns the leaf of each row, counted over the whole forest [n]; the next tree overwrites it
   */
  grow(z: Float64Array, weights: Float64Array, forest: ForestBuilder): Int32Array {
    let bagCount = 0;
    let otherCount = 0;
    let sum = 0;
    let weight = 0;
    for (let i = 0; i < this.#n; i++) {
      if (weights[i]! > 0) {
        this.#bag[bagCount++] = i;
        sum += weights[i]! * z[i]!;
        weight += weights[i]!;
      } else this.#others[otherCount++] = i;
    }
    const bag = [0, bagCount] as const;
    const top = this.#open(
      {
        bag,
        others: [0, otherCount],
        parent: -1,
        isRight: false,
        sum,
        weight,
        low: -Infinity,
        high: Infinity,
      },
      () => this.#fill(z, weights, bag),
    );
    const open = [top];
    while (open.length < this.#options.maxLeaves) {
      let best = -1;
      for (let k = 0; k < open.length; k++)
        if (open[k]!.split !== null && (best < 0 || open[k]!.split!.gain > open[best]!.split!.gain)) best = k;
      if (best < 0) break;
      const [left, right] = this.#divide(open[best]!, open[best]!.split!, z, weights, forest);
      open.splice(best, 1, left, right);
    }
    for (const leaf of open) this.#close(leaf, forest);
    return this.#leafOf;
  }

  /** Looks for the best split of a leaf, if it can have one. */
  #open(leaf: Omit<OpenLeaf, 'histogram' | 'split'>, makeHistogram: () => Float64Array): OpenLeaf {
    if (leaf.weight < 2 * this.#options.minLeafWeight) return { ...leaf, histogram: null, split: null };
    const histogram = makeHistogram();
    return { ...leaf, histogram, split: this.#findSplit(leaf, histogram) };
  }

  #divide(
    leaf: OpenLeaf,
    split: BestSplit,
    z: Float64Array,
    weights: Float64Array,
    forest: ForestBuilder,
  ): [OpenLeaf, OpenLeaf] {
    const { penalty, monotone } = this.#options;
    const { feature, bin, missingLeft, leftSum, leftWeight } = split;
    const { low, high } = leaf;
    const threshold = this.#columns.thresholds[feature]![bin] ?? Number.MAX_VALUE;
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
    const smallRows = isLeftSmaller ? left.bag : right.bag;
    let counted: Float64Array | null = null;
    const count = (): Float64Array => (counted ??= this.#fill(z, weights, smallRows));
    const remain = (): Float64Array => {
      const rest = leaf.histogram!;
      const small = count();
      for (let c = 0; c < rest.length; c++) rest[c]! -= small[c]!;
      return rest;
    };
    const children: [OpenLeaf, OpenLeaf] = [
      this.#open(left, isLeftSmaller ? count : remain),
      this.#open(right, isLeftSmaller ? remain : count),
    ];
    for (const histogram of [leaf.histogram!, counted])
      if (histogram !== null && !children.some((child) => child.histogram === histogram))
        this.#spare.push(histogram);
    return children;
  }

  #close(leaf: OpenLeaf, forest: ForestBuilder): void {
    const value = leaf.sum / (leaf.weight + this.#options.penalty);
    const reference = forest.addLeaf(Math.min(Math.max(value, leaf.low), leaf.high));
    connect(forest, leaf.parent, leaf.isRight, reference);
    for (let r = leaf.bag[0]; r < leaf.bag[1]; r++) this.#leafOf[this.#bag[r]!] = ~reference;
    for (let r = leaf.others[0]; r < leaf.others[1]; r++) this.#leafOf[this.#others[r]!] = ~reference;
    if (leaf.histogram !== null) this.#spare.push(leaf.histogram);
  }

  /** The histogram of these rows of the bag. */
  #fill(z: Float64Array, weights: Float64Array, [first, end]: readonly [number, number]): Float64Array {
    const histogram = this.#spare.pop() ?? new Float64Array(columnCells * this.#d);
    histogram.fill(0);
    const rows = this.#bag;
    const sums = this.#sums;
    const counts = this.#weights;
    const { bins } = this.#columns;
    for (let r = first; r < end; r++) {
      const row = rows[r]!;
      sums[r] = weights[row]! * z[row]!;
      counts[r] = weights[row]!;
    }
    for (let j = 0; j < this.#d; j++) {
      const column = j * this.#n;
      const base = j * columnCells;
      for (let r = first; r < end; r++) {
        const cell = base + 2 * bins[column + rows[r]!]!;
        histogram[cell]! += sums[r]!;
        histogram[cell + 1]! += counts[r]!;
      }
    }
    return histogram;
  }

  #findSplit({ sum, weight }: Pick<OpenLeaf, 'sum' | 'weight'>, histogram: Float64Array): BestSplit | null {
    const { penalty, minLeafWeight, monotone } = this.#options;
    const { binCounts } = this.#columns;
    const whole = (sum * sum) / (weight + penalty);
    // A gain within the rounding errors of the sums is none.
    let least = whole + 1e-12 * (whole + 1e-12 * weight);
    let best: BestSplit | null = null;
    // What differs by less than this is rounding, left over from subtracting histograms.
    const leastWeight = Math.max(minLeafWeight * (1 - 1e-9), 1e-9 * weight);
    for (let j = 0; j < this.#d; j++) {
      const base = j * columnCells;
      const direction = monotone === null ? 0 : monotone[j]!;
      const missingSum = histogram[base + 2 * missingBin]!;
      const missingWeight = histogram[base + 2 * missingBin + 1]!;
      const hasMissing = missingWeight > leastWeight * 1e-6;
      const last = binCounts[j]! - (hasMissing ? 1 : 2);
      for (let side = 0; side <= (hasMissing ? 1 : 0); side++) {
        let leftSum = side * missingSum;
        let leftWeight = side * missingWeight;
        for (let bin = 0; bin <= last - side; bin++) {
          const cell = base + 2 * bin;
          leftSum += histogram[cell]!;
          leftWeight += histogram[cell + 1]!;
          const rightWeight = weight - leftWeight;
          if (leftWeight < leastWeight) continue;
          if (rightWeight < leastWeight) break;
          const rightSum = sum - leftSum;
          const score =
            (leftSum * leftSum) / (leftWeight + penalty) + (rightSum * rightSum) / (rightWeight + penalty);
          if (score <= least) continue;
          if (direction * (rightSum / (rightWeight + penalty) - leftSum / (leftWeight + penalty)) < 0)
            continue;
          least = score * (1 + tieMargin);
          best = {
            gain: score - whole,
            feature: j,
            bin,
            missingLeft: hasMissing ? side === 1 : 2 * leftWeight >= weight,
            leftSum,
            leftWeight,
          };
        }
      }
    }
    return best;
  }

  #part(
    rows: Int32Array,
    [first, end]: readonly [number, number],
    { feature, bin, missingLeft }: BestSplit,
  ): number {
    const { bins } = this.#columns;
    const column = feature * this.#n;
    for (let r = first; r < end; r++) {
      const row = rows[r]!;
      const cell = bins[column + row]!;
      this.#goesLeft[row] = (cell === missingBin ? missingLeft : cell <= bin) ? 1 : 0;
    }
    return partRows(rows, first, end, this.#goesLeft, this.#scratch);
  }
}

function connect(forest: ForestBuilder, parent: number, isRight: boolean, reference: number): void {
  if (parent < 0) forest.addRoot(reference);
  else forest.setChild(parent, isRight, reference);
}
