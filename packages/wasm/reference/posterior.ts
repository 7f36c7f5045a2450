import type { StationaryKernel } from '../src/routines.ts';
import { crossCovariance } from './crossCovariance.ts';
import { crossPosterior } from './crossPosterior.ts';

/** The linear kernel's part of a posterior: scale Z Z*' of centred inputs. */
export interface LinearTermValues {
  readonly p: number;
  readonly x: Float64Array;
  readonly ldx: number;
  readonly candidates: Float64Array;
  readonly ldCandidates: number;
  readonly scale: number;
}

/** Twin of `posterior`: one candidate after the other. */
export function posterior(
  kernel: StationaryKernel,
  n: number,
  m: number,
  d: number,
  x: Float64Array,
  ldx: number,
  candidates: Float64Array,
  ldCandidates: number,
  outputScale: number,
  linear: LinearTermValues | null,
  alpha: Float64Array,
  factor: Float64Array | null,
  ldFactor: number,
  inverse: Float32Array | null,
  mean: Float64Array,
  variance: Float64Array | null,
): void {
  const cross = new Float64Array(n);
  for (let c = 0; c < m; c++) {
    const candidate = candidates.subarray(c);
    crossCovariance(kernel, n, 1, d, x, ldx, candidate, ldCandidates, outputScale, cross, n, null, 0);
    let prior = outputScale;
    if (linear !== null) {
      for (let j = 0; j < linear.p; j++) {
        const z = linear.candidates[c + j * linear.ldCandidates];
        for (let i = 0; i < n; i++) cross[i] += linear.scale * linear.x[i + j * linear.ldx] * z;
        prior += linear.scale * z * z;
      }
    }
    if (variance !== null) variance[c] = prior;
    crossPosterior(
      n,
      1,
      cross,
      n,
      alpha,
      factor,
      ldFactor,
      inverse,
      mean.subarray(c),
      variance === null ? null : variance.subarray(c),
    );
  }
}
