import type { Transpose } from '../src/blas.ts';

/** Twin of `syrk`: lower triangle of C [n, n] = alpha A A' + beta C (`N`, A [n, k]) or alpha A'A + beta C (`T`, A [k, n]). */
export function syrk(
  trans: Transpose,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  beta: number,
  c: Float64Array,
  ldc: number,
): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        sum += trans === 'N' ? a[i + p * lda] * a[j + p * lda] : a[p + i * lda] * a[p + j * lda];
      }
      c[i + j * ldc] = beta === 0 ? alpha * sum : alpha * sum + beta * c[i + j * ldc];
    }
  }
}
