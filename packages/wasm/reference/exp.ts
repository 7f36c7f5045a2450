/** Twin of `exp`: y_i = exp(x_i). */
export function exp(n: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < n; i++) y[i] = Math.exp(x[i]);
}
