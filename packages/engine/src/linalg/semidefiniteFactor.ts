/**
 * Cholesky factor L [q, q] of a semidefinite A [q, q], both dense by rows; only the lower triangle of A is read. Columns
 * whose pivot is rounding become zero.
 */
export function semidefiniteFactor(A: Float64Array, q: number): Float64Array {
  const L = new Float64Array(q * q);
  let largest = 0;
  for (let a = 0; a < q; a++) largest = Math.max(largest, A[a * q + a]!);
  for (let j = 0; j < q; j++) {
    const rowJ = j * q;
    let pivot = A[rowJ + j]!;
    for (let k = 0; k < j; k++) pivot -= L[rowJ + k]! ** 2;
    if (!(pivot > 1e-12 * largest)) continue;
    const root = Math.sqrt(pivot);
    L[rowJ + j] = root;
    for (let i = j + 1; i < q; i++) {
      const rowI = i * q;
      let sum = A[rowI + j]!;
      for (let k = 0; k < j; k++) sum -= L[rowI + k]! * L[rowJ + k]!;
      L[rowI + j] = sum / root;
    }
  }
  return L;
}
