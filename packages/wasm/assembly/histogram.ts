// Histograms of binned inputs: sum and weight of the rows in each bin, side by side in one vector.
//
// The bins of four inputs lie together, row after row, so that one load brings four of them, and the histograms of four
// inputs (16 KiB) stay in the first-level cache while the rows pass.

/**
 * @param bins u8 in strips of four inputs, [d / 4][n][4]
 * @param moments sum and weight of each row, f64 [n][2]
 * @param rows i32 [count]
 * @param starts byte at which the bins of each input begin in a histogram, i32 [d + 1]; the last is its size
 * @param histogram output
 * @param whole 0, or a histogram from which this one is subtracted
 */
export function fillHistogram(
  n: i32,
  d: i32,
  bins: usize,
  moments: usize,
  count: i32,
  rows: usize,
  starts: usize,
  histogram: usize,
  whole: usize,
): void {
  const bytes = <usize>load<i32>(starts + (<usize>d << 2));
  memory.fill(histogram, 0, bytes);
  const last = rows + (<usize>count << 2);
  const stripBytes = <usize>n << 2;
  let j = 0;
  for (; j + 4 <= d; j += 4) {
    const h0 = histogram + startOf(starts, j);
    const h1 = histogram + startOf(starts, j + 1);
    const h2 = histogram + startOf(starts, j + 2);
    const h3 = histogram + startOf(starts, j + 3);
    for (let r = rows; r < last; r += 4) {
      const row = <usize>load<i32>(r);
      const four = load<u32>(bins + (row << 2));
      const moment = v128.load(moments + (row << 4));
      add(h0, four & 255, moment);
      add(h1, (four >> 8) & 255, moment);
      add(h2, (four >> 16) & 255, moment);
      add(h3, four >> 24, moment);
    }
    bins += stripBytes;
  }
  for (let k: usize = 0; j < d; j++, k++) {
    const h = histogram + startOf(starts, j);
    for (let r = rows; r < last; r += 4) {
      const row = <usize>load<i32>(r);
      add(h, load<u8>(bins + (row << 2) + k), v128.load(moments + (row << 4)));
    }
  }
  if (whole == 0) return;
  for (const end = histogram + bytes; histogram < end; histogram += 16) {
    v128.store(whole, f64x2.sub(v128.load(whole), v128.load(histogram)));
    whole += 16;
  }
}

@inline
function startOf(starts: usize, j: i32): usize {
  return <usize>load<i32>(starts + (<usize>j << 2));
}

@inline
function add(histogram: usize, bin: u32, moment: v128): void {
  const at = histogram + ((<usize>bin) << 4);
  v128.store(at, f64x2.add(v128.load(at), moment));
}

/**
 * Puts rows whose bin is at most `bin` first, and those in `missingBin` where `missingLeft` says, without changing the
 * order on either side.
 *
 * @param bins of the input in row 0; those of the next row are 4 bytes on
 * @param scratch room for `count` rows
 * @returns how many are on the left
 */
export function partBinnedRows(
  bins: usize,
  bin: i32,
  missingBin: i32,
  missingLeft: i32,
  count: i32,
  rows: usize,
  scratch: usize,
): i32 {
  let left = rows;
  let right = scratch;
  const last = rows + (<usize>count << 2);
  // Both writes, one of which is overwritten: faster than a branch that nobody can foresee.
  for (let r = rows; r < last; r += 4) {
    const row = load<i32>(r);
    const cell = <i32>load<u8>(bins + (<usize>row << 2));
    const goesLeft = cell == missingBin ? missingLeft : <i32>(cell <= bin);
    store<i32>(left, row);
    store<i32>(right, row);
    left += <usize>goesLeft << 2;
    right += <usize>(1 - goesLeft) << 2;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - rows) >> 2);
}
