import type { Transpose } from '../src/blas.ts';

/** Twin of `gemm`: C [m, n] = alpha op(A) op(B) + beta C, column-major; C is not read when beta = 0. */
export function gemm(
  transA: Transpose,
  transB: Transpose,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
  beta: number,
  c: Float64Array,
  ldc: number,
): void {
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const left = transA === 'N' ? a[i + p * lda] : a[p + i * lda];
        const right = transB === 'N' ? b[p + j * ldb] : b[j + p * ldb];
        sum += left * right;
      }
      c[i + j * ldc] = beta === 0 ? alpha * sum : alpha * sum + beta * c[i + j * ldc];
    }
  }
}
