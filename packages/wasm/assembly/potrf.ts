// Cholesky factor of the lower triangle. Small ones go column strip by column strip, each tile being updated with all
// columns to its left and solved at once; larger ones are halved (Gustavson, 1997, IBM J. Res. Dev. 41(6)).

import { prepareForward, substituteColumns } from './corner';
import { product } from './product';
import { bytes } from './simd';
import { multiplyOuter, tile } from './tile';
import { half, solveRightTransposed } from './trsm';

/** Up to this order a factor is computed strip by strip. */
const smallOrder: i32 = 128;

const coefficients: usize = memory.data(128, 64);

/** @returns 0, or the number, from 1, of the pivot that is <= 0 or not a number. */
export function potrf(n: i32, a: usize, lda: usize): i32 {
  if (n > smallOrder) {
    const n1 = half(n);
    const n2 = n - n1;
    const a21 = a + bytes(n1);
    const a22 = a21 + <usize>n1 * lda;
    let failed = potrf(n1, a, lda);
    if (failed != 0) return failed;
    solveRightTransposed(n2, n1, a, lda, a21, lda);
    product(true, false, true, n2, n2, n1, -1, a21, lda, a21, lda, 1, a22, lda);
    failed = potrf(n2, a22, lda);
    return failed == 0 ? 0 : n1 + failed;
  }
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    const corner = a + <usize>j * lda + bytes(j);
    multiplyOuter(j, a + bytes(j), lda, a + bytes(j), lda);
    const failed = factorCorner(columns, corner, lda);
    if (failed != 0) return j + failed;
    prepareForward(columns, corner, lda, coefficients);
    for (let i = j + 4; i < n; i += 4) {
      multiplyOuter(j, a + bytes(i), lda, a + bytes(j), lda);
      substituteColumns(false, min(4, n - i), columns, coefficients, a + <usize>j * lda + bytes(i), lda);
    }
  }
  return 0;
}

/** Factor of A - tile on up to 4 x 4. */
function factorCorner(size: i32, a: usize, lda: usize): i32 {
  for (let j = 0; j < size; j++) {
    const column = a + <usize>j * lda;
    const done = tile + ((<usize>j) << 5);
    for (let i = j; i < size; i++) {
      let sum = load<f64>(column + bytes(i)) - load<f64>(done + bytes(i));
      for (let p = 0; p < j; p++) {
        sum -= load<f64>(a + <usize>p * lda + bytes(i)) * load<f64>(a + <usize>p * lda + bytes(j));
      }
      store<f64>(column + bytes(i), sum);
    }
    const pivot = load<f64>(column + bytes(j));
    if (!(pivot > 0)) return j + 1;
    const root = sqrt<f64>(pivot);
    store<f64>(column + bytes(j), root);
    for (let i = j + 1; i < size; i++) store<f64>(column + bytes(i), load<f64>(column + bytes(i)) / root);
  }
  return 0;
}
