// The 4 x 4 ends of the tiled routines: what is left of a triangular solve once the product with everything solved
// before lies in `tile`. A diagonal block ("corner") is first written down as coefficients in the order of elimination,
//   x_q = (b_q - tile_q - sum_{p < q} c_qp x_p) r_q,   r_q the reciprocal of the diagonal,
// after which it no longer matters whether the triangle was transposed: only the order of the unknowns differs.

import { bytes, nmadd, nmaddOne, splatAt } from './simd';
import { tile } from './tile';

/** Bytes of the coefficients of one corner: 4 x 4, row q holding c_q0 .. and r_q on the diagonal. */
export const cornerBytes: usize = 128;

/** Coefficients of a corner of L for L X = B or X L' = B: unknowns from the first to the last. */
export function prepareForward(size: i32, l: usize, ldl: usize, coefficients: usize): void {
  for (let q = 0; q < size; q++) {
    for (let p = 0; p < q; p++) {
      store<f64>(coefficients + bytes(4 * q + p), load<f64>(l + <usize>p * ldl + bytes(q)));
    }
    store<f64>(coefficients + bytes(5 * q), 1 / load<f64>(l + <usize>q * ldl + bytes(q)));
  }
}

/** Coefficients of a corner of L for L'X = B or X L = B: unknowns from the last to the first. */
export function prepareBackward(size: i32, l: usize, ldl: usize, coefficients: usize): void {
  for (let q = 0; q < size; q++) {
    const column = l + <usize>(size - 1 - q) * ldl;
    for (let p = 0; p < q; p++) {
      store<f64>(coefficients + bytes(4 * q + p), load<f64>(column + bytes(size - 1 - p)));
    }
    store<f64>(coefficients + bytes(5 * q), 1 / load<f64>(column + bytes(size - 1 - q)));
  }
}

/** Unknowns are columns of B [rows, size], `backward` from the last. */
export function substituteColumns(
  backward: bool,
  rows: i32,
  size: i32,
  coefficients: usize,
  b: usize,
  ldb: usize,
): void {
  if (rows < 4 || size < 4) {
    const last = size - 1;
    if (backward)
      substitute(
        size,
        rows,
        coefficients,
        b + <usize>last * ldb,
        -ldb,
        8,
        tile + ((<usize>last) << 5),
        -32,
        8,
      );
    else substitute(size, rows, coefficients, b, ldb, 8, tile, 32, 8);
    return;
  }
  let step = ldb;
  let sums = tile;
  let tileStep: usize = 32;
  if (backward) {
    b += 3 * ldb;
    step = -ldb;
    sums += 96;
    tileStep = -32;
  }
  const b1 = b + step;
  const b2 = b1 + step;
  const b3 = b2 + step;

  let factor = splatAt(coefficients);
  const x0 = f64x2.mul(f64x2.sub(v128.load(b), v128.load(sums)), factor);
  const y0 = f64x2.mul(f64x2.sub(v128.load(b, 16), v128.load(sums, 16)), factor);
  v128.store(b, x0);
  v128.store(b, y0, 16);

  sums += tileStep;
  let x1 = f64x2.sub(v128.load(b1), v128.load(sums));
  let y1 = f64x2.sub(v128.load(b1, 16), v128.load(sums, 16));
  factor = v128.load64_splat(coefficients, 32);
  x1 = nmadd(factor, x0, x1);
  y1 = nmadd(factor, y0, y1);
  factor = v128.load64_splat(coefficients, 40);
  x1 = f64x2.mul(x1, factor);
  y1 = f64x2.mul(y1, factor);
  v128.store(b1, x1);
  v128.store(b1, y1, 16);

  sums += tileStep;
  let x2 = f64x2.sub(v128.load(b2), v128.load(sums));
  let y2 = f64x2.sub(v128.load(b2, 16), v128.load(sums, 16));
  factor = v128.load64_splat(coefficients, 64);
  x2 = nmadd(factor, x0, x2);
  y2 = nmadd(factor, y0, y2);
  factor = v128.load64_splat(coefficients, 72);
  x2 = nmadd(factor, x1, x2);
  y2 = nmadd(factor, y1, y2);
  factor = v128.load64_splat(coefficients, 80);
  x2 = f64x2.mul(x2, factor);
  y2 = f64x2.mul(y2, factor);
  v128.store(b2, x2);
  v128.store(b2, y2, 16);

  sums += tileStep;
  let x3 = f64x2.sub(v128.load(b3), v128.load(sums));
  let y3 = f64x2.sub(v128.load(b3, 16), v128.load(sums, 16));
  factor = v128.load64_splat(coefficients, 96);
  x3 = nmadd(factor, x0, x3);
  y3 = nmadd(factor, y0, y3);
  factor = v128.load64_splat(coefficients, 104);
  x3 = nmadd(factor, x1, x3);
  y3 = nmadd(factor, y1, y3);
  factor = v128.load64_splat(coefficients, 112);
  x3 = nmadd(factor, x2, x3);
  y3 = nmadd(factor, y2, y3);
  factor = v128.load64_splat(coefficients, 120);
  v128.store(b3, f64x2.mul(x3, factor));
  v128.store(b3, f64x2.mul(y3, factor), 16);
}

/** Unknowns are rows of B [size, columns], `backward` from the last. */
export function substituteRows(
  backward: bool,
  size: i32,
  columns: i32,
  coefficients: usize,
  b: usize,
  ldb: usize,
): void {
  if (columns < 4 || size < 4) {
    const last = bytes(size - 1);
    if (backward) substitute(size, columns, coefficients, b + last, -8, ldb, tile + last, -8, 32);
    else substitute(size, columns, coefficients, b, 8, ldb, tile, 8, 32);
    return;
  }
  substituteRowsOfTwo(backward, coefficients, b, ldb, tile);
  substituteRowsOfTwo(backward, coefficients, b + 2 * ldb, ldb, tile + 64);
}

/** Four unknowns in two columns: turned so that the two columns are the lanes. */
function substituteRowsOfTwo(backward: bool, coefficients: usize, b: usize, ldb: usize, sums: usize): void {
  const other = b + ldb;
  const u0 = f64x2.sub(v128.load(b), v128.load(sums));
  const u1 = f64x2.sub(v128.load(other), v128.load(sums, 32));
  const v0 = f64x2.sub(v128.load(b, 16), v128.load(sums, 16));
  const v1 = f64x2.sub(v128.load(other, 16), v128.load(sums, 48));
  const r0 = v128.shuffle<f64>(u0, u1, 0, 2);
  const r1 = v128.shuffle<f64>(u0, u1, 1, 3);
  const r2 = v128.shuffle<f64>(v0, v1, 0, 2);
  const r3 = v128.shuffle<f64>(v0, v1, 1, 3);
  const x0 = f64x2.mul(backward ? r3 : r0, v128.load64_splat(coefficients));
  let x1 = backward ? r2 : r1;
  x1 = nmadd(v128.load64_splat(coefficients, 32), x0, x1);
  x1 = f64x2.mul(x1, v128.load64_splat(coefficients, 40));
  let x2 = backward ? r1 : r2;
  x2 = nmadd(v128.load64_splat(coefficients, 64), x0, x2);
  x2 = nmadd(v128.load64_splat(coefficients, 72), x1, x2);
  x2 = f64x2.mul(x2, v128.load64_splat(coefficients, 80));
  let x3 = backward ? r0 : r3;
  x3 = nmadd(v128.load64_splat(coefficients, 96), x0, x3);
  x3 = nmadd(v128.load64_splat(coefficients, 104), x1, x3);
  x3 = nmadd(v128.load64_splat(coefficients, 112), x2, x3);
  x3 = f64x2.mul(x3, v128.load64_splat(coefficients, 120));
  const s0 = backward ? x3 : x0;
  const s1 = backward ? x2 : x1;
  const s2 = backward ? x1 : x2;
  const s3 = backward ? x0 : x3;
  v128.store(b, v128.shuffle<f64>(s0, s1, 0, 2));
  v128.store(b, v128.shuffle<f64>(s2, s3, 0, 2), 16);
  v128.store(other, v128.shuffle<f64>(s0, s1, 1, 3));
  v128.store(other, v128.shuffle<f64>(s2, s3, 1, 3), 16);
}

/**
 * The same for the edges of a matrix, one number at a time: `step` leads to the next unknown, `next` to the next vector.
 */
function substitute(
  size: i32,
  vectors: i32,
  coefficients: usize,
  b: usize,
  step: usize,
  next: usize,
  sums: usize,
  tileStep: usize,
  tileNext: usize,
): void {
  for (let v = 0; v < vectors; v++) {
    for (let q = 0; q < size; q++) {
      const row = coefficients + bytes(4 * q);
      let rest = load<f64>(b + <usize>q * step) - load<f64>(sums + <usize>q * tileStep);
      for (let p = 0; p < q; p++) rest = nmaddOne(load<f64>(row + bytes(p)), load<f64>(b + <usize>p * step), rest);
      store<f64>(b + <usize>q * step, rest * load<f64>(row + bytes(q)));
    }
    b += next;
    sums += tileNext;
  }
}
