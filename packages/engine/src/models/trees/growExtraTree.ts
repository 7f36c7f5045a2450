import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import type { Generator } from '../../random/generator.ts';
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
 * Grows one extremely randomised tree (P. Geurts, D. Ernst, L. Wehenkel, Machine Learning 63, 2006, 3, table 1) on all
 * rows of X [n, d] for z [n], and adds it to the forest: at each node one threshold is drawn uniformly between the
 * least and the greatest value of each tried column, and the one that lowers the squared error most is taken; the
 * columns are tried in random order, which decides ties.
 *
 * Missing cells (NaN) go to the side where they lower the squared error more; at splits that saw none, to the side
 * with more rows. A column whose values present are all equal can still split present from missing.
 */
export function growExtraTree(
  X: Matrix,
  z: Float64Array,
  options: ExtraTreeOptions,
  generator: Generator,
  forest: ForestBuilder,
): void {
  const { values, stride, rowCount: n, columnCount: d } = X;
  const { featuresTried, minLeafRows, minVarianceRows } = options;
  // Rows of a node lie side by side in `rows`, their targets in `targets`; columns known to be constant in a node come
  // first in `features` and are constant in its children too.
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const targets = z.slice();
  const features = Int32Array.from({ length: d }, (_, j) => j);
  /** Cells of the column being tried, side by side like the rows. */
  const cells = new Float64Array(n);
  const hasMissing = Uint8Array.from({ length: d }, (_, j) => (columnOf(X, j).some(Number.isNaN) ? 1 : 0));
  // Nodes to do: first row, end, split above (-1 for the top), side, constant columns, inherited variance.
  const pending: number[] = [0, n, -1, 0, 0, 0];

  while (pending.length > 0) {
    const inheritedVariance = pending.pop()!;
    let constantCount = pending.pop()!;
    const isRight = pending.pop() === 1;
    const parent = pending.pop()!;
    const end = pending.pop()!;
    const start = pending.pop()!;
    const size = end - start;

    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let r = start; r < end; r++) {
      const value = targets[r]!;
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const mean = sum / size;
    let variance = inheritedVariance;
    if (size >= minVarianceRows || parent < 0) {
      let squares = 0;
      for (let r = start; r < end; r++) squares += (targets[r]! - mean) ** 2;
      variance = size > 1 ? squares / (size - 1) : 0;
    }

    // The best split so far; its gain is the sum of squared sums over sizes, which grows as the squared error falls.
    let bestFeature = -1;
    let bestThreshold = 0;
    let bestMissingLeft = false;
    let bestGain = -Infinity;
    // Gains closer than their rounding errors are ties, so that the order of rows does not decide.
    const tolerance = 1e-12 * size * Math.max(low * low, high * high);
    if (size >= 2 * minLeafRows && low < high) {
      let tried = 0;
      for (let f = constantCount; f < d && tried < featuresTried; f++) {
        // One number in [0, d - f) chooses both: its whole part the column, its fraction the threshold.
        const draw = generator.uniform() * (d - f);
        const chosen = Math.floor(draw);
        swap(features, f, f + chosen);
        const feature = features[f]!;
        const column = feature * stride;
        let min = Infinity;
        let max = -Infinity;
        let missingCount = 0;
        let missingSum = 0;
        if (hasMissing[feature] === 1) {
          for (let r = start; r < end; r++) {
            const x = values[column + rows[r]!]!;
            cells[r] = x;
            if (x < min) min = x;
            if (x > max) max = x;
            if (x !== x) {
              missingCount++;
              missingSum += targets[r]!;
            }
          }
        } else {
          for (let r = start; r < end; r++) {
            const x = values[column + rows[r]!]!;
            cells[r] = x;
            min = Math.min(min, x);
            max = Math.max(max, x);
          }
        }
        if (missingCount === size || (min === max && missingCount === 0)) {
          swap(features, f, constantCount++);
          continue;
        }
        tried++;
        let threshold = min + (draw - chosen) * (max - min);
        // Rounding may reach the greatest value, which would leave the right side empty.
        if (threshold >= max) threshold = min;
        let leftSum = 0;
        let leftCount = 0;
        for (let r = start; r < end; r++) {
          if (cells[r]! <= threshold) {
            leftSum += targets[r]!;
            leftCount++;
          }
        }
        for (let missingLeft = missingCount > 0 ? 1 : 0; missingLeft >= 0; missingLeft--) {
          const countL = leftCount + missingLeft * missingCount;
          const sumL = leftSum + missingLeft * missingSum;
          const countR = size - countL;
          if (countL < minLeafRows || countR < minLeafRows) continue;
          const gain = (sumL * sumL) / countL + ((sum - sumL) * (sum - sumL)) / countR;
          if (gain > bestGain + tolerance) {
            bestGain = gain;
            bestFeature = feature;
            bestThreshold = threshold;
            bestMissingLeft = missingCount > 0 ? missingLeft === 1 : 2 * countL >= size;
          }
        }
        // Two rows can be parted in one way only.
        if (size === 2 && bestFeature >= 0) break;
      }
    }

    if (bestFeature < 0) {
      connect(forest, parent, isRight, forest.addLeaf(mean, variance));
      continue;
    }
    const split = forest.addSplit(bestFeature, bestThreshold, bestMissingLeft);
    connect(forest, parent, isRight, split);
    const column = bestFeature * stride;
    let middle = start;
    for (let r = start; r < end; r++) {
      const x = values[column + rows[r]!]!;
      if (x <= bestThreshold || (bestMissingLeft && x !== x)) {
        swap(rows, r, middle);
        swapTargets(targets, r, middle++);
      }
    }
    pending.push(middle, end, split, 1, constantCount, variance);
    pending.push(start, middle, split, 0, constantCount, variance);
  }
}

function connect(forest: ForestBuilder, parent: number, isRight: boolean, reference: number): void {
  if (parent < 0) forest.addRoot(reference);
  else forest.setChild(parent, isRight, reference);
}

function swapTargets(cells: Float64Array, a: number, b: number): void {
  const kept = cells[a]!;
  cells[a] = cells[b]!;
  cells[b] = kept;
}

function swap(cells: Int32Array, a: number, b: number): void {
  const kept = cells[a]!;
  cells[a] = cells[b]!;
  cells[b] = kept;
}
