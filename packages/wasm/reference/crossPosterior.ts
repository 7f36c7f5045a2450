import { subtractExplained } from './subtractExplained.ts';
import { trsm } from './trsm.ts';

/**
 * Twin of `crossPosterior`: mean = K*' alpha and, where asked for, variance = max(0, k** - |L^-1 k*|^2) (Rasmussen &
 * Williams, 2006, equations 2.25 and 2.26), with K* [n, m] overwritten by L^-1 K* and `variance` holding k** on entry.
 * With an inverted factor K* stays, and the variance is rough.
 */
export function crossPosterior(
  n: number,
  m: number,
  cross: Float64Array,
  ldCross: number,
  alpha: Float64Array,
  factor: Float64Array | null,
  ldFactor: number,
  inverse: Float32Array | null,
  mean: Float64Array,
  variance: Float64Array | null,
): void {
  for (let c = 0; c < m; c++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += cross[i + c * ldCross] * alpha[i];
    mean[c] = sum;
  }
  if (variance === null) return;
  if (inverse !== null) subtractExplained(n, m, cross, ldCross, inverse, variance);
  if (inverse !== null || factor === null) return;
  trsm('L', 'N', n, m, factor, ldFactor, cross, ldCross);
  for (let c = 0; c < m; c++) {
    let explained = 0;
    for (let i = 0; i < n; i++) explained += cross[i + c * ldCross] ** 2;
    variance[c] = Math.max(0, variance[c] - explained);
  }
}
