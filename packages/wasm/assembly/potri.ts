// Inverse from a Cholesky factor L in two steps, each in place: X = L^-1, then X'X (LAPACK's trtri and lauum).

import { product } from './product';
import { bytes, madd, splatAt, zero } from './simd';
import { multiplyColumns, multiplyDots, tile } from './tile';
import { half, solveLeft, solveRight } from './trsm';

/** Up to this order both steps go tile by tile. */
const smallOrder: i32 = 128;

/** A corner of a triangle, transposed, as a full 4 x 4 matrix with zeros in its other half and beyond its size. */
const corner: usize = memory.data(128, 64);

/** @returns 0, or the number, from 1, of the first diagonal element that is 0. */
export function potri(n: i32, a: usize, lda: usize): i32 {
  for (let i = 0; i < n; i++) if (load<f64>(a + <usize>i * (lda + 8)) == 0) return i + 1;
  invert(n, a, lda);
  square(n, a, lda);
  return 0;
}

/** L becomes L^-1. */
export function invert(n: i32, l: usize, ldl: usize): void {
  if (n > smallOrder) {
    const n1 = half(n);
    const n2 = n - n1;
    const l21 = l + bytes(n1);
    const l22 = l21 + <usize>n1 * ldl;
    // X21 = -L22^-1 L21 L11^-1
    solveRight(n2, n1, l, ldl, l21, ldl);
    solveLeft(n2, n1, l22, ldl, l21, ldl);
    for (let j = 0; j < n1; j++) {
      for (let i = 0; i < n2; i++) {
        const at = l21 + <usize>j * ldl + bytes(i);
        store<f64>(at, -load<f64>(at));
      }
    }
    invert(n1, l, ldl);
    invert(n2, l22, ldl);
    return;
  }
  // Strips of columns from the right. Below its corner a strip becomes -X22 L21 X11 with X22 known already; from the
  // bottom up, because a row of L21 is needed by all rows below it.
  for (let j = (n - 1) & ~3; j >= 0; j -= 4) {
    const columns = min(4, n - j);
    const strip = l + <usize>j * ldl;
    const right = j + columns;
    invertCorner(columns, strip + bytes(j), ldl);
    for (let i = (n - 1) & ~3; i > j; i -= 4) {
      const rows = min(4, n - i);
      const target = strip + bytes(i);
      multiplyColumns(i - right, l + <usize>right * ldl + bytes(i), ldl, strip + bytes(right), ldl, columns);
      addTriangleTimes(rows, columns, l + <usize>i * ldl + bytes(i), ldl, target, ldl);
      minusTileTimes(rows, columns, strip + bytes(j), ldl, target, ldl);
    }
  }
}

/** Inverse of a corner. */
function invertCorner(size: i32, l: usize, ldl: usize): void {
  for (let j = size - 1; j >= 0; j--) {
    const column = l + <usize>j * ldl;
    const diagonal = 1 / load<f64>(column + bytes(j));
    store<f64>(column + bytes(j), diagonal);
    for (let i = size - 1; i > j; i--) {
      let sum: f64 = 0;
      for (let p = j + 1; p <= i; p++)
        sum += load<f64>(l + <usize>p * ldl + bytes(i)) * load<f64>(column + bytes(p));
      store<f64>(column + bytes(i), -sum * diagonal);
    }
  }
}

/** The lower triangle X becomes that of X'X. */
function square(n: i32, x: usize, ldx: usize): void {
  if (n > smallOrder) {
    const n1 = half(n);
    const n2 = n - n1;
    const x21 = x + bytes(n1);
    const x22 = x21 + <usize>n1 * ldx;
    square(n1, x, ldx);
    product(true, true, false, n1, n1, n2, 1, x21, ldx, x21, ldx, 1, x, ldx);
    timesTransposed(n2, n1, x22, ldx, x21, ldx);
    square(n2, x22, ldx);
    return;
  }
  // Strips of rows from the top: what they overwrite is needed by no later row.
  for (let i = 0; i < n; i += 4) {
    const rows = min(4, n - i);
    const below = n - i - rows;
    const diagonal = x + <usize>i * ldx + bytes(i);
    copyCornerTransposed(rows, diagonal, ldx);
    for (let j = 0; j < i; j += 4) {
      const target = x + <usize>j * ldx + bytes(i);
      multiplyDots(below, diagonal + bytes(rows), ldx, rows, target + bytes(rows), ldx, 4);
      addCornerTimes(rows, 4, target, ldx);
    }
    multiplyDots(below, diagonal + bytes(rows), ldx, rows, diagonal + bytes(rows), ldx, rows);
    addCornerSquare(rows, diagonal, ldx);
  }
}

/** B [m, n] = L'B. */
function timesTransposed(m: i32, n: i32, l: usize, ldl: usize, b: usize, ldb: usize): void {
  if (m > smallOrder) {
    const m1 = half(m);
    timesTransposed(m1, n, l, ldl, b, ldb);
    product(false, true, false, m1, n, m - m1, 1, l + bytes(m1), ldl, b + bytes(m1), ldb, 1, b, ldb);
    timesTransposed(m - m1, n, l + <usize>m1 * ldl + bytes(m1), ldl, b + bytes(m1), ldb);
    return;
  }
  for (let i = 0; i < m; i += 4) {
    const rows = min(4, m - i);
    const below = m - i - rows;
    const diagonal = l + <usize>i * ldl + bytes(i);
    copyCornerTransposed(rows, diagonal, ldl);
    for (let j = 0; j < n; j += 4) {
      const columns = min(4, n - j);
      const target = b + <usize>j * ldb + bytes(i);
      multiplyDots(below, diagonal + bytes(rows), ldl, rows, target + bytes(rows), ldb, columns);
      addCornerTimes(rows, columns, target, ldb);
    }
  }
}

function copyCornerTransposed(size: i32, from: usize, ld: usize): void {
  for (let j = 0; j < 4; j++) {
    for (let i = 0; i < 4; i++) {
      const isKept = j >= i && j < size;
      store<f64>(
        corner + (<usize>j << 5) + bytes(i),
        isKept ? load<f64>(from + <usize>i * ld + bytes(j)) : 0,
      );
    }
  }
}

/** tile += X T with a lower triangle X [rows, rows] and T [rows, columns]. */
function addTriangleTimes(rows: i32, columns: i32, x: usize, ldx: usize, t: usize, ldt: usize): void {
  let sums = tile;
  if (rows < 4) {
    for (; columns > 0; columns--) {
      for (let i = 0; i < rows; i++) {
        let sum = load<f64>(sums + bytes(i));
        for (let p = 0; p <= i; p++) sum += load<f64>(x + <usize>p * ldx + bytes(i)) * load<f64>(t + bytes(p));
        store<f64>(sums + bytes(i), sum);
      }
      t += ldt;
      sums += 32;
    }
    return;
  }
  const x1 = x + ldx;
  const x2 = x1 + ldx;
  const x3 = x2 + ldx;
  // Columns of X by their upper and lower halves, what lies above the diagonal replaced by 0.
  const upper0 = v128.load(x);
  const lower0 = v128.load(x, 16);
  const upper1 = v128.load64_lane(x1, zero(), 1, 8);
  const lower1 = v128.load(x1, 16);
  const lower2 = v128.load(x2, 16);
  const lower3 = v128.load64_lane(x3, zero(), 1, 24);
  for (; columns > 0; columns--) {
    const t0 = splatAt(t);
    const t1 = v128.load64_splat(t, 8);
    v128.store(sums, madd(upper1, t1, madd(upper0, t0, v128.load(sums))));
    let lower = madd(lower1, t1, madd(lower0, t0, v128.load(sums, 16)));
    lower = madd(lower2, v128.load64_splat(t, 16), lower);
    v128.store(sums, madd(lower3, v128.load64_splat(t, 24), lower), 16);
    t += ldt;
    sums += 32;
  }
}

/** T = tile + corner T with T [rows, columns]. */
function addCornerTimes(rows: i32, columns: i32, t: usize, ldt: usize): void {
  if (rows < 4) {
    for (let j = 0; j < columns; j++) {
      // Row i needs the rows from i on only, so the rows above may be overwritten.
      for (let i = 0; i < rows; i++) {
        let sum = load<f64>(tile + (<usize>j << 5) + bytes(i));
        for (let p = i; p < rows; p++) sum += load<f64>(corner + (<usize>p << 5) + bytes(i)) * load<f64>(t + bytes(p));
        store<f64>(t + bytes(i), sum);
      }
      t += ldt;
    }
    return;
  }
  let sums = tile;
  for (; columns > 0; columns--) {
    const t0 = splatAt(t);
    const t1 = v128.load64_splat(t, 8);
    const t2 = v128.load64_splat(t, 16);
    const t3 = v128.load64_splat(t, 24);
    let upper = madd(v128.load(corner), t0, v128.load(sums));
    let lower = madd(v128.load(corner, 16), t0, v128.load(sums, 16));
    upper = madd(v128.load(corner, 32), t1, upper);
    lower = madd(v128.load(corner, 48), t1, lower);
    upper = madd(v128.load(corner, 64), t2, upper);
    lower = madd(v128.load(corner, 80), t2, lower);
    upper = madd(v128.load(corner, 96), t3, upper);
    lower = madd(v128.load(corner, 112), t3, lower);
    v128.store(t, upper);
    v128.store(t, lower, 16);
    t += ldt;
    sums += 32;
  }
}

/** The lower triangle of T = tile + corner corner', the corner having been copied transposed. */
function addCornerSquare(size: i32, t: usize, ld: usize): void {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = load<f64>(tile + (<usize>j << 5) + bytes(i));
      for (let p = i; p < size; p++) {
        const row = corner + (<usize>p << 5);
        sum += load<f64>(row + bytes(i)) * load<f64>(row + bytes(j));
      }
      store<f64>(t + <usize>j * ld + bytes(i), sum);
    }
  }
}

/** `out` [rows, columns] = -tile X with a lower triangle X [columns, columns]. */
function minusTileTimes(rows: i32, columns: i32, x: usize, ldx: usize, out: usize, ldOut: usize): void {
  for (let j = 0; j < columns; j++) {
    if (rows < 4) {
      for (let i = 0; i < rows; i++) {
        let sum: f64 = 0;
        for (let p = j; p < columns; p++)
          sum += load<f64>(tile + (<usize>p << 5) + bytes(i)) * load<f64>(x + bytes(p));
        store<f64>(out + bytes(i), -sum);
      }
    } else {
      let upper = zero();
      let lower = zero();
      for (let p = j; p < columns; p++) {
        const factor = splatAt(x + bytes(p));
        const column = tile + (<usize>p << 5);
        upper = madd(v128.load(column), factor, upper);
        lower = madd(v128.load(column, 16), factor, lower);
      }
      v128.store(out, f64x2.neg(upper));
      v128.store(out, f64x2.neg(lower), 16);
    }
    x += ldx;
    out += ldOut;
  }
}
