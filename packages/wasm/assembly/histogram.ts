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

/** Share by which numbers must differ for a test without divisions to decide in place of one with them. */
const divisionMargin: f64 = 1e-12;
/** Gains that differ by less than this share are ties, which go to the first input. */
const tieMargin: f64 = 1e-10;

/**
 * @param sum, weight of the rows of the histogram
 * @param monotone i8 [d], or 0
 * @param split output: gain, input, last bin on the left, whether missing cells go left, sum and weight there, f64 [6]
 * @returns 1, or 0 where nothing is gained
 */
export function findHistogramSplit(
  d: i32,
  starts: usize,
  histogram: usize,
  sum: f64,
  weight: f64,
  penalty: f64,
  minLeafWeight: f64,
  monotone: usize,
  split: usize,
): i32 {
  const all = f64x2.replace_lane(f64x2.splat(sum), 1, weight);
  const penalties = f64x2.splat(penalty);
  const whole = (sum * sum) / (weight + penalty);
  // A gain within the rounding errors of the sums is none.
  let least = whole + 1e-12 * (whole + 1e-12 * weight);
  let surelyLess = least * (1 - divisionMargin);
  // What differs by less than this is rounding, left over from subtracting histograms.
  const leastWeight = Math.max(minLeafWeight * (1 - 1e-9), 1e-9 * weight);
  let isFound = 0;
  for (let j = 0; j < d; j++) {
    const first = histogram + startOf(starts, j);
    // The bin of missing cells.
    const end = histogram + startOf(starts, j + 1) - 16;
    const direction = monotone == 0 ? 0 : <f64>load<i8>(monotone + <usize>j);
    const missing = v128.load(end);
    const hasMissing = f64x2.extract_lane(missing, 1) > leastWeight * 1e-6;
    for (let side = 0; side <= (hasMissing ? 1 : 0); side++) {
      let left = side == 1 ? missing : f64x2.splat(0);
      // With missing cells on the right all others may be on the left.
      const last = hasMissing && side == 0 ? end : end - 16;
      for (let at = first; at < last; at += 16) {
        left = f64x2.add(left, v128.load(at));
        const leftWeight = f64x2.extract_lane(left, 1);
        if (leftWeight < leastWeight) continue;
        const right = f64x2.sub(all, left);
        if (f64x2.extract_lane(right, 1) < leastWeight) break;
        const sums = v128.shuffle<f64>(left, right, 0, 2);
        const squares = f64x2.mul(sums, sums);
        const divisors = f64x2.add(v128.shuffle<f64>(left, right, 1, 3), penalties);
        // Most splits are no match, which shows without dividing.
        const crossed = f64x2.mul(squares, v128.shuffle<f64>(divisors, divisors, 1, 0));
        const product = f64x2.extract_lane(divisors, 0) * f64x2.extract_lane(divisors, 1);
        if (f64x2.extract_lane(crossed, 0) + f64x2.extract_lane(crossed, 1) <= surelyLess * product) continue;
        const shares = f64x2.div(squares, divisors);
        const score = f64x2.extract_lane(shares, 0) + f64x2.extract_lane(shares, 1);
        if (score <= least) continue;
        const means = f64x2.div(sums, divisors);
        if (direction * (f64x2.extract_lane(means, 1) - f64x2.extract_lane(means, 0)) < 0) continue;
        least = score * (1 + tieMargin);
        surelyLess = least * (1 - divisionMargin);
        isFound = 1;
        store<f64>(split, score - whole);
        store<f64>(split, j, 8);
        store<f64>(split, <f64>((at - first) >> 4), 16);
        store<f64>(split, <f64>(hasMissing ? side == 1 : 2 * leftWeight >= weight), 24);
        store<f64>(split, f64x2.extract_lane(left, 0), 32);
        store<f64>(split, leftWeight, 40);
      }
    }
  }
  return isFound;
}
