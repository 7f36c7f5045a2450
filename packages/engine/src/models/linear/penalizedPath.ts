import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/** Sweeps over all coefficients at most. */
const maxSweeps = 2000;

/** X'X / n and X'z / n of centred columns [n, d]: all that coordinate descent needs to know. */
export interface CrossProducts {
  /** [d * d] */
  readonly gram: Float64Array;
  /** [d] */
  readonly target: Float64Array;
}

export function crossProducts(X: Matrix, z: Float64Array): CrossProducts {
  const n = X.rowCount;
  const d = X.columnCount;
  const gram = new Float64Array(d * d);
  const target = new Float64Array(d);
  for (let a = 0; a < d; a++) {
    const x = columnOf(X, a);
    for (let b = 0; b <= a; b++) {
      const other = columnOf(X, b);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i]! * other[i]!;
      gram[a * d + b] = sum / n;
      gram[b * d + a] = sum / n;
    }
    let sum = 0;
    for (let i = 0; i < n; i++) sum += x[i]! * z[i]!;
    target[a] = sum / n;
  }
  return { gram, target };
}

/**
 * Coefficients that minimise |z - X b|^2 / (2 n) + penalty (mixing |b|_1 + (1 - mixing) |b|^2 / 2), for falling
 * penalties, each started from the last: cyclic coordinate descent with covariance updates (J. Friedman, T. Hastie,
 * R. Tibshirani, Journal of Statistical Software 33, 2010, 1, section 2.2).
 *
 * @param tolerance largest change of a coefficient in the last sweep
 * @returns coefficients [d] for each penalty
 */
export function penalizedPath(
  { gram, target }: CrossProducts,
  mixing: number,
  penalties: readonly number[],
  tolerance: number,
): Float64Array[] {
  const d = target.length;
  const coefficients = new Float64Array(d);
  // What is left of X'z / n once the coefficients have explained their part.
  const gradient = target.slice();
  return penalties.map((penalty) => {
    const threshold = penalty * mixing;
    for (let sweep = 0; sweep < maxSweeps; sweep++) {
      let largest = 0;
      for (let j = 0; j < d; j++) {
        const curvature = gram[j * d + j]!;
        if (!(curvature > 0)) continue;
        const old = coefficients[j]!;
        const slope = gradient[j]! + curvature * old;
        const size = Math.abs(slope) - threshold;
        const next = size > 0 ? (Math.sign(slope) * size) / (curvature + penalty * (1 - mixing)) : 0;
        if (next === old) continue;
        const change = next - old;
        coefficients[j] = next;
        for (let k = 0; k < d; k++) gradient[k]! -= gram[j * d + k]! * change;
        largest = Math.max(largest, Math.abs(change));
      }
      if (largest <= tolerance) break;
    }
    return coefficients.slice();
  });
}
