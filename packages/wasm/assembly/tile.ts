// Products of a 4 x k and a k x 4 strip, which carry nearly all the arithmetic of the dense routines. Each function
// leaves its 4 x 4 result in `tile`; the callers take it from there, whole or cut at the edge of a matrix. There are
// three, one for each way the two strips can lie in memory, so that small matrices need no packing.
//
// 4 x 4 in eight vectors of two, with no unrolling of the loop over k, was the fastest shape measured in V8.

import { bytes, madd, maddOne, splatAt, sumLanes, zero } from './simd';

/** Result of the last product, 4 x 4, column-major. */
export const tile: usize = memory.data(128, 64);

/** Strip A as 4 values together, the next ones `strideA` bytes on; strip B likewise. */
export function multiplyOuter(k: i32, a: usize, strideA: usize, b: usize, strideB: usize): void {
  let c00 = zero(), c01 = zero(), c02 = zero(), c03 = zero();
  let c10 = zero(), c11 = zero(), c12 = zero(), c13 = zero();
  for (; k > 0; k--) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const b0 = v128.load64_splat(b);
    const b1 = v128.load64_splat(b, 8);
    const b2 = v128.load64_splat(b, 16);
    const b3 = v128.load64_splat(b, 24);
    c00 = madd(a0, b0, c00);
    c10 = madd(a1, b0, c10);
    c01 = madd(a0, b1, c01);
    c11 = madd(a1, b1, c11);
    c02 = madd(a0, b2, c02);
    c12 = madd(a1, b2, c12);
    c03 = madd(a0, b3, c03);
    c13 = madd(a1, b3, c13);
    a += strideA;
    b += strideB;
  }
  v128.store(tile, c00, 0);
  v128.store(tile, c10, 16);
  v128.store(tile, c01, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c02, 64);
  v128.store(tile, c12, 80);
  v128.store(tile, c03, 96);
  v128.store(tile, c13, 112);
}

/** Strip A as in `multiplyOuter`; strip B as four columns, of which those from `columns` on are not read. */
export function multiplyColumns(k: i32, a: usize, strideA: usize, b: usize, ldb: usize, columns: i32): void {
  let c00 = zero(), c01 = zero(), c02 = zero(), c03 = zero();
  let c10 = zero(), c11 = zero(), c12 = zero(), c13 = zero();
  let p0 = b;
  let p1 = columns > 1 ? b + ldb : b;
  let p2 = columns > 2 ? b + 2 * ldb : b;
  let p3 = columns > 3 ? b + 3 * ldb : b;
  for (; k > 0; k--) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, 16);
    const b0 = splatAt(p0);
    const b1 = splatAt(p1);
    const b2 = splatAt(p2);
    const b3 = splatAt(p3);
    c00 = madd(a0, b0, c00);
    c10 = madd(a1, b0, c10);
    c01 = madd(a0, b1, c01);
    c11 = madd(a1, b1, c11);
    c02 = madd(a0, b2, c02);
    c12 = madd(a1, b2, c12);
    c03 = madd(a0, b3, c03);
    c13 = madd(a1, b3, c13);
    a += strideA;
    p0 += 8;
    p1 += 8;
    p2 += 8;
    p3 += 8;
  }
  v128.store(tile, c00, 0);
  v128.store(tile, c10, 16);
  v128.store(tile, c01, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c02, 64);
  v128.store(tile, c12, 80);
  v128.store(tile, c03, 96);
  v128.store(tile, c13, 112);
}

/**
 * Strip A transposed, as four columns of which those from `rows` on are not read; strip B as four columns likewise.
 * Sums over k run in two lanes and are added at the end.
 */
export function multiplyDots(k: i32, a: usize, lda: usize, rows: i32, b: usize, ldb: usize, columns: i32): void {
  const b1 = columns > 1 ? b + ldb : b;
  const b2 = columns > 2 ? b + 2 * ldb : b;
  const b3 = columns > 3 ? b + 3 * ldb : b;
  dotsOfTwo(k, a, rows > 1 ? a + lda : a, b, b1, b2, b3, tile);
  if (rows > 2) dotsOfTwo(k, a + 2 * lda, rows > 3 ? a + 3 * lda : a, b, b1, b2, b3, tile + 16);
}

function dotsOfTwo(k: i32, a0: usize, a1: usize, b0: usize, b1: usize, b2: usize, b3: usize, out: usize): void {
  let c00 = zero(), c01 = zero(), c02 = zero(), c03 = zero();
  let c10 = zero(), c11 = zero(), c12 = zero(), c13 = zero();
  const end = a0 + bytes(k & ~1);
  while (a0 < end) {
    const x0 = v128.load(a0);
    const x1 = v128.load(a1);
    const y0 = v128.load(b0);
    const y1 = v128.load(b1);
    const y2 = v128.load(b2);
    const y3 = v128.load(b3);
    c00 = madd(x0, y0, c00);
    c10 = madd(x1, y0, c10);
    c01 = madd(x0, y1, c01);
    c11 = madd(x1, y1, c11);
    c02 = madd(x0, y2, c02);
    c12 = madd(x1, y2, c12);
    c03 = madd(x0, y3, c03);
    c13 = madd(x1, y3, c13);
    a0 += 16;
    a1 += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  if (k & 1) {
    const x0 = v128.load64_zero(a0);
    const x1 = v128.load64_zero(a1);
    const y0 = v128.load64_zero(b0);
    const y1 = v128.load64_zero(b1);
    const y2 = v128.load64_zero(b2);
    const y3 = v128.load64_zero(b3);
    c00 = madd(x0, y0, c00);
    c10 = madd(x1, y0, c10);
    c01 = madd(x0, y1, c01);
    c11 = madd(x1, y1, c11);
    c02 = madd(x0, y2, c02);
    c12 = madd(x1, y2, c12);
    c03 = madd(x0, y3, c03);
    c13 = madd(x1, y3, c13);
  }
  v128.store(out, sumLanes(c00, c10), 0);
  v128.store(out, sumLanes(c01, c11), 32);
  v128.store(out, sumLanes(c02, c12), 64);
  v128.store(out, sumLanes(c03, c13), 96);
}

/** C = alpha tile + beta C on the first `rows` x `columns` of C; with beta = 0, C is not read. */
export function updateFromTile(rows: i32, columns: i32, alpha: f64, beta: f64, c: usize, ldc: usize): void {
  let from = tile;
  if (rows == 4) {
    const scale = f64x2.splat(alpha);
    if (beta == 0) {
      for (; columns > 0; columns--) {
        v128.store(c, f64x2.mul(scale, v128.load(from)));
        v128.store(c, f64x2.mul(scale, v128.load(from, 16)), 16);
        c += ldc;
        from += 32;
      }
    } else {
      const keep = f64x2.splat(beta);
      for (; columns > 0; columns--) {
        v128.store(c, madd(scale, v128.load(from), f64x2.mul(keep, v128.load(c))));
        v128.store(c, madd(scale, v128.load(from, 16), f64x2.mul(keep, v128.load(c, 16))), 16);
        c += ldc;
        from += 32;
      }
    }
    return;
  }
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) update(alpha, beta, c + bytes(i), from + bytes(i));
    c += ldc;
    from += 32;
  }
}

/** The same on and below the diagonal only, for a tile that lies on the diagonal. */
export function updateLowerFromTile(size: i32, alpha: f64, beta: f64, c: usize, ldc: usize): void {
  let from = tile;
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) update(alpha, beta, c + bytes(i), from + bytes(i));
    c += ldc;
    from += 32;
  }
}

@inline
function update(alpha: f64, beta: f64, c: usize, from: usize): void {
  const sum = load<f64>(from);
  store<f64>(c, beta == 0 ? alpha * sum : maddOne(alpha, sum, beta * load<f64>(c)));
}
