// Triangular solves with a lower triangle, four ways. Small ones go tile by tile: the tile minus the product of what is
// solved already, then a 4 x 4 solve. Larger ones are halved, the rest being a product.

import { cornerBytes, prepareBackward, prepareForward, substituteColumns, substituteRows } from './corner';
import { product } from './product';
import { bytes } from './simd';
import { multiplyColumns, multiplyDots, multiplyOuter } from './tile';

/** Up to this order a triangle is solved tile by tile. */
const smallOrder: i32 = 64;

/** Coefficients of the smallOrder / 4 corners of a small triangle. */
const corners: usize = memory.data(2048, 64);

/** Where a triangle too large to be solved tile by tile is cut: a multiple of 4. */
@inline
export function half(n: i32): i32 {
  return ((n >> 1) + 3) & ~3;
}

@inline
function cornerAt(i: i32): usize {
  return corners + <usize>(i >> 2) * cornerBytes;
}

/** L X = B */
export function solveLeft(m: i32, n: i32, l: usize, ldl: usize, b: usize, ldb: usize): void {
  if (m > smallOrder) {
    const m1 = half(m);
    solveLeft(m1, n, l, ldl, b, ldb);
    product(false, false, false, m - m1, n, m1, -1, l + bytes(m1), ldl, b, ldb, 1, b + bytes(m1), ldb);
    solveLeft(m - m1, n, l + <usize>m1 * ldl + bytes(m1), ldl, b + bytes(m1), ldb);
    return;
  }
  for (let i = 0; i < m; i += 4) prepareForward(min(4, m - i), l + <usize>i * ldl + bytes(i), ldl, cornerAt(i));
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    const strip = b + <usize>j * ldb;
    for (let i = 0; i < m; i += 4) {
      multiplyColumns(i, l + bytes(i), ldl, strip, ldb, columns);
      substituteRows(false, min(4, m - i), columns, cornerAt(i), strip + bytes(i), ldb);
    }
  }
}

/** L'X = B */
export function solveLeftTransposed(m: i32, n: i32, l: usize, ldl: usize, b: usize, ldb: usize): void {
  if (m > smallOrder) {
    const m1 = half(m);
    solveLeftTransposed(m - m1, n, l + <usize>m1 * ldl + bytes(m1), ldl, b + bytes(m1), ldb);
    product(false, true, false, m1, n, m - m1, -1, l + bytes(m1), ldl, b + bytes(m1), ldb, 1, b, ldb);
    solveLeftTransposed(m1, n, l, ldl, b, ldb);
    return;
  }
  for (let i = 0; i < m; i += 4) prepareBackward(min(4, m - i), l + <usize>i * ldl + bytes(i), ldl, cornerAt(i));
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    const strip = b + <usize>j * ldb;
    for (let i = (m - 1) & ~3; i >= 0; i -= 4) {
      const rows = min(4, m - i);
      const below = i + rows;
      multiplyDots(m - below, l + <usize>i * ldl + bytes(below), ldl, rows, strip + bytes(below), ldb, columns);
      substituteRows(true, rows, columns, cornerAt(i), strip + bytes(i), ldb);
    }
  }
}

/** X L' = B */
export function solveRightTransposed(m: i32, n: i32, l: usize, ldl: usize, b: usize, ldb: usize): void {
  if (n > smallOrder) {
    const n1 = half(n);
    const b2 = b + <usize>n1 * ldb;
    solveRightTransposed(m, n1, l, ldl, b, ldb);
    product(false, false, true, m, n - n1, n1, -1, b, ldb, l + bytes(n1), ldl, 1, b2, ldb);
    solveRightTransposed(m, n - n1, l + <usize>n1 * ldl + bytes(n1), ldl, b2, ldb);
    return;
  }
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    prepareForward(columns, l + <usize>j * ldl + bytes(j), ldl, corners);
    for (let i = 0; i < m; i += 4) {
      multiplyOuter(j, b + bytes(i), ldb, l + bytes(j), ldl);
      substituteColumns(false, min(4, m - i), columns, corners, b + <usize>j * ldb + bytes(i), ldb);
    }
  }
}

/** X L = B */
export function solveRight(m: i32, n: i32, l: usize, ldl: usize, b: usize, ldb: usize): void {
  if (n > smallOrder) {
    const n1 = half(n);
    const b2 = b + <usize>n1 * ldb;
    solveRight(m, n - n1, l + <usize>n1 * ldl + bytes(n1), ldl, b2, ldb);
    product(false, false, false, m, n1, n - n1, -1, b2, ldb, l + bytes(n1), ldl, 1, b, ldb);
    solveRight(m, n1, l, ldl, b, ldb);
    return;
  }
  for (let j = (n - 1) & ~3; j >= 0; j -= 4) {
    const columns = min(4, n - j);
    const right = j + columns;
    const below = l + <usize>j * ldl + bytes(right);
    prepareBackward(columns, l + <usize>j * ldl + bytes(j), ldl, corners);
    for (let i = 0; i < m; i += 4) {
      multiplyColumns(n - right, b + <usize>right * ldb + bytes(i), ldb, below, ldl, columns);
      substituteColumns(true, min(4, m - i), columns, corners, b + <usize>j * ldb + bytes(i), ldb);
    }
  }
}
