/**
 * Solves A x = b for a symmetric positive definite A [k, k] by Cholesky's factorisation, both in place: `A` (dense,
 * k * k cells, only the lower triangle is read) becomes its factor and `b` [k] the solution.
 * @returns false when A is not positive definite to working precision; `b` is then spoilt.
 */
export function solvePositiveDefinite(A: Float64Array, b: Float64Array, k: number): boolean {
  for (let j = 0; j < k; j++) {
    let pivot = A[j * k + j]!;
    for (let p = 0; p < j; p++) pivot -= A[j * k + p]! ** 2;
    if (!(pivot > 0)) return false;
    const diagonal = Math.sqrt(pivot);
    A[j * k + j] = diagonal;
    for (let i = j + 1; i < k; i++) {
      let sum = A[i * k + j]!;
      for (let p = 0; p < j; p++) sum -= A[i * k + p]! * A[j * k + p]!;
      A[i * k + j] = sum / diagonal;
    }
  }
  for (let i = 0; i < k; i++) {
    let sum = b[i]!;
    for (let p = 0; p < i; p++) sum -= A[i * k + p]! * b[p]!;
    b[i] = sum / A[i * k + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let p = i + 1; p < k; p++) sum -= A[p * k + i]! * b[p]!;
    b[i] = sum / A[i * k + i]!;
  }
  return true;
}
