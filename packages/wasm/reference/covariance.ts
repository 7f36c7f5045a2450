import type { StationaryKernel } from '../src/routines.ts';
import { stationaryKernel } from './stationaryKernel.ts';

/** One further term of a covariance matrix: scale B. */
export interface FixedTermValues {
  readonly b: Float64Array;
  readonly ldb: number;
  readonly scale: number;
}

/**
 * Twin of `covariance`: lower triangle of K = outputScale k(X, X) + sum_t scale_t B_t, and of the derivative factor G,
 * with X [n, d] divided by its length scales.
 */
export function covariance(
  kernel: StationaryKernel,
  n: number,
  d: number,
  x: Float64Array,
  ldx: number,
  outputScale: number,
  fixed: readonly FixedTermValues[],
  k: Float64Array,
  ldk: number,
  g: Float64Array | null,
  ldg: number,
): void {
  for (let column = 0; column < n; column++) {
    for (let row = column; row < n; row++) {
      let squaredDistance = 0;
      for (let j = 0; j < d; j++) squaredDistance += (x[row + j * ldx] - x[column + j * ldx]) ** 2;
      const unit = stationaryKernel[kernel](squaredDistance);
      let sum = outputScale * unit.k;
      for (const { b, ldb, scale } of fixed) sum += scale * b[row + column * ldb];
      k[row + column * ldk] = sum;
      if (g !== null) g[row + column * ldg] = outputScale * unit.g;
    }
  }
}
