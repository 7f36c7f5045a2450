/**
 * The variance of `crossPosterior` from an inverted factor: variance_c = max(0, variance_c - |R k_c|^2) with R as
 * `invertFactor` leaves it and K [n, m] rounded to float32.
 */
export function subtractExplained(
  n: number,
  m: number,
  k: Float64Array,
  ldk: number,
  inverse: Float32Array,
  variance: Float64Array,
): void {
  for (let c = 0; c < m; c++) {
    let explained = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += inverse[(i * (i + 1)) / 2 + j] * Math.fround(k[j + c * ldk]);
      explained += sum ** 2;
    }
    variance[c] = Math.max(0, variance[c] - explained);
  }
}
