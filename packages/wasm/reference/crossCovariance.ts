import type { StationaryKernel } from '../src/routines.ts';
import { stationaryKernel } from './stationaryKernel.ts';

/** Twin of `crossCovariance`: K [m, n] = outputScale k(A, B) and its derivative factor, A [m, d] and B [n, d] scaled. */
export function crossCovariance(
  kernel: StationaryKernel,
  m: number,
  n: number,
  d: number,
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
  outputScale: number,
  k: Float64Array,
  ldk: number,
  g: Float64Array | null,
  ldg: number,
): void {
  for (let column = 0; column < n; column++) {
    for (let row = 0; row < m; row++) {
      let squaredDistance = 0;
      for (let j = 0; j < d; j++) squaredDistance += (a[row + j * lda] - b[column + j * ldb]) ** 2;
      const unit = stationaryKernel[kernel](squaredDistance);
      k[row + column * ldk] = outputScale * unit.k;
      if (g !== null) g[row + column * ldg] = outputScale * unit.g;
    }
  }
}
