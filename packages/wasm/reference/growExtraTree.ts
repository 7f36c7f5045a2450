import { smallFastCounting } from './smallFastCounting.ts';

/** Where a tree goes; `ExtraTreeArguments` of the routines says what each holds. */
export interface ExtraTreeValues {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly value: Float64Array;
  readonly variance: Float64Array;
}

/** Rows first .. end - 1 of the list, below a split on one side; variance is that of the node above. */
interface Node {
  readonly start: number;
  readonly end: number;
  readonly parent: number;
  readonly side: 'left' | 'right';
  readonly constantCount: number;
  readonly variance: number;
}

/**
 * Twin of `growExtraTree`. At each node inputs are tried in random order; one number in [0, inputs left) chooses both,
 * its whole part the input and its fraction the threshold between the least and the greatest cell. The split with the
 * greatest sum of squared sums over sizes is taken, the first of those that differ by no more than rounding.
 *
 * @param x row i at x[i * ldx ..]
 * @param generator state of sfc64, advanced [4]
 * @returns number of splits
 */
export function growExtraTree(
  n: number,
  d: number,
  x: Float64Array,
  ldx: number,
  z: Float64Array,
  featuresTried: number,
  minLeafRows: number,
  minVarianceRows: number,
  generator: BigUint64Array,
  firstSplit: number,
  firstLeaf: number,
  tree: ExtraTreeValues,
): number {
  const uniform = smallFastCounting(generator);
  const rows = Array.from({ length: n }, (_, i) => i);
  // Inputs known to be constant in a node come first; they are constant below it too.
  const features = Array.from({ length: d }, (_, j) => j);
  const pending: Node[] = [{ start: 0, end: n, parent: -1, side: 'left', constantCount: 0, variance: 0 }];
  let splitCount = 0;
  let leafCount = 0;
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const { start, end, parent, side } = node;
    let { constantCount, variance } = node;
    const members = rows.slice(start, end);
    const size = members.length;
    const total = members.reduce((sum, row) => sum + z[row], 0);
    const mean = total / size;
    if (size >= minVarianceRows || parent < 0) {
      const squares = members.reduce((sum, row) => sum + (z[row] - mean) * (z[row] - mean), 0);
      variance = size > 1 ? squares / (size - 1) : 0;
    }
    const low = members.reduce((least, row) => Math.min(least, z[row]), Infinity);
    const high = members.reduce((most, row) => Math.max(most, z[row]), -Infinity);
    const tolerance = 1e-12 * size * Math.max(low * low, high * high);

    let best = { gain: -Infinity, feature: -1, threshold: 0, missingLeft: false };
    let tried = 0;
    for (let f = constantCount; f < d && tried < featuresTried; f++) {
      if (size < 2 * minLeafRows || !(low < high)) break;
      const draw = uniform() * (d - f);
      const chosen = Math.floor(draw);
      [features[f], features[f + chosen]] = [features[f + chosen], features[f]];
      const feature = features[f];
      const cellOf = (row: number): number => x[row * ldx + feature];
      const present = members.filter((row) => !Number.isNaN(cellOf(row)));
      const missing = members.filter((row) => Number.isNaN(cellOf(row)));
      const min = present.reduce((least, row) => Math.min(least, cellOf(row)), Infinity);
      const max = present.reduce((most, row) => Math.max(most, cellOf(row)), -Infinity);
      if (present.length === 0 || (min === max && missing.length === 0)) {
        [features[f], features[constantCount]] = [features[constantCount], features[f]];
        constantCount++;
        continue;
      }
      tried++;
      let threshold = min + (draw - chosen) * (max - min);
      // Rounding may reach the greatest value, which would leave the right side empty.
      if (threshold >= max) threshold = min;
      const below = present.filter((row) => cellOf(row) <= threshold);
      const belowSum = below.reduce((sum, row) => sum + z[row], 0);
      const missingSum = missing.reduce((sum, row) => sum + z[row], 0);
      for (const missingLeft of missing.length > 0 ? [true, false] : [false]) {
        const leftCount = below.length + (missingLeft ? missing.length : 0);
        const leftSum = belowSum + (missingLeft ? missingSum : 0);
        const rightCount = size - leftCount;
        const rightSum = total - leftSum;
        if (Math.min(leftCount, rightCount) < minLeafRows) continue;
        const gain = (leftSum * leftSum) / leftCount + (rightSum * rightSum) / rightCount;
        // Where nothing is missing in training, missing cells follow the larger side.
        if (gain > best.gain + tolerance)
          best = {
            gain,
            feature,
            threshold,
            missingLeft: missing.length > 0 ? missingLeft : 2 * leftCount >= size,
          };
      }
      // Two rows can be parted in one way only.
      if (size === 2 && best.feature >= 0) break;
    }

    const isLeaf = best.feature < 0;
    if (parent >= 0) tree[side][parent] = isLeaf ? ~(firstLeaf + leafCount) : firstSplit + splitCount;
    if (isLeaf) {
      tree.value[leafCount] = mean;
      tree.variance[leafCount++] = variance;
      continue;
    }
    tree.feature[splitCount] = best.feature;
    tree.threshold[splitCount] = best.threshold;
    tree.missingLeft[splitCount] = best.missingLeft ? 1 : 0;
    let middle = start;
    for (let r = start; r < end; r++) {
      const cell = x[rows[r] * ldx + best.feature];
      if (!(cell <= best.threshold || (best.missingLeft && Number.isNaN(cell)))) continue;
      [rows[r], rows[middle]] = [rows[middle], rows[r]];
      middle++;
    }
    const below = { parent: splitCount++, constantCount, variance };
    pending.push({ ...below, start: middle, end, side: 'right' });
    pending.push({ ...below, start, end: middle, side: 'left' });
  }
  return splitCount;
}
