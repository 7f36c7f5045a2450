// Sums over the trees of a forest of what the leaves of a row hold, for rows of float64 inputs or of 8-bit bins (T = f64
// or u8).
//
// Many rows: each tree is packed into nodes of 16 bytes with the children of a split side by side, and eight rows walk
// it in step, so that their cache misses and comparisons overlap. Leaves lead to themselves, which spares the walk a
// branch a row. Few rows: packing would cost more than it saves, so each row walks the arrays as they are.
//
// A missing value goes right. Where a split sends it left, the walk reads a second copy of the inputs in which missing
// values lie below every threshold.

/** A packed node: threshold, then the place of its input in a group of rows, then the place of its left child. */
const nodeBytes: usize = 16;
const featureAt: usize = 8;
const childAt: usize = 12;

const missingBin: u8 = 255;

// The forest at hand.
let splitCount: i32 = 0;
let leafCount: i32 = 0;
let feature: usize = 0;
let left: usize = 0;
let right: usize = 0;
let missingLeft: usize = 0;
let threshold: usize = 0;
let leafValue: usize = 0;
let leafSecond: usize = 0;
let features: i32 = 0;

// The tree at hand, packed, and what its leaves hold.
let nodes: usize = 0;
let values: usize = 0;
let seconds: usize = 0;
let references: usize = 0;
let capacity: i32 = 0;

// Where the sums of the block of rows at hand go; 0 where they are not wanted.
let valueOut: usize = 0;
let secondOut: usize = 0;
let squareOut: usize = 0;

/** Names the arrays of the forest for the next prediction; 0 for those it lacks. */
export function selectForest(
  splits: i32,
  leaves: i32,
  featureArray: usize,
  leftArray: usize,
  rightArray: usize,
  missingLeftArray: usize,
  thresholdArray: usize,
  valueArray: usize,
  secondArray: usize,
): void {
  splitCount = splits;
  leafCount = leaves;
  feature = featureArray;
  left = leftArray;
  right = rightArray;
  missingLeft = missingLeftArray;
  threshold = thresholdArray;
  leafValue = valueArray;
  leafSecond = secondArray;
}

/** `predict` over float64 inputs. */
export function predictForest(
  m: i32,
  d: i32,
  treeCount: i32,
  roots: usize,
  x: usize,
  ldx: usize,
  scale: f64,
  value: usize,
  second: usize,
  squares: usize,
  blockRows: i32,
  treeNodes: i32,
  work: usize,
): i32 {
  return predict<f64>(m, d, treeCount, roots, x, ldx, scale, value, second, squares, blockRows, treeNodes, work);
}

/** `predict` over bins. */
export function predictBinnedForest(
  m: i32,
  d: i32,
  treeCount: i32,
  roots: usize,
  x: usize,
  ldx: usize,
  scale: f64,
  value: usize,
  second: usize,
  squares: usize,
  blockRows: i32,
  treeNodes: i32,
  work: usize,
): i32 {
  return predict<u8>(m, d, treeCount, roots, x, ldx, scale, value, second, squares, blockRows, treeNodes, work);
}

/**
 * @param ldx bytes from one input to the next
 * @param value, second, squares outputs [m], 0 where not wanted
 * @param blockRows rows handled at a time, a multiple of 8
 * @param treeNodes most nodes a tree can have, leaves included
 * @param work 36 bytes a node, 16 more, then a copy of a block of rows, two with `missingLeft`
 * @returns 0, or 1 + the number of a malformed tree
 */
function predict<T>(
  m: i32,
  d: i32,
  treeCount: i32,
  roots: usize,
  x: usize,
  ldx: usize,
  scale: f64,
  value: usize,
  second: usize,
  squares: usize,
  blockRows: i32,
  treeNodes: i32,
  work: usize,
): i32 {
  features = d;
  capacity = treeNodes;
  nodes = work;
  values = nodes + <usize>treeNodes * nodeBytes;
  seconds = values + (<usize>treeNodes << 3);
  references = seconds + (<usize>treeNodes << 3);
  const block = (references + (<usize>treeNodes << 2) + 15) & ~15;
  // A packed tree pays when it is walked by more than about an eighth as many rows as it has splits.
  const isPacked = m >= 8 && <i64>m * <i64>treeCount * 8 >= <i64>splitCount;
  for (let start = 0; start < m; start += blockRows) {
    const rows = min(blockRows, m - start);
    const rowsAt = x + <usize>start * sizeof<T>();
    valueOut = outputOf(value, start, rows);
    secondOut = outputOf(second, start, rows);
    squareOut = outputOf(squares, start, rows);
    if (isPacked) copyBlock<T>(rows, rowsAt, ldx, block);
    for (let t = 0; t < treeCount; t++) {
      const root = load<i32>(roots + (<usize>t << 2));
      const isWell = isPacked ? packTree<T>(root) : walkEach<T>(root, rows, rowsAt, ldx);
      if (!isWell) return 1 + t;
      if (isPacked) walkInStep<T>(rows, block);
    }
    scaleOutput(valueOut, rows, scale);
    scaleOutput(secondOut, rows, scale);
    scaleOutput(squareOut, rows, scale);
  }
  return 0;
}

/** The part of an output that belongs to a block of rows, cleared. */
function outputOf(output: usize, start: i32, rows: i32): usize {
  if (output == 0) return 0;
  const part = output + (<usize>start << 3);
  memory.fill(part, 0, <usize>rows << 3);
  return part;
}

function scaleOutput(output: usize, rows: i32, scale: f64): void {
  if (output == 0) return;
  for (; rows > 0; rows--) {
    store<f64>(output, scale * load<f64>(output));
    output += 8;
  }
}

/** Adds what a leaf holds to the sums of row `i` of the block. */
@inline
function addLeaf(i: i32, value: f64, second: usize): void {
  const row = <usize>i << 3;
  store<f64>(valueOut + row, load<f64>(valueOut + row) + value);
  if (secondOut != 0) store<f64>(secondOut + row, load<f64>(secondOut + row) + load<f64>(second));
  if (squareOut != 0) store<f64>(squareOut + row, load<f64>(squareOut + row) + value * value);
}

/** Each row down a tree as it lies in the arrays; false when it is malformed. */
function walkEach<T>(root: i32, rows: i32, x: usize, ldx: usize): bool {
  for (let i = 0; i < rows; i++) {
    let reference = root;
    let above = -1;
    while (reference >= 0) {
      const split = reference;
      if (split <= above || split >= splitCount) return false;
      const at = <usize>split << 2;
      const input = load<i32>(feature + at);
      if (<u32>input >= <u32>features) return false;
      const cell = load<T>(x + <usize>i * sizeof<T>() + <usize>input * ldx);
      const limit = load<T>(threshold + <usize>split * sizeof<T>());
      if (!isLimit<T>(limit)) return false;
      const goesLeft = isMissing<T>(cell)
        ? missingLeft != 0 && load<u8>(missingLeft + <usize>split) == 1
        : cell <= limit;
      above = split;
      reference = load<i32>((goesLeft ? left : right) + at);
    }
    const leaf = ~reference;
    if (leaf >= leafCount) return false;
    addLeaf(i, load<f64>(leafValue + (<usize>leaf << 3)), leafSecond + (<usize>leaf << 3));
  }
  return true;
}

@inline
function isMissing<T>(cell: T): bool {
  if (isFloat<T>()) return cell != cell;
  return cell == <T>missingBin;
}

/** Thresholds are finite, and bins below that of missing values. */
@inline
function isLimit<T>(limit: T): bool {
  if (isFloat<T>()) return isFinite(<f64>limit);
  return limit != <T>missingBin;
}

/** Packs a tree level by level, each pair of children taking the next two places; false when it is malformed. */
function packTree<T>(root: i32): bool {
  store<i32>(references, root);
  let taken = 1;
  for (let place = 0; place < taken; place++) {
    const packed = nodes + <usize>place * nodeBytes;
    const reference = load<i32>(references + (<usize>place << 2));
    if (reference < 0) {
      const leaf = <usize>~reference << 3;
      if (~reference >= leafCount) return false;
      store<T>(packed, isFloat<T>() ? <T>Infinity : <T>missingBin);
      store<i32>(packed + featureAt, 0);
      store<i32>(packed + childAt, <i32>(<usize>place * nodeBytes));
      store<f64>(values + (<usize>place << 3), load<f64>(leafValue + leaf));
      if (leafSecond != 0) store<f64>(seconds + (<usize>place << 3), load<f64>(leafSecond + leaf));
      continue;
    }
    // A tree with more nodes than fit has a split with two parents or does not lie together.
    if (reference >= splitCount || taken + 2 > capacity) return false;
    const at = <usize>reference << 2;
    const input = load<i32>(feature + at);
    const limit = load<T>(threshold + <usize>reference * sizeof<T>());
    const leftChild = load<i32>(left + at);
    const rightChild = load<i32>(right + at);
    if (<u32>input >= <u32>features) return false;
    if ((leftChild >= 0 && leftChild <= reference) || (rightChild >= 0 && rightChild <= reference)) return false;
    if (!isLimit<T>(limit)) return false;
    const copy = missingLeft != 0 && load<u8>(missingLeft + <usize>reference) == 1 ? features : 0;
    store<T>(packed, limit);
    store<i32>(packed + featureAt, (input + copy) * <i32>sizeof<T>() * 8);
    store<i32>(packed + childAt, taken * <i32>nodeBytes);
    store<i32>(references + (<usize>taken << 2), leftChild);
    store<i32>(references + (<usize>taken << 2), rightChild, 4);
    taken += 2;
  }
  return true;
}

/** Copies a block of rows in groups of eight, [group][input][8], missing above every threshold; then again, below. */
function copyBlock<T>(rows: i32, x: usize, ldx: usize, to: usize): void {
  const copies = missingLeft != 0 ? 2 : 1;
  for (let start = 0; start < rows; start += 8) {
    const last = min(8, rows - start) - 1;
    for (let copy = 0; copy < copies; copy++) {
      for (let j = 0; j < features; j++) {
        const from = x + <usize>j * ldx + <usize>start * sizeof<T>();
        for (let i = 0; i < 8; i++) {
          // The last group is filled up with its last row.
          const cell = load<T>(from + <usize>min(i, last) * sizeof<T>());
          store<T>(to, isMissing<T>(cell) ? standIn<T>(copy) : cell);
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

/** Eight rows at a time down the packed tree, until all have come to rest on their leaves. */
function walkInStep<T>(rows: i32, block: usize): void {
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
    rest(start, rows, n0);
    rest(start + 1, rows, n1);
    rest(start + 2, rows, n2);
    rest(start + 3, rows, n3);
    rest(start + 4, rows, n4);
    rest(start + 5, rows, n5);
    rest(start + 6, rows, n6);
    rest(start + 7, rows, n7);
    block += groupBytes;
  }
}

/** The next node of the row at `x`: the left child, or the right one beside it. */
@inline
function next<T>(node: i32, x: usize): i32 {
  const at = nodes + <usize>node;
  const cell = load<T>(x + <usize>load<i32>(at, featureAt));
  return load<i32>(at, childAt) + (<i32>(cell > load<T>(at)) << 4);
}

/** Row `i` has come to rest on a packed leaf; rows beyond the block only fill up the last group. */
@inline
function rest(i: i32, rows: i32, node: i32): void {
  if (i < rows) addLeaf(i, load<f64>(values + (<usize>node >> 1)), seconds + (<usize>node >> 1));
}
