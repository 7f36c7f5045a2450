/**
 * Twin of `invertFactor`: R = L^-1 of a Cholesky factor L [n, n], rounded to float32, row after row up to the diagonal
 * [n (n + 1) / 2].
 */
export function invertFactor(n: number, l: Float64Array, ldl: number, inverse: Float32Array): void {
  for (let j = 0; j < n; j++) {
    const column = new Float64Array(n);
    column[j] = 1 / l[j + j * ldl];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let p = j; p < i; p++) sum += l[i + p * ldl] * column[p];
      column[i] = -sum / l[i + i * ldl];
    }
    for (let i = j; i < n; i++) inverse[(i * (i + 1)) / 2 + j] = column[i];
  }
}
