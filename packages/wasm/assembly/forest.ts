// Sums of leaf values over the trees of a forest, for rows of float64 inputs or of 8-bit bins (T = f64 or u8).
//
// Many rows: each tree is packed into nodes of 16 bytes with the children of a node side by side, and eight rows walk it
// in step, so that their cache misses and comparisons overlap. Leaves lead to themselves, which spares the walk a branch
// a row. Few rows: packing would cost more than it saves, so each row walks the arrays as they are.
//
// A missing value goes right. Where a node sends it left, the walk reads a second copy of the inputs in which missing
// values lie below every threshold.

const nodeBytes: usize = 16;
const featureAt: usize = 8;
const childAt: usize = 12;
/** Bytes of workspace a node: packed node, two leaf values, place of the node among the packed ones. */
export const workspaceBytes: usize = 36;

const missingBin: u8 = 255;

// The forest at hand.
let feature: usize = 0;
let left: usize = 0;
let right: usize = 0;
let missingLeft: usize = 0;
let threshold: usize = 0;
let leafValue: usize = 0;
let leafSecond: usize = 0;
let features: i32 = 0;

// The tree at hand, packed.
let nodes: usize = 0;
let values: usize = 0;
let seconds: usize = 0;
let places: usize = 0;

/**
 * @param second, missingLeft 0 where absent
 * @param ldx bytes from one input to the next
 * @param blockRows rows handled at a time, a multiple of 8
 * @param work workspaceBytes times the nodes of the largest tree, then a copy (two with `missingLeft`) of a block
 * @returns 0, or 1 + the number of a node that makes a tree malformed
 */
@inline
function predict<T>(
  m: i32,
  d: i32,
  treeCount: i32,
  nodeCount: i32,
  roots: usize,
  x: usize,
  ldx: usize,
  scale: f64,
  value: usize,
  second: usize,
  blockRows: i32,
  largestTree: i32,
  work: usize,
): i32 {
  features = d;
  nodes = work;
  values = nodes + <usize>largestTree * nodeBytes;
  seconds = values + (<usize>largestTree << 3);
  places = seconds + (<usize>largestTree << 3);
  const block = (places + (<usize>largestTree << 2) + 15) & ~15;
  const isPacked = m >= 8 && <i64>m * <i64>treeCount * 16 >= <i64>nodeCount;
  for (let start = 0; start < m; start += blockRows) {
    const rows = min(blockRows, m - start);
    const valueOut = value + (<usize>start << 3);
    const secondOut = second == 0 ? <usize>0 : second + (<usize>start << 3);
    const rowsAt = x + <usize>start * sizeof<T>();
    memory.fill(valueOut, 0, <usize>rows << 3);
    if (second != 0) memory.fill(secondOut, 0, <usize>rows << 3);
    if (isPacked) copyBlock<T>(rows, rowsAt, ldx, block);
    for (let t = 0; t < treeCount; t++) {
      const root = load<i32>(roots + (<usize>t << 2));
      const end = t + 1 < treeCount ? load<i32>(roots + (<usize>t << 2), 4) : nodeCount;
      if (root < 0 || root >= end || end > nodeCount) return 1 + max(root, 0);
      const failed = isPacked
        ? packTree<T>(root, end)
        : walkEach<T>(root, end, rows, rowsAt, ldx, valueOut, secondOut);
      if (failed != 0) return failed;
      if (isPacked) walkInStep<T>(rows, block, valueOut, secondOut);
    }
    for (let i: usize = 0; i < <usize>rows << 3; i += 8) {
      store<f64>(valueOut + i, scale * load<f64>(valueOut + i));
      if (second != 0) store<f64>(secondOut + i, scale * load<f64>(secondOut + i));
    }
  }
  return 0;
}

/** Each row down the tree in `root` .. `end` - 1 as it lies in the arrays. */
function walkEach<T>(root: i32, end: i32, rows: i32, x: usize, ldx: usize, value: usize, second: usize): i32 {
  for (let i: usize = 0; i < <usize>rows; i++) {
    let node = root;
    for (;;) {
      const at = <usize>node << 2;
      const split = load<i32>(feature + at);
      if (split < 0) break;
      if (split >= features) return 1 + node;
      const input = load<T>(x + i * sizeof<T>() + <usize>split * ldx);
      const goesLeft = isMissing<T>(input)
        ? missingLeft != 0 && load<u8>(missingLeft + <usize>node) != 0
        : input <= load<T>(threshold + <usize>node * sizeof<T>());
      const child = load<i32>((goesLeft ? left : right) + at);
      if (child <= node || child >= end) return 1 + node;
      node = child;
    }
    const leaf = <usize>node << 3;
    store<f64>(value + (i << 3), load<f64>(value + (i << 3)) + load<f64>(leafValue + leaf));
    if (second != 0) store<f64>(second + (i << 3), load<f64>(second + (i << 3)) + load<f64>(leafSecond + leaf));
  }
  return 0;
}

@inline
function isMissing<T>(input: T): bool {
  if (isFloat<T>()) return input != input;
  return input == <T>missingBin;
}

/** Packs the tree in `root` .. `end` - 1: each pair of children takes the next two places. */
function packTree<T>(root: i32, end: i32): i32 {
  const count = end - root;
  memory.fill(places, 0xff, <usize>count << 2);
  store<i32>(places, 0);
  let taken = 1;
  for (let node = root; node < end; node++) {
    const place = load<i32>(places + (<usize>(node - root) << 2));
    // A node no parent leads to.
    if (place < 0) continue;
    const at = <usize>node << 2;
    const packed = nodes + <usize>place * nodeBytes;
    const split = load<i32>(feature + at);
    if (split < 0) {
      store<T>(packed, isFloat<T>() ? <T>Infinity : <T>missingBin);
      store<i32>(packed + featureAt, 0);
      store<i32>(packed + childAt, <i32>(<usize>place * nodeBytes));
      store<f64>(values + (<usize>place << 3), load<f64>(leafValue + (<usize>node << 3)));
      if (leafSecond != 0) store<f64>(seconds + (<usize>place << 3), load<f64>(leafSecond + (<usize>node << 3)));
      continue;
    }
    const l = load<i32>(left + at);
    const r = load<i32>(right + at);
    if (split >= features || l <= node || l >= end || r <= node || r >= end || l == r) return 1 + node;
    const leftPlace = places + (<usize>(l - root) << 2);
    const rightPlace = places + (<usize>(r - root) << 2);
    // A second parent.
    if (load<i32>(leftPlace) >= 0 || load<i32>(rightPlace) >= 0) return 1 + node;
    const limit = load<T>(threshold + <usize>node * sizeof<T>());
    if (isFloat<T>()) {
      if (!isFinite(<f64>limit)) return 1 + node;
    } else if (limit == <T>missingBin) return 1 + node;
    store<i32>(leftPlace, taken);
    store<i32>(rightPlace, taken + 1);
    const copy = missingLeft != 0 && load<u8>(missingLeft + <usize>node) != 0 ? features : 0;
    store<T>(packed, limit);
    store<i32>(packed + featureAt, (split + copy) * <i32>sizeof<T>() * 8);
    store<i32>(packed + childAt, taken * <i32>nodeBytes);
    taken += 2;
  }
  return 0;
}

/** Copies a block of rows in groups of eight, [group][input][8], missing above every threshold; then again, below. */
function copyBlock<T>(rows: i32, x: usize, ldx: usize, to: usize): void {
  const copies = missingLeft != 0 ? 2 : 1;
  for (let start = 0; start < rows; start += 8) {
    const group = min(8, rows - start);
    for (let copy = 0; copy < copies; copy++) {
      for (let j = 0; j < features; j++) {
        const from = x + <usize>j * ldx + <usize>start * sizeof<T>();
        for (let i = 0; i < 8; i++) {
          // The last group repeats its last row.
          const input = load<T>(from + <usize>min(i, group - 1) * sizeof<T>());
          store<T>(to, isMissing<T>(input) ? standIn<T>(copy) : input);
          to += sizeof<T>();
        }
      }
    }
  }
}

@inline
function standIn<T>(copy: i32): T {
  if (isFloat<T>()) return copy == 0 ? <T>Infinity : -<T>Infinity;
  return copy == 0 ? <T>missingBin : <T>0;
}

/** The next node of the row at `x`: the left child, or the right one beside it. */
@inline
function next<T>(node: i32, x: usize): i32 {
  const at = nodes + <usize>node;
  const input = load<T>(x + <usize>load<i32>(at, featureAt));
  return load<i32>(at, childAt) + (<i32>(input > load<T>(at)) << 4);
}

/** Eight rows at a time down the packed tree, until all have come to rest on their leaves. */
function walkInStep<T>(rows: i32, block: usize, value: usize, second: usize): void {
  const groupBytes = <usize>features * (missingLeft != 0 ? 2 : 1) * 8 * sizeof<T>();
  for (let start = 0; start < rows; start += 8) {
    let n0 = 0, n1 = 0, n2 = 0, n3 = 0, n4 = 0, n5 = 0, n6 = 0, n7 = 0;
    let moved = 1;
    while (moved != 0) {
      const m0 = next<T>(n0, block);
      const m1 = next<T>(n1, block + sizeof<T>());
      const m2 = next<T>(n2, block + 2 * sizeof<T>());
      const m3 = next<T>(n3, block + 3 * sizeof<T>());
      const m4 = next<T>(n4, block + 4 * sizeof<T>());
      const m5 = next<T>(n5, block + 5 * sizeof<T>());
      const m6 = next<T>(n6, block + 6 * sizeof<T>());
      const m7 = next<T>(n7, block + 7 * sizeof<T>());
      moved = (m0 ^ n0) | (m1 ^ n1) | (m2 ^ n2) | (m3 ^ n3) | (m4 ^ n4) | (m5 ^ n5) | (m6 ^ n6) | (m7 ^ n7);
      n0 = m0;
      n1 = m1;
      n2 = m2;
      n3 = m3;
      n4 = m4;
      n5 = m5;
      n6 = m6;
      n7 = m7;
    }
    const left = rows - start;
    add(0, left, n0, value, second);
    add(1, left, n1, value, second);
    add(2, left, n2, value, second);
    add(3, left, n3, value, second);
    add(4, left, n4, value, second);
    add(5, left, n5, value, second);
    add(6, left, n6, value, second);
    add(7, left, n7, value, second);
    value += 64;
    if (second != 0) second += 64;
    block += groupBytes;
  }
}

/** Adds the values of the leaf `node` to row `lane` of a group, of which the first `left` rows exist. */
@inline
function add(lane: i32, left: i32, node: i32, value: usize, second: usize): void {
  if (lane >= left) return;
  const leaf = <usize>node >> 1;
  const row = <usize>lane << 3;
  store<f64>(value + row, load<f64>(value + row) + load<f64>(values + leaf));
  if (second != 0) store<f64>(second + row, load<f64>(second + row) + load<f64>(seconds + leaf));
}

/** Names the arrays of the forest for the next prediction. */
export function selectForest(
  featureAt: usize,
  leftAt: usize,
  rightAt: usize,
  missingLeftAt: usize,
  thresholdAt: usize,
  valueAt: usize,
  secondAt: usize,
): void {
  feature = featureAt;
  left = leftAt;
  right = rightAt;
  missingLeft = missingLeftAt;
  threshold = thresholdAt;
  leafValue = valueAt;
  leafSecond = secondAt;
}

export function predictForest(
  m: i32,
  d: i32,
  treeCount: i32,
  nodeCount: i32,
  roots: usize,
  x: usize,
  ldx: usize,
  scale: f64,
  value: usize,
  second: usize,
  blockRows: i32,
  largestTree: i32,
  work: usize,
): i32 {
  return predict<f64>(m, d, treeCount, nodeCount, roots, x, ldx, scale, value, second, blockRows, largestTree, work);
}

export function predictBinnedForest(
  m: i32,
  d: i32,
  treeCount: i32,
  nodeCount: i32,
  roots: usize,
  x: usize,
  ldx: usize,
  scale: f64,
  value: usize,
  second: usize,
  blockRows: i32,
  largestTree: i32,
  work: usize,
): i32 {
  return predict<u8>(m, d, treeCount, nodeCount, roots, x, ldx, scale, value, second, blockRows, largestTree, work);
}
