// Grows one extremely randomised tree; `reference/growExtraTree.ts` says what that is, and every number here is made by
// the same operations in the same order.
//
// Where most inputs are tried at a node, one pass over its rows takes all of them, two inputs a vector: first for their
// ranges, then, with all thresholds drawn, for the sums on the left. Where few are tried, each takes passes of its own.

import { loadGenerator, storeGenerator, uniform } from './smallFastCounting';

/** A node to be done: start, end, split above (-1 for the top), side, constant inputs, and the variance it inherits. */
const pendingBytes: usize = 32;

// The tree at hand.
let inputCount: i32 = 0;
let paddedInputs: i32 = 0;
let cells: usize = 0;
let rowBytes: usize = 0;
let missing: usize = 0;
let tryCount: i32 = 0;
let minLeaf: f64 = 1;

// Workspace: targets and rows of a node side by side; then a number an input.
let targets: usize = 0;
let rows: usize = 0;
let least: usize = 0;
let most: usize = 0;
let thresholds: usize = 0;
let leftSums: usize = 0;
let leftCounts: usize = 0;
let missingSums: usize = 0;
let missingCounts: usize = 0;
let features: usize = 0;
let tried: usize = 0;

// The node at hand: rows, the sum of their targets, and its best split so far.
let start: i32 = 0;
let end: i32 = 0;
let sum: f64 = 0;
let tolerance: f64 = 0;
let bestGain: f64 = 0;
let bestFeature: i32 = -1;
let bestThreshold: f64 = 0;
let bestMissingLeft: bool = false;

/**
 * @param x row i at x + i * ldx, ldx a multiple of 16; read up to the next even number of inputs
 * @param hasMissing u8 [d]
 * @param generator a, b, c and counter of sfc64 [4], advanced
 * @param firstSplit, firstLeaf where the numbers of this tree's splits and leaves begin
 * @param feature, threshold, left, right, missingLeft, value, variance outputs, room for n each
 * @param work 44 n + 64 d + 160 bytes
 * @returns number of splits
 */
export function growExtraTree(
  n: i32,
  d: i32,
  x: usize,
  ldx: usize,
  z: usize,
  hasMissing: usize,
  featuresTried: i32,
  minLeafRows: i32,
  minVarianceRows: i32,
  generator: usize,
  firstSplit: i32,
  firstLeaf: i32,
  feature: usize,
  threshold: usize,
  left: usize,
  right: usize,
  missingLeft: usize,
  value: usize,
  variance: usize,
  work: usize,
): i32 {
  inputCount = d;
  paddedInputs = (d + 1) & ~1;
  cells = x;
  rowBytes = ldx;
  missing = hasMissing;
  tryCount = featuresTried;
  minLeaf = <f64>minLeafRows;
  const inputBytes = <usize>paddedInputs << 3;
  targets = work;
  least = targets + (<usize>n << 3);
  most = least + inputBytes;
  thresholds = most + inputBytes;
  leftSums = thresholds + inputBytes;
  leftCounts = leftSums + inputBytes;
  missingSums = leftCounts + inputBytes;
  missingCounts = missingSums + inputBytes;
  const pending = missingCounts + (inputBytes >> 1);
  rows = pending + (<usize>n + 1) * pendingBytes;
  features = rows + (<usize>n << 2);
  tried = features + (inputBytes >> 1);
  memory.copy(targets, z, <usize>n << 3);
  for (let i = 0; i < n; i++) store<i32>(rows + (<usize>i << 2), i);
  for (let j = 0; j < d; j++) store<i32>(features + (<usize>j << 2), j);
  loadGenerator(generator);

  let splitCount = 0;
  let leafCount = 0;
  let top = pending;
  push(top, 0, n, -1, 0, 0, 0);
  top += pendingBytes;
  while (top > pending) {
    top -= pendingBytes;
    start = load<i32>(top);
    end = load<i32>(top, 4);
    const parent = load<i32>(top, 8);
    const isRight = load<i32>(top, 12);
    let constantCount = load<i32>(top, 16);
    let spread = load<f64>(top, 24);
    const size = end - start;

    sum = 0;
    let low = Infinity;
    let high = -Infinity;
    const first = targets + (<usize>start << 3);
    const last = targets + (<usize>end << 3);
    for (let at = first; at < last; at += 8) {
      const target = load<f64>(at);
      sum += target;
      if (target < low) low = target;
      if (target > high) high = target;
    }
    const mean = sum / <f64>size;
    if (size >= minVarianceRows || parent < 0) {
      let squares: f64 = 0;
      for (let at = first; at < last; at += 8) {
        const error = load<f64>(at) - mean;
        squares += error * error;
      }
      spread = size > 1 ? squares / <f64>(size - 1) : 0;
    }

    bestFeature = -1;
    if (size >= 2 * minLeafRows && low < high) {
      bestGain = -Infinity;
      tolerance = 1e-12 * <f64>size * Math.max(low * low, high * high);
      constantCount = findSplit(constantCount);
    }

    if (bestFeature < 0) {
      const leaf = <usize>leafCount << 3;
      store<f64>(value + leaf, mean);
      store<f64>(variance + leaf, spread);
      if (parent >= 0) store<i32>((isRight ? right : left) + (<usize>parent << 2), ~(firstLeaf + leafCount));
      leafCount++;
      continue;
    }
    const at = <usize>splitCount << 2;
    store<i32>(feature + at, bestFeature);
    store<f64>(threshold + (at << 1), bestThreshold);
    store<u8>(missingLeft + <usize>splitCount, bestMissingLeft);
    if (parent >= 0) store<i32>((isRight ? right : left) + (<usize>parent << 2), firstSplit + splitCount);
    const middle = part();
    push(top, middle, end, splitCount, 1, constantCount, spread);
    push(top + pendingBytes, start, middle, splitCount, 0, constantCount, spread);
    top += 2 * pendingBytes;
    splitCount++;
  }
  storeGenerator(generator);
  return splitCount;
}

@inline
function push(at: usize, from: i32, to: i32, parent: i32, isRight: i32, constantCount: i32, spread: f64): void {
  store<i32>(at, from);
  store<i32>(at, to, 4);
  store<i32>(at, parent, 8);
  store<i32>(at, isRight, 12);
  store<i32>(at, constantCount, 16);
  store<f64>(at, spread, 24);
}

/** Tries inputs in random order; leaves the best split in the globals. @returns how many are now known as constant */
function findSplit(constantCount: i32): i32 {
  const size = end - start;
  // A pass for all inputs pays from a fifth of them on (measured); two rows often need one input only.
  const isTogether = size > 2 && 5 * min(tryCount, inputCount - constantCount) >= inputCount;
  if (isTogether) rangesOfAll();
  let triedCount = 0;
  for (let f = constantCount; f < inputCount && triedCount < tryCount; f++) {
    const draw = uniform() * <f64>(inputCount - f);
    const chosen = Math.floor(draw);
    const here = features + (<usize>f << 2);
    const there = here + (<usize>chosen << 2);
    const feature = load<i32>(there);
    store<i32>(there, load<i32>(here));
    store<i32>(here, feature);
    if (!isTogether) rangeOf(feature);
    let missingCount = 0;
    if (load<u8>(missing + <usize>feature) == 1) missingCount = sumMissing(feature);
    const at = <usize>feature << 3;
    const low = load<f64>(least + at);
    const high = load<f64>(most + at);
    if (missingCount == size || (low == high && missingCount == 0)) {
      const front = features + (<usize>(constantCount++) << 2);
      store<i32>(here, load<i32>(front));
      store<i32>(front, feature);
      continue;
    }
    let threshold = low + (draw - chosen) * (high - low);
    // Rounding may reach the greatest value, which would leave the right side empty.
    if (threshold >= high) threshold = low;
    store<f64>(thresholds + at, threshold);
    store<i32>(missingCounts + (<usize>feature << 2), missingCount);
    store<i32>(tried + (<usize>(triedCount++) << 2), feature);
    if (isTogether) continue;
    sumLeftOf(feature);
    consider(feature);
    // Two rows can be parted in one way only.
    if (size == 2 && bestFeature >= 0) break;
  }
  if (isTogether) {
    sumLeftOfAll();
    for (let k = 0; k < triedCount; k++) consider(load<i32>(tried + (<usize>k << 2)));
  }
  return constantCount;
}

/** Takes the split of an input at its threshold if it is better than the best so far. */
function consider(feature: i32): void {
  const at = <usize>feature << 3;
  const size = <f64>(end - start);
  const leftCount = <f64>load<i64>(leftCounts + at);
  const leftSum = load<f64>(leftSums + at);
  const missingCount = <f64>load<i32>(missingCounts + (<usize>feature << 2));
  for (let missingLeft = missingCount > 0 ? 1 : 0; missingLeft >= 0; missingLeft--) {
    let count = leftCount;
    let total = leftSum;
    if (missingLeft == 1) {
      count += missingCount;
      total += load<f64>(missingSums + at);
    }
    const rest = size - count;
    if (count < minLeaf || rest < minLeaf) continue;
    const gain = (total * total) / count + ((sum - total) * (sum - total)) / rest;
    if (!(gain > bestGain + tolerance)) continue;
    bestGain = gain;
    bestFeature = feature;
    bestThreshold = load<f64>(thresholds + at);
    bestMissingLeft = missingCount > 0 ? missingLeft == 1 : 2 * count >= size;
  }
}

/** Ranges of all inputs over the rows of the node; missing cells do not count. */
function rangesOfAll(): void {
  let j = 0;
  for (; j + 8 <= paddedInputs; j += 8) rangesOfEight(<usize>j << 3);
  for (; j < paddedInputs; j += 2) rangesOfTwo(<usize>j << 3);
}

function rangesOfEight(at: usize): void {
  const from = cells + at;
  let l0 = f64x2.splat(Infinity),
    l1 = l0,
    l2 = l0,
    l3 = l0;
  let m0 = f64x2.splat(-Infinity),
    m1 = m0,
    m2 = m0,
    m3 = m0;
  const last = rows + (<usize>end << 2);
  for (let r = rows + (<usize>start << 2); r < last; r += 4) {
    const cell = from + <usize>load<i32>(r) * rowBytes;
    const x0 = v128.load(cell),
      x1 = v128.load(cell, 16),
      x2 = v128.load(cell, 32),
      x3 = v128.load(cell, 48);
    // The first where the second is no less: so a missing cell is never taken.
    l0 = f64x2.pmin(l0, x0);
    l1 = f64x2.pmin(l1, x1);
    l2 = f64x2.pmin(l2, x2);
    l3 = f64x2.pmin(l3, x3);
    m0 = f64x2.pmax(m0, x0);
    m1 = f64x2.pmax(m1, x1);
    m2 = f64x2.pmax(m2, x2);
    m3 = f64x2.pmax(m3, x3);
  }
  v128.store(least + at, l0);
  v128.store(least + at, l1, 16);
  v128.store(least + at, l2, 32);
  v128.store(least + at, l3, 48);
  v128.store(most + at, m0);
  v128.store(most + at, m1, 16);
  v128.store(most + at, m2, 32);
  v128.store(most + at, m3, 48);
}

function rangesOfTwo(at: usize): void {
  const from = cells + at;
  let low = f64x2.splat(Infinity);
  let high = f64x2.splat(-Infinity);
  const last = rows + (<usize>end << 2);
  for (let r = rows + (<usize>start << 2); r < last; r += 4) {
    const cell = v128.load(from + <usize>load<i32>(r) * rowBytes);
    low = f64x2.pmin(low, cell);
    high = f64x2.pmax(high, cell);
  }
  v128.store(least + at, low);
  v128.store(most + at, high);
}

/** Range of one input. */
function rangeOf(feature: i32): void {
  const at = <usize>feature << 3;
  const from = cells + at;
  let low = f64x2.splat(Infinity);
  let high = f64x2.splat(-Infinity);
  const last = rows + (<usize>end << 2);
  for (let r = rows + (<usize>start << 2); r < last; r += 4) {
    const cell = v128.load64_splat(from + <usize>load<i32>(r) * rowBytes);
    low = f64x2.pmin(low, cell);
    high = f64x2.pmax(high, cell);
  }
  store<f64>(least + at, f64x2.extract_lane(low, 0));
  store<f64>(most + at, f64x2.extract_lane(high, 0));
}

/** Sum of the targets of rows without a cell of an input. @returns how many they are */
function sumMissing(feature: i32): i32 {
  const at = <usize>feature << 3;
  let count = 0;
  let total: f64 = 0;
  for (let r = start; r < end; r++) {
    const cell = load<f64>(cells + <usize>load<i32>(rows + (<usize>r << 2)) * rowBytes + at);
    if (cell == cell) continue;
    count++;
    total += load<f64>(targets + (<usize>r << 3));
  }
  store<f64>(missingSums + at, total);
  return count;
}

/** Rows of the node at or below the threshold of each input: their number and the sum of their targets. */
function sumLeftOfAll(): void {
  let j = 0;
  for (; j + 8 <= paddedInputs; j += 8) sumLeftOfEight(<usize>j << 3);
  for (; j < paddedInputs; j += 2) sumLeftOfTwo(<usize>j << 3);
}

function sumLeftOfEight(at: usize): void {
  const from = cells + at;
  const t0 = v128.load(thresholds + at),
    t1 = v128.load(thresholds + at, 16),
    t2 = v128.load(thresholds + at, 32),
    t3 = v128.load(thresholds + at, 48);
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  let n0 = s0,
    n1 = s0,
    n2 = s0,
    n3 = s0;
  let target = targets + (<usize>start << 3);
  const last = rows + (<usize>end << 2);
  for (let r = rows + (<usize>start << 2); r < last; r += 4) {
    const cell = from + <usize>load<i32>(r) * rowBytes;
    const z = v128.load64_splat(target);
    target += 8;
    // All bits where the row goes left: -1 as a whole number.
    const g0 = f64x2.le(v128.load(cell), t0);
    s0 = f64x2.add(s0, v128.and(g0, z));
    n0 = i64x2.sub(n0, g0);
    const g1 = f64x2.le(v128.load(cell, 16), t1);
    s1 = f64x2.add(s1, v128.and(g1, z));
    n1 = i64x2.sub(n1, g1);
    const g2 = f64x2.le(v128.load(cell, 32), t2);
    s2 = f64x2.add(s2, v128.and(g2, z));
    n2 = i64x2.sub(n2, g2);
    const g3 = f64x2.le(v128.load(cell, 48), t3);
    s3 = f64x2.add(s3, v128.and(g3, z));
    n3 = i64x2.sub(n3, g3);
  }
  v128.store(leftSums + at, s0);
  v128.store(leftSums + at, s1, 16);
  v128.store(leftSums + at, s2, 32);
  v128.store(leftSums + at, s3, 48);
  v128.store(leftCounts + at, n0);
  v128.store(leftCounts + at, n1, 16);
  v128.store(leftCounts + at, n2, 32);
  v128.store(leftCounts + at, n3, 48);
}

function sumLeftOfTwo(at: usize): void {
  const from = cells + at;
  const limit = v128.load(thresholds + at);
  let total = f64x2.splat(0);
  let count = total;
  let target = targets + (<usize>start << 3);
  const last = rows + (<usize>end << 2);
  for (let r = rows + (<usize>start << 2); r < last; r += 4) {
    const goesLeft = f64x2.le(v128.load(from + <usize>load<i32>(r) * rowBytes), limit);
    total = f64x2.add(total, v128.and(goesLeft, v128.load64_splat(target)));
    count = i64x2.sub(count, goesLeft);
    target += 8;
  }
  v128.store(leftSums + at, total);
  v128.store(leftCounts + at, count);
}

/** The same of one input. */
function sumLeftOf(feature: i32): void {
  const at = <usize>feature << 3;
  const from = cells + at;
  const limit = v128.load64_splat(thresholds + at);
  let total = f64x2.splat(0);
  let count = total;
  let target = targets + (<usize>start << 3);
  const last = rows + (<usize>end << 2);
  for (let r = rows + (<usize>start << 2); r < last; r += 4) {
    const goesLeft = f64x2.le(v128.load64_splat(from + <usize>load<i32>(r) * rowBytes), limit);
    total = f64x2.add(total, v128.and(goesLeft, v128.load64_splat(target)));
    count = i64x2.sub(count, goesLeft);
    target += 8;
  }
  store<f64>(leftSums + at, f64x2.extract_lane(total, 0));
  store<i64>(leftCounts + at, i64x2.extract_lane(count, 0));
}

/** Parts the rows of the node by its best split, without a branch a row. @returns where those on the right begin */
function part(): i32 {
  const from = cells + (<usize>bestFeature << 3);
  let middle = start;
  for (let r = start; r < end; r++) {
    const rowHere = rows + (<usize>r << 2);
    const row = load<i32>(rowHere);
    const cell = load<f64>(from + <usize>row * rowBytes);
    const goesLeft = <i32>(cell <= bestThreshold) | (<i32>(cell != cell) & <i32>bestMissingLeft);
    // A row that goes left changes places with the first that does not.
    const rowThere = rows + (<usize>middle << 2);
    const change = (row ^ load<i32>(rowThere)) & -goesLeft;
    store<i32>(rowHere, row ^ change);
    store<i32>(rowThere, load<i32>(rowThere) ^ change);
    const targetHere = targets + (<usize>r << 3);
    const targetThere = targets + (<usize>middle << 3);
    const target = load<u64>(targetHere);
    const changeBits = (target ^ load<u64>(targetThere)) & -(<u64>goesLeft);
    store<u64>(targetHere, target ^ changeBits);
    store<u64>(targetThere, load<u64>(targetThere) ^ changeBits);
    middle += goesLeft;
  }
  return middle;
}
