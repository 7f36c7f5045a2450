// Variances of many candidates in a hurry: k** - |R k|^2 for the columns k of a cross-covariance [n, m], with R = L^-1 in
// float32, which has twice the lanes of float64. Products of at most `depth` terms are summed in float32 and all else in
// float64, so that the error hardly grows with n; and it is R (k - c) that is computed so, c being the mean of k, because
// R k is a small difference of large terms. R c follows from the row sums of R, which are kept in float64.

import { invert } from './potri';
import { bytes, madd, maddSingle, splatAt, zero } from './simd';

/** Terms summed in float32. */
const depth: i32 = 64;
/** Columns packed at once, for the second-level cache: 256 KiB at n = 1000. */
const columnBlock: i32 = 64;

/** 8 x 4 sums of every strip of a block of columns, float64, column-major. */
const sums: usize = memory.data(4096, 64);
/** |R k_c|^2 of a block of columns, and the means of these. */
const explained: usize = memory.data(512, 64);
const means: usize = memory.data(512, 64);

/** Bytes before the strip of eight rows that begins at row 8 s: a strip ends at the diagonal. */
@inline
function stripAt(s: i32): usize {
  return (<usize>s * (<usize>s + 1)) << 7;
}

/**
 * R = L^-1 of a Cholesky factor L [n, n], which becomes its inverse in place, rounded to float32: strips of eight rows,
 * column by column, the last one filled up with zeros; after them the sums of the rows in float64.
 */
export function storeInverse(n: i32, l: usize, ldl: usize, inverse: usize): void {
  invert(n, l, ldl);
  const rowSums = inverse + stripAt((n + 7) >> 3);
  memory.fill(rowSums, 0, bytes((n + 7) & ~7));
  for (let s = 0; 8 * s < n; s++) {
    const first = 8 * s;
    const columns = min(n, first + 8);
    let to = inverse + stripAt(s);
    for (let p = 0; p < columns; p++) {
      const column = l + <usize>p * ldl;
      for (let i = first; i < first + 8; i++) {
        const value = i < n && i >= p ? load<f64>(column + bytes(i)) : 0;
        const sum = rowSums + bytes(i);
        store<f64>(sum, load<f64>(sum) + value);
        store<f32>(to, <f32>value);
        to += 4;
      }
    }
  }
}

/** variance_c = max(0, variance_c - |R k_c|^2); `work` has room for 4 ceil(min(m, 64) / 4) n float32. */
export function subtractExplained(
  n: i32,
  m: i32,
  k: usize,
  ldk: usize,
  inverse: usize,
  work: usize,
  variance: usize,
): void {
  const stripBytes = <usize>n << 4;
  const rowSums = inverse + stripAt((n + 7) >> 3);
  for (let first = 0; first < m; first += columnBlock) {
    const columns = min(columnBlock, m - first);
    pack(n, columns, k + <usize>first * ldk, ldk, work);
    memory.fill(explained, 0, 512);
    for (let s = 0; 8 * s < n; s++) {
      const terms = min(n, 8 * s + 8);
      const rows = inverse + stripAt(s);
      for (let p = 0; p < terms; p += depth) {
        const a = rows + (<usize>p << 5);
        for (let c = 0; c < columns; c += 4) {
          const b = work + <usize>(c >> 2) * stripBytes + (<usize>p << 4);
          multiply(min(depth, terms - p), a, b, sums + (<usize>c << 6), p == 0);
        }
      }
      for (let c = 0; c < columns; c++) {
        const at = explained + bytes(c);
        const squares = sumOfSquares(sums + (<usize>c << 6), rowSums + (<usize>s << 6), means + bytes(c));
        store<f64>(at, load<f64>(at) + squares);
      }
    }
    for (let c = 0; c < columns; c++) {
      const at = variance + bytes(first + c);
      store<f64>(at, max(0, load<f64>(at) - load<f64>(explained + bytes(c))));
    }
  }
}

/** Strips of four columns without their means in float32; the last one repeats a column where it is not full. */
function pack(n: i32, columns: i32, from: usize, ld: usize, to: usize): void {
  let mean = means;
  for (; columns > 0; columns -= 4) {
    const c1 = columns > 1 ? from + ld : from;
    const c2 = columns > 2 ? from + 2 * ld : from;
    const c3 = columns > 3 ? from + 3 * ld : from;
    const m0 = meanOf(n, from), m1 = meanOf(n, c1), m2 = meanOf(n, c2), m3 = meanOf(n, c3);
    for (let i = 0; i < n; i++) {
      const at = bytes(i);
      store<f32>(to, <f32>(load<f64>(from + at) - m0));
      store<f32>(to, <f32>(load<f64>(c1 + at) - m1), 4);
      store<f32>(to, <f32>(load<f64>(c2 + at) - m2), 8);
      store<f32>(to, <f32>(load<f64>(c3 + at) - m3), 12);
      to += 16;
    }
    store<f64>(mean, m0);
    store<f64>(mean, m1, 8);
    store<f64>(mean, m2, 16);
    store<f64>(mean, m3, 24);
    mean += 32;
    from += 4 * ld;
  }
}

function meanOf(n: i32, x: usize): f64 {
  let s0 = zero(), s1 = zero();
  let i = n;
  for (; i >= 4; i -= 4) {
    s0 = f64x2.add(s0, v128.load(x));
    s1 = f64x2.add(s1, v128.load(x, 16));
    x += 32;
  }
  const both = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i > 0; i--) {
    sum += load<f64>(x);
    x += 8;
  }
  return sum / n;
}

/** The 8 x 4 product of two strips, written to or added to sums in float64. */
function multiply(k: i32, a: usize, b: usize, out: usize, isFirst: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c02 = f32x4.splat(0), c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0), c12 = f32x4.splat(0), c13 = f32x4.splat(0);
  for (; k > 0; k--) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const b0 = v128.load32_splat(b);
    const b1 = v128.load32_splat(b, 4);
    const b2 = v128.load32_splat(b, 8);
    const b3 = v128.load32_splat(b, 12);
    c00 = maddSingle(a0, b0, c00);
    c10 = maddSingle(a1, b0, c10);
    c01 = maddSingle(a0, b1, c01);
    c11 = maddSingle(a1, b1, c11);
    c02 = maddSingle(a0, b2, c02);
    c12 = maddSingle(a1, b2, c12);
    c03 = maddSingle(a0, b3, c03);
    c13 = maddSingle(a1, b3, c13);
    a += 32;
    b += 16;
  }
  if (isFirst) memory.fill(out, 0, 256);
  addPromoted(c00, out);
  addPromoted(c10, out + 32);
  addPromoted(c01, out + 64);
  addPromoted(c11, out + 96);
  addPromoted(c02, out + 128);
  addPromoted(c12, out + 160);
  addPromoted(c03, out + 192);
  addPromoted(c13, out + 224);
}

/** Adds four float32 to four float64. */
@inline
function addPromoted(c: v128, out: usize): void {
  const low = f64x2.promote_low_f32x4(c);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f64>(c, c, 1, 1));
  v128.store(out, f64x2.add(v128.load(out), low));
  v128.store(out, f64x2.add(v128.load(out, 16), high), 16);
}

/** Sum of (x + mean u)^2 over eight rows. */
function sumOfSquares(x: usize, u: usize, mean: usize): f64 {
  const c = splatAt(mean);
  const x0 = madd(c, v128.load(u), v128.load(x));
  const x1 = madd(c, v128.load(u, 16), v128.load(x, 16));
  const x2 = madd(c, v128.load(u, 32), v128.load(x, 32));
  const x3 = madd(c, v128.load(u, 48), v128.load(x, 48));
  const both = f64x2.add(
    f64x2.add(f64x2.mul(x0, x0), f64x2.mul(x1, x1)),
    f64x2.add(f64x2.mul(x2, x2), f64x2.mul(x3, x3)),
  );
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
