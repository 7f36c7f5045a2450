// Squared distances and stationary kernels of them, on a rectangle or on and below a diagonal. Rows come packed in
// strips of four inputs together (`packRows`), so that a 4 x 4 tile of distances reads like a product. Tiles of four
// columns are collected in a buffer and turned into the kernel column by column.

import { expLanes } from './exp';
import { bytes, madd, splatAt, zero } from './simd';
import { tile } from './tile';

/** What becomes of a squared distance; the same numbers stand in src/wasmRoutines.ts, with 2 for `rbf`. */
const squaredDistance: i32 = 0;
const matern52: i32 = 1;

/** Rows of a tile column in the buffer: 8 KiB for four columns. */
const bufferRows: i32 = 256;
const buffer: usize = memory.data(8192, 64);

/** Constants in memory for the reason given in exp.ts: 5, 1/3, 5/3, and where exp(-s) leaves the normal numbers. */
const constants: usize = memory.data<f64>([5.0, 0.3333333333333333, 1.6666666666666667, 708.0]);

/** Bytes of a further term: pointer, leading dimension (4 bytes each) and scale. */
const termBytes: usize = 16;

/**
 * K = scale k(A, B) + sum_t scale_t B_t and, where `g` is not 0, the derivative factor.
 * @param a, b packed rows, [m, d] and [n, d]
 */
export function covariance(
  kind: i32,
  lower: bool,
  m: i32,
  n: i32,
  d: i32,
  a: usize,
  b: usize,
  scale: f64,
  termCount: i32,
  terms: usize,
  k: usize,
  ldk: usize,
  g: usize,
  ldg: usize,
): void {
  const stripBytes = <usize>d << 5;
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    const stripB = b + <usize>(j >> 2) * stripBytes;
    for (let start = lower ? j : 0; start < m; start += bufferRows) {
      const rows = min(bufferRows, m - start);
      for (let i = 0; i < rows; i += 4) {
        distanceTile(d, a + <usize>((start + i) >> 2) * stripBytes, stripB, buffer + bytes(i));
      }
      for (let c = 0; c < columns; c++) {
        // The first block of rows begins on the diagonal.
        const skip = lower && start == j ? c : 0;
        const count = rows - skip;
        if (count <= 0) continue;
        const distances = buffer + bytes(c * bufferRows + skip);
        const offset = bytes(start + skip);
        const target = k + <usize>(j + c) * ldk + offset;
        if (kind == squaredDistance) {
          memory.copy(target, distances, bytes(count));
        } else {
          evaluate(kind, count, distances, scale, target, g == 0 ? 0 : g + <usize>(j + c) * ldg + offset);
        }
        for (let t = 0; t < termCount; t++) {
          const term = terms + <usize>t * termBytes;
          const column = load<usize>(term) + <usize>(j + c) * load<usize>(term, 4) + offset;
          addScaled(count, load<f64>(term, 8), column, target);
        }
      }
    }
  }
}

/** Squared distances between four rows and four others, one column of four every `bufferRows` values. */
function distanceTile(d: i32, a: usize, b: usize, out: usize): void {
  let c00 = zero(), c01 = zero(), c02 = zero(), c03 = zero();
  let c10 = zero(), c11 = zero(), c12 = zero(), c13 = zero();
  for (; d > 0; d--) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    let other = v128.load64_splat(b);
    let x = f64x2.sub(a0, other);
    let y = f64x2.sub(a1, other);
    c00 = madd(x, x, c00);
    c10 = madd(y, y, c10);
    other = v128.load64_splat(b, 8);
    x = f64x2.sub(a0, other);
    y = f64x2.sub(a1, other);
    c01 = madd(x, x, c01);
    c11 = madd(y, y, c11);
    other = v128.load64_splat(b, 16);
    x = f64x2.sub(a0, other);
    y = f64x2.sub(a1, other);
    c02 = madd(x, x, c02);
    c12 = madd(y, y, c12);
    other = v128.load64_splat(b, 24);
    x = f64x2.sub(a0, other);
    y = f64x2.sub(a1, other);
    c03 = madd(x, x, c03);
    c13 = madd(y, y, c13);
    a += 32;
    b += 32;
  }
  v128.store(out, c00);
  v128.store(out, c10, 16);
  v128.store(out, c01, 2048);
  v128.store(out, c11, 2064);
  v128.store(out, c02, 4096);
  v128.store(out, c12, 4112);
  v128.store(out, c03, 6144);
  v128.store(out, c13, 6160);
}

/** scale k(r^2) and, where `g` is not 0, its derivative factor, for a run of squared distances. */
function evaluate(kind: i32, count: i32, distances: usize, scale: f64, k: usize, g: usize): void {
  if (kind == matern52) {
    if (g != 0) maternRun(true, count, distances, scale, k, g);
    else maternRun(false, count, distances, scale, k, g);
  } else {
    rbfRun(count, distances, scale, k, g);
  }
}

/** Where the last odd value of a run goes first. */
const spare: usize = tile;

@inline
function maternRun(withFactor: bool, count: i32, distances: usize, scale: f64, k: usize, g: usize): void {
  for (; count >= 2; count -= 2) {
    maternPair(withFactor, distances, scale, k, g);
    distances += 16;
    k += 16;
    if (withFactor) g += 16;
  }
  if (count > 0) {
    maternPair(withFactor, distances, scale, spare, spare + 16);
    store<f64>(k, load<f64>(spare));
    if (withFactor) store<f64>(g, load<f64>(spare, 16));
  }
}

@inline
function maternPair(withFactor: bool, distances: usize, scale: f64, k: usize, g: usize): void {
  const s = f64x2.sqrt(f64x2.mul(splatAt(constants), v128.load(distances)));
  const decay = decayOf(s, scale);
  const rising = madd(s, decay, decay);
  v128.store(k, madd(f64x2.mul(s, v128.load64_splat(constants, 8)), f64x2.mul(s, decay), rising));
  if (withFactor) v128.store(g, f64x2.mul(v128.load64_splat(constants, 16), rising));
}

/** scale exp(-s) for s >= 0; 0 once exp would leave the range of normal numbers. */
@inline
function decayOf(s: v128, scale: f64): v128 {
  const isVanishing = f64x2.gt(s, v128.load64_splat(constants, 24));
  return v128.andnot(f64x2.mul(f64x2.splat(scale), expLanes(f64x2.neg(s))), isVanishing);
}

function rbfRun(count: i32, distances: usize, scale: f64, k: usize, g: usize): void {
  for (; count >= 2; count -= 2) {
    const value = decayOf(f64x2.mul(f64x2.splat(0.5), v128.load(distances)), scale);
    v128.store(k, value);
    k += 16;
    if (g != 0) {
      v128.store(g, value);
      g += 16;
    }
    distances += 16;
  }
  if (count > 0) {
    const value = f64x2.extract_lane(decayOf(f64x2.splat(0.5 * load<f64>(distances)), scale), 0);
    store<f64>(k, value);
    if (g != 0) store<f64>(g, value);
  }
}

/** y += scale x */
function addScaled(count: i32, scale: f64, x: usize, y: usize): void {
  const factor = f64x2.splat(scale);
  for (; count >= 2; count -= 2) {
    v128.store(y, madd(factor, v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
  }
  if (count > 0) store<f64>(y, load<f64>(y) + scale * load<f64>(x));
}
