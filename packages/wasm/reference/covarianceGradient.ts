/** One further term of a covariance matrix, without its scale. */
export interface FixedMatrixValues {
  readonly b: Float64Array;
  readonly ldb: number;
}

/**
 * Twin of `covarianceGradient`, as plain sums over the whole square with W = Ky^-1 - alpha alpha' (Rasmussen &
 * Williams, 2006, equation 5.9): lengthscales_j = sum_ik W_ik G_ik (x_ij - x_kj)^2, traces_t = sum_ik W_ik B_t,ik,
 * diagonal_i = W_ii. Without alpha, W = Ky^-1.
 */
export function covarianceGradient(
  n: number,
  d: number,
  x: Float64Array,
  ldx: number,
  inverse: Float64Array,
  ldInverse: number,
  alpha: Float64Array | null,
  g: Float64Array,
  ldg: number,
  fixed: readonly FixedMatrixValues[],
  lengthscales: Float64Array,
  traces: Float64Array,
  diagonal: Float64Array,
): void {
  lengthscales.fill(0, 0, d);
  traces.fill(0, 0, fixed.length);
  for (let column = 0; column < n; column++) {
    for (let row = column; row < n; row++) {
      const outer = alpha === null ? 0 : alpha[row] * alpha[column];
      const w = inverse[row + column * ldInverse] - outer;
      if (row === column) diagonal[row] = w;
      // An element below the diagonal stands for its mirror image too.
      const weight = row === column ? w : 2 * w;
      const v = weight * g[row + column * ldg];
      for (let j = 0; j < d; j++) lengthscales[j] += v * (x[row + j * ldx] - x[column + j * ldx]) ** 2;
      fixed.forEach(({ b, ldb }, t) => (traces[t] += weight * b[row + column * ldb]));
    }
  }
}
