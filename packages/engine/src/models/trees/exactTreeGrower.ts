import type { Matrix } from '../../linalg/matrix.ts';
import type { Generator } from '../../random/generator.ts';
import type { ForestBuilder } from './forestBuilder.ts';
import { partRows, SortedColumns } from './sortedColumns.ts';

export interface ExactTreeOptions {
  /** Columns tried at each split, 1 .. d. */
  readonly featuresTried: number;
  /** Least number of rows in a leaf, >= 1. */
  readonly minLeafRows: number;
  /** Most splits from the top to a leaf; Infinity for no limit. */
  readonly maxDepth: number;
  /** Direction each column may move the prediction in: 1 up, -1 down, 0 either [d]; null for either everywhere. */
  readonly monotone: Int8Array | null;
}

/** The threshold that parts present cells from missing ones: above every cell. */
const aboveAll = Number.MAX_VALUE;
/** Gains that differ by less than this share are ties: rounding must not prefer one of two equal columns. */
const tieMargin = 1e-10;

/**
 * Grows regression trees on the rows of one X [n, d]. Each split is the best there is for the columns tried: the one
 * that lowers the weighted squared error most (L. Breiman et al., Classification and Regression Trees, 1984). The
 * columns are sorted once for all trees, and a split keeps the rows of both sides sorted in every column (M. Mehta,
 * R. Agrawal, J. Rissanen, SLIQ, 1996), so that a level of a tree costs O(n d).
 *
 * Columns are tried in random order, which decides ties. Missing cells (NaN) go to the side where they lower the error
 * more; at splits that saw none, to the side with more weight.
 *
 * Where a column is monotone, a split whose means go the wrong way is not taken, and the value between the two means
 * bounds all leaves below on either side.
 */
export class ExactTreeGrower {
  readonly #X: Matrix;
  readonly #columns: SortedColumns;
  /** All rows, those without weight too; the rows of a node lie side by side [n]. */
  readonly #rows: Int32Array;
  /** Weight, and weight times target, of each row in turn [2 n]. */
  readonly #moments: Float64Array;
  readonly #features: Int32Array;
  readonly #goesLeft: Uint8Array;
  readonly #scratch: Int32Array;
  readonly #leafOf: Int32Array;

  // The node at hand.
  #start = 0;
  #end = 0;
  #weight = 0;
  #mean = 0;
  #minLeafRows = 1;
  // Its best split so far. The gain is weight * numerator / denominator, compared without dividing.
  #numerator = 0;
  #denominator = 1;
  #feature = -1;
  #threshold = 0;
  #missingLeft = false;
  #leftMean = 0;
  #rightMean = 0;

  constructor(X: Matrix) {
    this.#X = X;
    this.#columns = new SortedColumns(X);
    this.#rows = new Int32Array(X.rowCount);
    this.#moments = new Float64Array(2 * X.rowCount);
    this.#features = new Int32Array(X.columnCount);
    this.#goesLeft = new Uint8Array(X.rowCount);
    this.#scratch = new Int32Array(X.rowCount);
    this.#leafOf = new Int32Array(X.rowCount);
  }

  /**
   * Adds one tree for z [n] to the forest; its leaves hold weighted means of z.
   *
   * @param weights of the rows [n], >= 0, some above; a row without weight takes no part but is led to its leaf
   * @returns the leaf of each row, counted over the whole forest [n]; the next tree overwrites it
   */
  grow(
    z: Float64Array,
    weights: Float64Array,
    options: ExactTreeOptions,
    generator: Generator,
    forest: ForestBuilder,
  ): Int32Array {
    const { rowCount: n, columnCount: d } = this.#X;
    const { minLeafRows, maxDepth, monotone } = options;
    const rows = this.#rows;
    const moments = this.#moments;
    const features = this.#features;
    for (let j = 0; j < d; j++) features[j] = j;
    for (let i = 0; i < n; i++) {
      rows[i] = i;
      moments[2 * i] = weights[i]!;
      moments[2 * i + 1] = weights[i]! * z[i]!;
    }
    this.#minLeafRows = minLeafRows;

    // Nodes to do: first and end of its rows in the bag, and among all; split above (-1 for the top), side, constant
    // columns, depth, bounds of its leaves. Columns known to be constant in a node come first in `features`, and are
    // constant below it too.
    const pending: number[] = [0, this.#columns.takeBag(weights), 0, n, -1, 0, 0, 0, -Infinity, Infinity];
    while (pending.length > 0) {
      const high = pending.pop()!;
      const low = pending.pop()!;
      const depth = pending.pop()!;
      let constantCount = pending.pop()!;
      const isRight = pending.pop() === 1;
      const parent = pending.pop()!;
      const lastRow = pending.pop()!;
      const firstRow = pending.pop()!;
      const end = pending.pop()!;
      const start = pending.pop()!;

      let weight = 0;
      let sum = 0;
      let least = Infinity;
      let most = -Infinity;
      for (let r = firstRow; r < lastRow; r++) {
        const row = rows[r]!;
        const w = moments[2 * row]!;
        if (w === 0) continue;
        weight += w;
        sum += moments[2 * row + 1]!;
        const value = z[row]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      const mean = sum / weight;

      this.#feature = -1;
      if (end - start >= 2 * minLeafRows && depth < maxDepth && least < most) {
        this.#start = start;
        this.#end = end;
        this.#weight = weight;
        this.#mean = mean;
        this.#denominator = 1;
        // A gain within the rounding errors of the sums is none.
        this.#numerator = (1e-13 * Math.max(-least, most)) ** 2;
        constantCount = this.#findSplit(constantCount, options, generator);
      }
      if (this.#feature < 0) {
        const leaf = forest.addLeaf(Math.min(Math.max(mean, low), high));
        connect(forest, parent, isRight, leaf);
        for (let r = firstRow; r < lastRow; r++) this.#leafOf[rows[r]!] = ~leaf;
        continue;
      }

      const feature = this.#feature;
      const split = forest.addSplit(feature, this.#threshold, this.#missingLeft);
      connect(forest, parent, isRight, split);
      const bounds = { leftLow: low, leftHigh: high, rightLow: low, rightHigh: high };
      const direction = monotone === null ? 0 : monotone[feature]!;
      if (direction !== 0) {
        const between =
          (Math.min(Math.max(this.#leftMean, low), high) + Math.min(Math.max(this.#rightMean, low), high)) /
          2;
        if (direction > 0) bounds.leftHigh = bounds.rightLow = between;
        else bounds.leftLow = bounds.rightHigh = between;
      }
      const middleRow = this.#partAllRows(firstRow, lastRow);
      let middle = start;
      for (let r = firstRow; r < middleRow; r++) if (moments[2 * rows[r]!]! > 0) middle++;
      // Leaves need no order.
      if (depth + 1 < maxDepth && Math.max(middle - start, end - middle) >= 2 * minLeafRows)
        for (let f = constantCount; f < d; f++) this.#columns.part(features[f]!, start, end, this.#goesLeft);
      const { leftLow, leftHigh, rightLow, rightHigh } = bounds;
      pending.push(middle, end, middleRow, lastRow, split, 1, constantCount, depth + 1, rightLow, rightHigh);
      pending.push(start, middle, firstRow, middleRow, split, 0, constantCount, depth + 1, leftLow, leftHigh);
    }
    return this.#leafOf;
  }

  /** Looks for the best split of the node at hand. @returns how many columns are now known to be constant in it */
  #findSplit(
    constantCount: number,
    { featuresTried, monotone }: ExactTreeOptions,
    generator: Generator,
  ): number {
    const { rowCount: n, columnCount: d, values, stride } = this.#X;
    const { order, hasMissing } = this.#columns;
    const moments = this.#moments;
    const features = this.#features;
    const start = this.#start;
    const end = this.#end;
    let tried = 0;
    for (let f = constantCount; f < d && tried < featuresTried; f++) {
      swap(features, f, f + Math.floor(generator.uniform() * (d - f)));
      const feature = features[f]!;
      const cellAt = (place: number): number => values[feature * stride + order[feature * n + place]!]!;
      let present = end;
      let missingWeight = 0;
      let missingSum = 0;
      if (hasMissing[feature] === 1)
        while (present > start && Number.isNaN(cellAt(present - 1))) {
          const row = order[feature * n + --present]!;
          missingWeight += moments[2 * row]!;
          missingSum += moments[2 * row + 1]!;
        }
      const isSame = present === start || cellAt(start) === cellAt(present - 1);
      if (isSame && (present === end || present === start)) {
        swap(features, f, constantCount++);
        continue;
      }
      tried++;
      const direction = monotone === null ? 0 : monotone[feature]!;
      this.#scan(feature, present, 0, 0, direction);
      if (present < end) this.#scan(feature, present, missingWeight, missingSum, direction);
      // Two rows can be parted in one way only.
      if (end - start === 2 && this.#feature >= 0) break;
    }
    return constantCount;
  }

  /**
   * Tries every threshold of a column, with its missing rows (those from `present` on) on the left when their weight
   * is given, else on the right.
   *
   * With L the weight and S the sum on the left, W and m the weight and mean of the node, the squared error falls by
   * W (S - L m)^2 / (L (W - L)).
   */
  #scan(feature: number, present: number, leftWeight: number, leftSum: number, direction: number): void {
    const { rowCount: n, values, stride } = this.#X;
    const { order } = this.#columns;
    const moments = this.#moments;
    const start = this.#start;
    const weight = this.#weight;
    const mean = this.#mean;
    const least = this.#minLeafRows;
    const missingCount = this.#end - present;
    const isMissingLeft = leftWeight > 0;
    const column = feature * n;
    const cells = feature * stride;
    // The last place whose row may be the last on the left.
    const last = Math.min(
      (isMissingLeft || missingCount === 0 ? present - 1 : present) - 1,
      (isMissingLeft ? present : this.#end) - least - 1,
    );
    let p = start;
    for (const begin = start + least - 1 - (isMissingLeft ? missingCount : 0); p < begin; p++) {
      const row = order[column + p]!;
      leftWeight += moments[2 * row]!;
      leftSum += moments[2 * row + 1]!;
    }
    let numerator = this.#numerator * (1 + tieMargin);
    let denominator = this.#denominator;
    for (; p <= last; p++) {
      const row = order[column + p]!;
      leftWeight += moments[2 * row]!;
      leftSum += moments[2 * row + 1]!;
      const excess = leftSum - leftWeight * mean;
      const product = leftWeight * (weight - leftWeight);
      if (excess * excess * denominator <= numerator * product) continue;
      const below = values[cells + row]!;
      const above = p + 1 === present ? Infinity : values[cells + order[column + p + 1]!]!;
      if (below === above) continue;
      const rightWeight = weight - leftWeight;
      const leftMean = leftSum / leftWeight;
      const rightMean = (weight * mean - leftSum) / rightWeight;
      if (direction * (rightMean - leftMean) < 0) continue;
      numerator = excess * excess;
      denominator = product;
      this.#numerator = numerator;
      this.#denominator = denominator;
      numerator *= 1 + tieMargin;
      this.#feature = feature;
      this.#threshold = above === Infinity ? aboveAll : between(below, above);
      this.#missingLeft = missingCount > 0 ? isMissingLeft : 2 * leftWeight >= weight;
      this.#leftMean = leftMean;
      this.#rightMean = rightMean;
    }
  }

  /** Parts the rows of the node at hand by its split. @returns where those on the right begin */
  #partAllRows(firstRow: number, lastRow: number): number {
    const { values, stride } = this.#X;
    const column = this.#feature * stride;
    const threshold = this.#threshold;
    const missingLeft = this.#missingLeft;
    const rows = this.#rows;
    const goesLeft = this.#goesLeft;
    for (let r = firstRow; r < lastRow; r++) {
      const row = rows[r]!;
      const x = values[column + row]!;
      goesLeft[row] = x <= threshold || (missingLeft && x !== x) ? 1 : 0;
    }
    return partRows(rows, firstRow, lastRow, goesLeft, this.#scratch);
  }
}

/** The middle of two cells; the lower one where rounding would reach the upper. */
function between(below: number, above: number): number {
  const middle = below + (above - below) / 2;
  return middle < above ? middle : below;
}

function connect(forest: ForestBuilder, parent: number, isRight: boolean, reference: number): void {
  if (parent < 0) forest.addRoot(reference);
  else forest.setChild(parent, isRight, reference);
}

function swap(cells: Int32Array, a: number, b: number): void {
  const kept = cells[a]!;
  cells[a] = cells[b]!;
  cells[b] = kept;
}
