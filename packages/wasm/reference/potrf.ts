/**
 * Twin of `potrf`: the lower triangle of A [n, n] becomes L with A = L L', column by column (Golub & Van Loan, 2013,
 * Matrix Computations, algorithm 4.2.1).
 * @returns 0, or i >= 1 when the i-th pivot is <= 0 or not a number.
 */
export function potrf(n: number, a: Float64Array, lda: number): number {
  for (let j = 0; j < n; j++) {
    let pivot = a[j + j * lda];
    for (let p = 0; p < j; p++) pivot -= a[j + p * lda] ** 2;
    if (!(pivot > 0)) return j + 1;
    const diagonal = Math.sqrt(pivot);
    a[j + j * lda] = diagonal;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i + j * lda];
      for (let p = 0; p < j; p++) sum -= a[i + p * lda] * a[j + p * lda];
      a[i + j * lda] = sum / diagonal;
    }
  }
  return 0;
}
