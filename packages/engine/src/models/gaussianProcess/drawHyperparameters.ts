import type { Objective } from '../../optimize/boundedMinimization.ts';
import type { Generator } from '../../random/generator.ts';

/** Step of the finite differences, in logarithms: rounding and curvature err by about 1e-8 of the Hessian. */
const step = 1e-4;
/** Least curvature along any logarithm: that of the widest prior. What the data say about a logarithm adds to it. */
const leastPivot = 0.3;

/**
 * Draws of the hyperparameters' logarithms from Laplace's approximation of their posterior: normal around the mode,
 * with the Hessian of the negative log posterior as precision, kept within the bounds. Draws come in pairs mirrored at
 * the mode, so that their mean errs only to second order.
 *
 * @param objective negative log posterior, from which central differences of the gradient give the Hessian
 * @param mode where it is least [p]
 */
export function drawHyperparameters(
  objective: Objective,
  mode: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  count: number,
  generator: Generator,
): Float64Array[] {
  const p = mode.length;
  const factor = factorWithFloor(hessianAt(objective, mode), p);
  const draws: Float64Array[] = [];
  while (draws.length < count) {
    // Solves L' e = normal, so that e has the inverse Hessian as covariance.
    const e = Float64Array.from({ length: p }, () => generator.normal());
    for (let i = p - 1; i >= 0; i--) {
      for (let k = i + 1; k < p; k++) e[i]! -= factor[k * p + i]! * e[k]!;
      e[i]! /= factor[i * p + i]!;
    }
    for (const sign of [1, -1]) {
      if (draws.length < count)
        draws.push(mode.map((log, i) => Math.min(Math.max(log + sign * e[i]!, lower[i]!), upper[i]!)));
    }
  }
  return draws;
}

/** Symmetric Hessian [p, p]; where a step leaves the domain of the objective the variable counts as flat. */
function hessianAt(objective: Objective, mode: Float64Array): Float64Array {
  const p = mode.length;
  const H = new Float64Array(p * p);
  const above = new Float64Array(p);
  const below = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    const x = mode.slice();
    x[i] = mode[i]! + step;
    objective(x, above);
    x[i] = mode[i]! - step;
    objective(x, below);
    for (let j = 0; j < p; j++) {
      const slope = (above[j]! - below[j]!) / (2 * step);
      const half = Number.isFinite(slope) ? 0.5 * slope : 0;
      H[i * p + j]! += half;
      H[j * p + i]! += half;
    }
  }
  return H;
}

/** Cholesky factor of H plus the least multiple of the identity that keeps its pivots above the floor. */
function factorWithFloor(H: Float64Array, p: number): Float64Array {
  for (let shift = 0; ; shift = shift === 0 ? leastPivot / 4 : 2 * shift) {
    const L = H.slice();
    let isSound = true;
    for (let j = 0; j < p && isSound; j++) {
      for (let i = j; i < p; i++) {
        let sum = L[i * p + j]! + (i === j ? shift : 0);
        for (let k = 0; k < j; k++) sum -= L[i * p + k]! * L[j * p + k]!;
        if (i > j) L[i * p + j] = sum / L[j * p + j]!;
        else if (sum >= leastPivot) L[j * p + j] = Math.sqrt(sum);
        else isSound = false;
        if (!isSound) break;
      }
    }
    if (isSound) return L;
  }
}
