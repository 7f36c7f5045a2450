import { smallFastCounting } from './smallFastCounting.ts';

/** Where a tree goes; `ExactTreeArguments` of the routines says what each holds. */
export interface ExactTreeValues {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly value: Float64Array;
  readonly leafOf: Int32Array;
}

export interface ExactTreeLimits {
  readonly featuresTried: number;
  readonly minLeafRows: number;
  readonly maxDepth: number;
  /** [d] */
  readonly monotone: Int8Array | null;
}

/** Rows in ascending order, and the bounds of what leaves below may predict. */
interface Node {
  readonly rows: readonly number[];
  readonly parent: number;
  readonly side: 'left' | 'right';
  readonly constantCount: number;
  readonly depth: number;
  readonly low: number;
  readonly high: number;
}

/** Gain as numerator / denominator, compared without dividing, and what its leaves would predict. */
interface Split {
  readonly numerator: number;
  readonly denominator: number;
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly leftMean: number;
  readonly rightMean: number;
}

/** Gains that differ by less than this share are ties. */
const tieMargin = 1e-10;

/**
 * Twin of `growExactTree`. At each node the inputs to try are drawn; of all their thresholds that is taken which lowers
 * the weighted squared error most. With L the weight and S the sum on the left, W and m the weight and mean of the node,
 * it falls by W (S - L m)^2 / (L (W - L)).
 *
 * @param x input j of row i at x[i + j * ldx]
 * @param generator state of sfc64, advanced [4]
 * @returns number of splits
 */
export function growExactTree(
  n: number,
  d: number,
  x: Float64Array,
  ldx: number,
  z: Float64Array,
  weights: Float64Array,
  { featuresTried, minLeafRows, maxDepth, monotone }: ExactTreeLimits,
  generator: BigUint64Array,
  firstSplit: number,
  firstLeaf: number,
  tree: ExactTreeValues,
): number {
  const uniform = smallFastCounting(generator);
  // Inputs known to be constant in a node come first; they are constant below it too.
  const features = Array.from({ length: d }, (_, j) => j);
  const all = Array.from({ length: n }, (_, i) => i);
  const top = { parent: -1, constantCount: 0, depth: 0, low: -Infinity, high: Infinity };
  const pending: Node[] = [{ ...top, rows: all, side: 'left' }];
  let splitCount = 0;
  let leafCount = 0;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { rows, parent, side, depth, low, high } = node;
    let { constantCount } = node;
    // The others take no part and are only led to their leaves.
    const bag = rows.filter((row) => weights[row] > 0);
    const weight = bag.reduce((sum, row) => sum + weights[row], 0);
    const mean = bag.reduce((sum, row) => sum + weights[row] * z[row], 0) / weight;
    const least = bag.reduce((least, row) => Math.min(least, z[row]), Infinity);
    const most = bag.reduce((most, row) => Math.max(most, z[row]), -Infinity);

    // A gain within the rounding errors of the sums is none.
    const rounding = 1e-13 * Math.max(-least, most);
    let best: Split = {
      numerator: rounding * rounding,
      denominator: 1,
      feature: -1,
      threshold: 0,
      missingLeft: false,
      leftMean: 0,
      rightMean: 0,
    };
    const isOpen = bag.length >= 2 * minLeafRows && depth < maxDepth && least < most;
    const wanted = isOpen ? featuresTried : 0;
    let tried = 0;
    for (let f = constantCount; f < d && tried < wanted; f++) {
      const chosen = f + Math.floor(uniform() * (d - f));
      [features[f], features[chosen]] = [features[chosen], features[f]];
      const feature = features[f];
      const cellOf = (row: number): number => x[row + feature * ldx];
      const present = bag
        .filter((row) => !Number.isNaN(cellOf(row)))
        .sort((a, b) => (cellOf(a) === cellOf(b) ? a - b : cellOf(a) < cellOf(b) ? -1 : 1));
      const missing = bag.filter((row) => Number.isNaN(cellOf(row))).reverse();
      const isSame = present.length === 0 || cellOf(present[0]) === cellOf(present.at(-1)!);
      if (isSame && (missing.length === 0 || present.length === 0)) {
        [features[f], features[constantCount]] = [features[constantCount], features[f]];
        constantCount++;
        continue;
      }
      tried++;
      for (const missingLeft of missing.length > 0 ? [false, true] : [false]) {
        let leftWeight = 0;
        let leftSum = 0;
        const add = (row: number): void => {
          leftWeight += weights[row];
          leftSum += weights[row] * z[row];
        };
        if (missingLeft) missing.forEach(add);
        present.forEach((row, place) => {
          add(row);
          const leftCount = place + 1 + (missingLeft ? missing.length : 0);
          if (Math.min(leftCount, bag.length - leftCount) < minLeafRows) return;
          const above = place + 1 < present.length ? cellOf(present[place + 1]) : Infinity;
          if (cellOf(row) === above) return;
          const excess = leftSum - leftWeight * mean;
          const product = leftWeight * (weight - leftWeight);
          if (excess * excess * best.denominator <= best.numerator * (1 + tieMargin) * product) return;
          const leftMean = leftSum / leftWeight;
          const rightMean = (weight * mean - leftSum) / (weight - leftWeight);
          if ((monotone?.[feature] ?? 0) * (rightMean - leftMean) < 0) return;
          best = {
            numerator: excess * excess,
            denominator: product,
            feature,
            threshold: above === Infinity ? Number.MAX_VALUE : between(cellOf(row), above),
            missingLeft: missing.length > 0 ? missingLeft : 2 * leftWeight >= weight,
            leftMean,
            rightMean,
          };
        });
      }
      // Two rows can be parted in one way only.
      if (bag.length === 2 && best.feature >= 0) break;
    }

    const isLeaf = best.feature < 0;
    if (parent >= 0) tree[side][parent] = isLeaf ? ~(firstLeaf + leafCount) : firstSplit + splitCount;
    if (isLeaf) {
      for (const row of rows) tree.leafOf[row] = firstLeaf + leafCount;
      tree.value[leafCount++] = Math.min(Math.max(mean, low), high);
      continue;
    }
    tree.feature[splitCount] = best.feature;
    tree.threshold[splitCount] = best.threshold;
    tree.missingLeft[splitCount] = best.missingLeft ? 1 : 0;
    const goesLeft = (row: number): boolean => {
      const cell = x[row + best.feature * ldx];
      return Number.isNaN(cell) ? best.missingLeft : cell <= best.threshold;
    };
    const clamp = (value: number): number => Math.min(Math.max(value, low), high);
    const bound = (clamp(best.leftMean) + clamp(best.rightMean)) / 2;
    const direction = monotone?.[best.feature] ?? 0;
    const below = { parent: splitCount++, constantCount, depth: depth + 1 };
    pending.push({
      ...below,
      rows: rows.filter((row) => !goesLeft(row)),
      side: 'right',
      low: direction > 0 ? bound : low,
      high: direction < 0 ? bound : high,
    });
    pending.push({
      ...below,
      rows: rows.filter(goesLeft),
      side: 'left',
      low: direction < 0 ? bound : low,
      high: direction > 0 ? bound : high,
    });
  }
  return splitCount;
}

/** The middle of two cells; the lower one where rounding would reach the upper. */
function between(below: number, above: number): number {
  const middle = below + (above - below) / 2;
  return middle < above ? middle : below;
}
