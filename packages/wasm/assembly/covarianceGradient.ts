// The traces tr(W dK / d log l_j) and tr(W B_t) in one pass over the lower triangle, tile by tile: W = Ky^-1 - alpha
// alpha', V = W o G, and for each input the sum of V (x_i - x_k)^2. An element below the diagonal counts for its mirror
// image as well, so the sums over the strict lower triangle are doubled at the end.

import { bytes, madd, nmadd, splatAt, zero } from './simd';

/** W and V of the present tile, 4 x 4, column-major. */
const w: usize = memory.data(128, 64);
const v: usize = memory.data(128, 64);

/** Bytes of a further term, as in covariance.ts. */
const termBytes: usize = 16;

/**
 * @param x packed rows [n, d]
 * @param alpha 0 where W = Ky^-1
 * @param terms pointer and leading dimension (4 bytes each) of each B_t, then 8 bytes that are not read
 * @param sums workspace, 16 d + 16 termCount bytes: per input and per term the sums of two lanes
 */
export function covarianceGradient(
  n: i32,
  d: i32,
  x: usize,
  inverse: usize,
  ldInverse: usize,
  alpha: usize,
  g: usize,
  ldg: usize,
  termCount: i32,
  terms: usize,
  sums: usize,
  lengthscales: usize,
  traces: usize,
  diagonal: usize,
): void {
  const stripBytes = <usize>d << 5;
  const traceSums = sums + (<usize>d << 4);
  memory.fill(sums, 0, (<usize>d + <usize>termCount) << 4);
  for (let j = 0; j < n; j += 4) {
    const stripX = x + <usize>(j >> 2) * stripBytes;
    for (let i = j; i < n; i += 4) {
      const from = bytes(i);
      const column = <usize>j;
      if (i > j && i + 4 <= n) {
        wholeTile(inverse + column * ldInverse + from, ldInverse, alpha, i, j, g + column * ldg + from, ldg);
        for (let t = 0; t < termCount; t++) {
          const term = terms + <usize>t * termBytes;
          const ld = load<usize>(term, 4);
          traceOfTile(load<usize>(term) + column * ld + from, ld, traceSums + (<usize>t << 4));
        }
      } else {
        const rows = min(4, n - i);
        const factor = g + column * ldg + from;
        cutTile(rows, inverse + column * ldInverse + from, ldInverse, alpha, i, j, factor, ldg, diagonal);
        for (let t = 0; t < termCount; t++) {
          const term = terms + <usize>t * termBytes;
          const ld = load<usize>(term, 4);
          traceOfCutTile(rows, i == j, load<usize>(term) + column * ld + from, ld, traceSums + (<usize>t << 4));
        }
      }
      distanceSums(d, x + <usize>(i >> 2) * stripBytes, stripX, sums);
    }
  }
  for (let j = 0; j < d; j++) {
    store<f64>(lengthscales + bytes(j), doubledSum(sums + (<usize>j << 4)));
  }
  for (let t = 0; t < termCount; t++) {
    store<f64>(traces + bytes(t), doubledSum(traceSums + (<usize>t << 4)));
  }
}

@inline
function doubledSum(lanes: usize): f64 {
  return 2 * (load<f64>(lanes) + load<f64>(lanes, 8));
}

/** W and V of a tile wholly below the diagonal. */
function wholeTile(inverse: usize, ldInverse: usize, alpha: usize, i: i32, j: i32, g: usize, ldg: usize): void {
  let a0 = zero();
  let a1 = zero();
  if (alpha != 0) {
    a0 = v128.load(alpha + bytes(i));
    a1 = v128.load(alpha + bytes(i), 16);
  }
  for (let c: usize = 0; c < 128; c += 32) {
    let w0 = v128.load(inverse);
    let w1 = v128.load(inverse, 16);
    if (alpha != 0) {
      const factor = splatAt(alpha + bytes(j) + (c >> 2));
      w0 = nmadd(a0, factor, w0);
      w1 = nmadd(a1, factor, w1);
    }
    v128.store(w + c, w0);
    v128.store(w + c, w1, 16);
    v128.store(v + c, f64x2.mul(w0, v128.load(g)));
    v128.store(v + c, f64x2.mul(w1, v128.load(g, 16)), 16);
    inverse += ldInverse;
    g += ldg;
  }
}

/**
 * W and V of a tile on the diagonal or at the lower edge: 0 above the diagonal and outside, half of W on the diagonal,
 * whose whole goes to `diagonal`.
 */
function cutTile(
  rows: i32,
  inverse: usize,
  ldInverse: usize,
  alpha: usize,
  i: i32,
  j: i32,
  g: usize,
  ldg: usize,
  diagonal: usize,
): void {
  memory.fill(w, 0, 128);
  memory.fill(v, 0, 128);
  const columns = i == j ? rows : 4;
  for (let c = 0; c < columns; c++) {
    const column = <usize>c;
    for (let r = i == j ? c : 0; r < rows; r++) {
      let value = load<f64>(inverse + column * ldInverse + bytes(r));
      if (alpha != 0) value -= load<f64>(alpha + bytes(i + r)) * load<f64>(alpha + bytes(j + c));
      if (i + r == j + c) {
        store<f64>(diagonal + bytes(i + r), value);
        store<f64>(w + (column << 5) + bytes(r), 0.5 * value);
      } else {
        store<f64>(w + (column << 5) + bytes(r), value);
        store<f64>(v + (column << 5) + bytes(r), value * load<f64>(g + column * ldg + bytes(r)));
      }
    }
  }
}

/** Adds sum W o B to a pair of lanes. */
function traceOfTile(b: usize, ldb: usize, sum: usize): void {
  let upper = v128.load(sum);
  let lower = zero();
  for (let c: usize = 0; c < 128; c += 32) {
    upper = madd(v128.load(w + c), v128.load(b), upper);
    lower = madd(v128.load(w + c, 16), v128.load(b, 16), lower);
    b += ldb;
  }
  v128.store(sum, f64x2.add(upper, lower));
}

/** The same for a cut tile; B is read only where it exists. */
function traceOfCutTile(rows: i32, isDiagonal: bool, b: usize, ldb: usize, sum: usize): void {
  let total = load<f64>(sum);
  const columns = isDiagonal ? rows : 4;
  for (let c = 0; c < columns; c++) {
    for (let r = isDiagonal ? c : 0; r < rows; r++) {
      total += load<f64>(w + (<usize>c << 5) + bytes(r)) * load<f64>(b + bytes(r));
    }
    b += ldb;
  }
  store<f64>(sum, total);
}

/** Adds sum V o (a - b)^2 of each input to its pair of lanes, for packed rows `a` and `b` of the tile. */
function distanceSums(d: i32, a: usize, b: usize, sums: usize): void {
  const v00 = v128.load(v), v10 = v128.load(v, 16);
  const v01 = v128.load(v, 32), v11 = v128.load(v, 48);
  const v02 = v128.load(v, 64), v12 = v128.load(v, 80);
  const v03 = v128.load(v, 96), v13 = v128.load(v, 112);
  for (; d > 0; d--) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    let other = v128.load64_splat(b);
    let x = f64x2.sub(a0, other);
    let y = f64x2.sub(a1, other);
    let upper = madd(f64x2.mul(x, x), v00, v128.load(sums));
    let lower = f64x2.mul(f64x2.mul(y, y), v10);
    other = v128.load64_splat(b, 8);
    x = f64x2.sub(a0, other);
    y = f64x2.sub(a1, other);
    upper = madd(f64x2.mul(x, x), v01, upper);
    lower = madd(f64x2.mul(y, y), v11, lower);
    other = v128.load64_splat(b, 16);
    x = f64x2.sub(a0, other);
    y = f64x2.sub(a1, other);
    upper = madd(f64x2.mul(x, x), v02, upper);
    lower = madd(f64x2.mul(y, y), v12, lower);
    other = v128.load64_splat(b, 24);
    x = f64x2.sub(a0, other);
    y = f64x2.sub(a1, other);
    upper = madd(f64x2.mul(x, x), v03, upper);
    lower = madd(f64x2.mul(y, y), v13, lower);
    v128.store(sums, f64x2.add(upper, lower));
    a += 32;
    b += 32;
    sums += 16;
  }
}
