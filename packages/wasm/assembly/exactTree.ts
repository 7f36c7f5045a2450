// Grows one tree of best splits; `reference/growExactTree.ts` says what that is, and every number here is made by the same
// operations in the same order.
//
// Columns are sorted once for all trees. A split keeps the rows of both sides side by side and in order in every column
// (M. Mehta, R. Agrawal, J. Rissanen, SLIQ, 1996), so that a level of a tree costs O(n d).

import { loadGenerator, storeGenerator, uniform } from './smallFastCounting';

/** A node to be done: 8 whole numbers, then the bounds of its leaves. */
const pendingBytes: usize = 48;
/** Parts present cells from missing ones: above every cell. */
const aboveAll: f64 = f64.MAX_VALUE;
/** Gains that differ by less than this share are ties: rounding must not prefer one of two equal columns. */
const tieMargin: f64 = 1e-10;

// The tree at hand.
let inputCount: i32 = 0;
let cells: usize = 0;
let columnBytes: usize = 0;
let missing: usize = 0;
let directions: usize = 0;
let tryCount: i32 = 0;
let minRows: i32 = 1;

// Workspace: weight and weighted target of each row; the rows of the bag in the order of each column; all rows.
let moments: usize = 0;
let order: usize = 0;
let orderBytes: usize = 0;
let rows: usize = 0;
let scratch: usize = 0;
let goesLeft: usize = 0;
let features: usize = 0;

// The node at hand.
let start: i32 = 0;
let end: i32 = 0;
let weight: f64 = 0;
let mean: f64 = 0;
// Its best split so far. The gain is weight * numerator / denominator, compared without dividing.
let numerator: f64 = 0;
let denominator: f64 = 1;
let bestFeature: i32 = -1;
let bestThreshold: f64 = 0;
let bestMissingLeft: bool = false;
let bestLeftMean: f64 = 0;
let bestRightMean: f64 = 0;

/**
 * @param x column j at x + j * ldx
 * @param sorted rows in ascending order of each column, missing cells last, i32 [d][n]
 * @param hasMissing u8 [d]
 * @param monotone i8 [d], or 0
 * @param generator state of the random stream [4], advanced
 * @param firstSplit, firstLeaf where the numbers of this tree's splits and leaves begin
 * @param feature, threshold, left, right, missingLeft, value outputs, room for n each
 * @param leafOf output i32 [n]
 * @param work (73 + 4 d) n + 4 d + 128 bytes
 * @returns number of splits
 */
export function growExactTree(
  n: i32,
  d: i32,
  x: usize,
  ldx: usize,
  sorted: usize,
  hasMissing: usize,
  z: usize,
  weights: usize,
  featuresTried: i32,
  minLeafRows: i32,
  maxDepth: i32,
  monotone: usize,
  generator: usize,
  firstSplit: i32,
  firstLeaf: i32,
  feature: usize,
  threshold: usize,
  left: usize,
  right: usize,
  missingLeft: usize,
  value: usize,
  leafOf: usize,
  work: usize,
): i32 {
  inputCount = d;
  cells = x;
  columnBytes = ldx;
  missing = hasMissing;
  directions = monotone;
  tryCount = featuresTried;
  minRows = minLeafRows;
  moments = work;
  const pending = moments + (<usize>n << 4);
  order = pending + (<usize>n + 1) * pendingBytes;
  orderBytes = <usize>n << 2;
  rows = order + <usize>d * orderBytes;
  scratch = rows + (<usize>n << 2);
  features = scratch + (<usize>n << 2);
  goesLeft = features + (<usize>d << 2);
  loadGenerator(generator);
  for (let j = 0; j < d; j++) store<i32>(features + (<usize>j << 2), j);
  for (let i = 0; i < n; i++) {
    const own = load<f64>(weights + (<usize>i << 3));
    const moment = moments + (<usize>i << 4);
    store<f64>(moment, own);
    store<f64>(moment, own * load<f64>(z + (<usize>i << 3)), 8);
    store<i32>(rows + (<usize>i << 2), i);
  }

  let splitCount = 0;
  let leafCount = 0;
  let top = pending;
  push(top, 0, takeBag(n, d, sorted), 0, n, -1, 0, 0, 0, -Infinity, Infinity);
  top += pendingBytes;
  while (top > pending) {
    top -= pendingBytes;
    start = load<i32>(top);
    end = load<i32>(top, 4);
    const firstRow = load<i32>(top, 8);
    const lastRow = load<i32>(top, 12);
    const parent = load<i32>(top, 16);
    const isRight = load<i32>(top, 20);
    let constantCount = load<i32>(top, 24);
    const depth = load<i32>(top, 28);
    const low = load<f64>(top, 32);
    const high = load<f64>(top, 40);

    // Rows without weight add nothing to the sums.
    let both = f64x2.splat(0);
    let least = Infinity;
    let most = -Infinity;
    const firstAt = rows + (<usize>firstRow << 2);
    const endAt = rows + (<usize>lastRow << 2);
    for (let at = firstAt; at < endAt; at += 4) {
      const row = <usize>load<i32>(at);
      const moment = v128.load(moments + (row << 4));
      if (!(f64x2.extract_lane(moment, 0) > 0)) continue;
      both = f64x2.add(both, moment);
      const target = load<f64>(z + (row << 3));
      if (target < least) least = target;
      if (target > most) most = target;
    }
    weight = f64x2.extract_lane(both, 0);
    mean = f64x2.extract_lane(both, 1) / weight;

    bestFeature = -1;
    if (end - start >= 2 * minLeafRows && depth < maxDepth && least < most) {
      denominator = 1;
      // A gain within the rounding errors of the sums is none.
      const rounding = 1e-13 * Math.max(-least, most);
      numerator = rounding * rounding;
      constantCount = findSplit(constantCount);
    }
    if (bestFeature < 0) {
      const leaf = firstLeaf + leafCount;
      store<f64>(value + (<usize>leafCount << 3), Math.min(Math.max(mean, low), high));
      if (parent >= 0) store<i32>((isRight ? right : left) + (<usize>parent << 2), ~leaf);
      for (let at = firstAt; at < endAt; at += 4) store<i32>(leafOf + (<usize>load<i32>(at) << 2), leaf);
      leafCount++;
      continue;
    }

    const split = <usize>splitCount;
    store<i32>(feature + (split << 2), bestFeature);
    store<f64>(threshold + (split << 3), bestThreshold);
    store<u8>(missingLeft + split, bestMissingLeft);
    if (parent >= 0) store<i32>((isRight ? right : left) + (<usize>parent << 2), firstSplit + splitCount);
    let leftLow = low,
      leftHigh = high,
      rightLow = low,
      rightHigh = high;
    const direction = directionOf(bestFeature);
    if (direction != 0) {
      const leftMean = Math.min(Math.max(bestLeftMean, low), high);
      const rightMean = Math.min(Math.max(bestRightMean, low), high);
      const between = (leftMean + rightMean) / 2;
      if (direction > 0) {
        leftHigh = between;
        rightLow = between;
      } else {
        leftLow = between;
        rightHigh = between;
      }
    }
    const middle = start + markSides(firstAt, endAt);
    const middleRow = firstRow + partRows(firstAt, endAt);
    // Leaves need no order.
    if (depth + 1 < maxDepth && max(middle - start, end - middle) >= 2 * minLeafRows) {
      for (let f = constantCount; f < d; f++) {
        const column = order + <usize>load<i32>(features + (<usize>f << 2)) * orderBytes;
        partRows(column + (<usize>start << 2), column + (<usize>end << 2));
      }
    }
    const below = depth + 1;
    push(top, middle, end, middleRow, lastRow, splitCount, 1, constantCount, below, rightLow, rightHigh);
    top += pendingBytes;
    push(top, start, middle, firstRow, middleRow, splitCount, 0, constantCount, below, leftLow, leftHigh);
    top += pendingBytes;
    splitCount++;
  }
  storeGenerator(generator);
  return splitCount;
}

@inline
function push(
  at: usize,
  from: i32,
  to: i32,
  firstRow: i32,
  lastRow: i32,
  parent: i32,
  isRight: i32,
  constantCount: i32,
  depth: i32,
  low: f64,
  high: f64,
): void {
  store<i32>(at, from);
  store<i32>(at, to, 4);
  store<i32>(at, firstRow, 8);
  store<i32>(at, lastRow, 12);
  store<i32>(at, parent, 16);
  store<i32>(at, isRight, 20);
  store<i32>(at, constantCount, 24);
  store<i32>(at, depth, 28);
  store<f64>(at, low, 32);
  store<f64>(at, high, 40);
}

@inline
function directionOf(feature: i32): i32 {
  return directions == 0 ? 0 : <i32>load<i8>(directions + <usize>feature);
}

@inline
function weightOf(row: i32): f64 {
  return load<f64>(moments + (<usize>row << 4));
}

/** The rows with weight in the order of each column. @returns how many there are */
function takeBag(n: i32, d: i32, sorted: usize): i32 {
  let size: usize = 0;
  for (let j = 0; j < d; j++) {
    const column = order + <usize>j * orderBytes;
    let next = column;
    for (const last = sorted + orderBytes; sorted < last; sorted += 4) {
      const row = load<i32>(sorted);
      store<i32>(next, row);
      next += <usize>(weightOf(row) > 0) << 2;
    }
    size = next - column;
  }
  return <i32>(size >> 2);
}

/** Looks for the best split of the node at hand. @returns how many columns are now known to be constant in it */
function findSplit(constantCount: i32): i32 {
  let tried = 0;
  for (let f = constantCount; f < inputCount && tried < tryCount; f++) {
    const here = features + (<usize>f << 2);
    const there = here + (<usize>Math.floor(uniform() * <f64>(inputCount - f)) << 2);
    const feature = load<i32>(there);
    store<i32>(there, load<i32>(here));
    store<i32>(here, feature);
    const column = order + <usize>feature * orderBytes;
    const values = cells + <usize>feature * columnBytes;
    let present = end;
    let missingMoment = f64x2.splat(0);
    if (load<u8>(missing + <usize>feature) == 1) {
      while (present > start) {
        const row = rowAt(column, present - 1);
        const cell = cellOf(values, row);
        if (cell == cell) break;
        missingMoment = f64x2.add(missingMoment, v128.load(moments + (<usize>row << 4)));
        present--;
      }
    }
    const isSame =
      present == start || cellOf(values, rowAt(column, start)) == cellOf(values, rowAt(column, present - 1));
    if (isSame && (present == end || present == start)) {
      const front = features + (<usize>(constantCount++) << 2);
      store<i32>(here, load<i32>(front));
      store<i32>(front, feature);
      continue;
    }
    tried++;
    scan(feature, present, f64x2.splat(0), false);
    if (present < end) scan(feature, present, missingMoment, true);
    // Two rows can be parted in one way only.
    if (end - start == 2 && bestFeature >= 0) break;
  }
  return constantCount;
}

@inline
function rowAt(column: usize, place: i32): i32 {
  return load<i32>(column + (<usize>place << 2));
}

@inline
function cellOf(values: usize, row: i32): f64 {
  return load<f64>(values + (<usize>row << 3));
}

/**
 * Tries every threshold of a column, with its missing rows (those from `present` on) on the left or on the right.
 *
 * With L the weight and S the sum on the left, W and m the weight and mean of the node, the squared error falls by
 * W (S - L m)^2 / (L (W - L)).
 *
 * @param moment weight and sum that are on the left from the start
 */
function scan(feature: i32, present: i32, moment: v128, isMissingLeft: bool): void {
  const column = order + <usize>feature * orderBytes;
  const values = cells + <usize>feature * columnBytes;
  const direction = <f64>directionOf(feature);
  const missingCount = end - present;
  // The last place whose row may be the last on the left.
  const last = min(
    (isMissingLeft || missingCount == 0 ? present - 1 : present) - 1,
    (isMissingLeft ? present : end) - minRows - 1,
  );
  const begin = start + minRows - 1 - (isMissingLeft ? missingCount : 0);
  let p = start;
  for (; p < begin; p++) moment = f64x2.add(moment, v128.load(moments + (<usize>rowAt(column, p) << 4)));
  let limit = numerator * (1 + tieMargin);
  let divisor = denominator;
  for (; p <= last; p++) {
    const row = rowAt(column, p);
    moment = f64x2.add(moment, v128.load(moments + (<usize>row << 4)));
    const leftWeight = f64x2.extract_lane(moment, 0);
    const leftSum = f64x2.extract_lane(moment, 1);
    const excess = leftSum - leftWeight * mean;
    const product = leftWeight * (weight - leftWeight);
    if (excess * excess * divisor <= limit * product) continue;
    const below = cellOf(values, row);
    const above = p + 1 == present ? Infinity : cellOf(values, rowAt(column, p + 1));
    if (below == above) continue;
    const rightWeight = weight - leftWeight;
    const leftMean = leftSum / leftWeight;
    const rightMean = (weight * mean - leftSum) / rightWeight;
    if (direction * (rightMean - leftMean) < 0) continue;
    numerator = excess * excess;
    denominator = product;
    limit = numerator * (1 + tieMargin);
    divisor = product;
    bestFeature = feature;
    bestThreshold = above == Infinity ? aboveAll : between(below, above);
    bestMissingLeft = missingCount > 0 ? isMissingLeft : 2 * leftWeight >= weight;
    bestLeftMean = leftMean;
    bestRightMean = rightMean;
  }
}

/** The middle of two cells; the lower one where rounding would reach the upper. */
@inline
function between(below: f64, above: f64): f64 {
  const middle = below + (above - below) / 2;
  return middle < above ? middle : below;
}

/** Marks the rows of the node that its split sends left. @returns how many of those have weight */
function markSides(firstAt: usize, endAt: usize): i32 {
  const values = cells + <usize>bestFeature * columnBytes;
  let count = 0;
  for (let at = firstAt; at < endAt; at += 4) {
    const row = load<i32>(at);
    const cell = cellOf(values, row);
    const isLeft = <i32>(cell <= bestThreshold) | (<i32>(cell != cell) & <i32>bestMissingLeft);
    store<u8>(goesLeft + <usize>row, isLeft);
    count += isLeft & <i32>(weightOf(row) > 0);
  }
  return count;
}

/** Puts the rows that go left first, without changing the order on either side. @returns how many they are */
function partRows(firstAt: usize, endAt: usize): i32 {
  let leftAt = firstAt;
  let rightAt = scratch;
  // Both writes, one of which is overwritten: faster than a branch that nobody can foresee.
  for (let at = firstAt; at < endAt; at += 4) {
    const row = load<i32>(at);
    const isLeft = <usize>load<u8>(goesLeft + <usize>row);
    store<i32>(leftAt, row);
    store<i32>(rightAt, row);
    leftAt += isLeft << 2;
    rightAt += (1 - isLeft) << 2;
  }
  const bytes = rightAt - scratch;
  if (bytes > 256) memory.copy(leftAt, scratch, bytes);
  else for (let at: usize = 0; at < bytes; at += 4) store<i32>(leftAt + at, load<i32>(scratch + at));
  return <i32>((leftAt - firstAt) >> 2);
}
