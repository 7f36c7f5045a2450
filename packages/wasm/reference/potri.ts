/**
 * Twin of `potri`: the lower triangle L of A [n, n] becomes that of (L L')^-1 = X'X with X = L^-1.
 * @returns 0, or i >= 1 when the i-th diagonal element of L is 0; A is then unchanged.
 */
export function potri(n: number, a: Float64Array, lda: number): number {
  for (let i = 0; i < n; i++) if (a[i + i * lda] === 0) return i + 1;
  // X = L^-1: column j by forward substitution from the unit vector j.
  const x = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    x[j + j * n] = 1 / a[j + j * lda];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let p = j; p < i; p++) sum -= a[i + p * lda] * x[p + j * n];
      x[i + j * n] = sum / a[i + i * lda];
    }
  }
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = 0;
      for (let p = i; p < n; p++) sum += x[p + i * n] * x[p + j * n];
      a[i + j * lda] = sum;
    }
  }
  return 0;
}
