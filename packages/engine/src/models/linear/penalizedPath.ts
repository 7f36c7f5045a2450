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
 * R. Tibshirani, Journal of Statistical Software 33, 2010, 1, section 2.2). The columns that take part settle among
 * themselves, at the cost of their own number squared a sweep, before the others are asked again (section 2.6).
 *
 * @param tolerance largest change of a coefficient in the last sweep over all columns
 * @returns coefficients [d] for each penalty
 */
export function penalizedPath(
  { gram, target }: CrossProducts,
  mixing: number,
  penalties: readonly number[],
  tolerance: number,
): Float64Array[] {
  const d = target.length;
  // What is left of X'z / n once the coefficients have explained their part.
  const all: Descent = { gram, gradient: target.slice(), coefficients: new Float64Array(d) };
  return penalties.map((penalty) => {
    const threshold = penalty * mixing;
    const ridge = penalty * (1 - mixing);
    for (let left = maxSweeps; left > 0 && sweep(all, threshold, ridge) > tolerance; left--) {
      const active = Array.from(all.coefficients.keys()).filter((j) => all.coefficients[j] !== 0);
      const part = takeColumns(all, active);
      while (--left > 0 && sweep(part, threshold, ridge) > tolerance);
      putBack(all, active, part);
    }
    return all.coefficients.slice();
  });
}

/** Where descent over k columns stands. */
interface Descent {
  /** [k * k] */
  readonly gram: Float64Array;
  /** [k] */
  readonly gradient: Float64Array;
  /** [k] */
  readonly coefficients: Float64Array;
}

/** Moves each coefficient to its best value in turn. @returns the largest change */
function sweep({ gram, gradient, coefficients }: Descent, threshold: number, ridge: number): number {
  const k = gradient.length;
  let largest = 0;
  for (let j = 0; j < k; j++) {
    const curvature = gram[j * k + j]!;
    if (!(curvature > 0)) continue;
    const old = coefficients[j]!;
    const slope = gradient[j]! + curvature * old;
    const size = Math.abs(slope) - threshold;
    const next = size > 0 ? (slope > 0 ? size : -size) / (curvature + ridge) : 0;
    if (next === old) continue;
    const change = next - old;
    coefficients[j] = next;
    for (let i = 0; i < k; i++) gradient[i]! -= gram[j * k + i]! * change;
    if (Math.abs(change) > largest) largest = Math.abs(change);
  }
  return largest;
}

function takeColumns({ gram, gradient, coefficients }: Descent, columns: readonly number[]): Descent {
  const d = gradient.length;
  const k = columns.length;
  const part = new Float64Array(k * k);
  columns.forEach((row, a) => columns.forEach((column, b) => (part[a * k + b] = gram[row * d + column]!)));
  return {
    gram: part,
    gradient: Float64Array.from(columns, (j) => gradient[j]!),
    coefficients: Float64Array.from(columns, (j) => coefficients[j]!),
  };
}

/** Takes over where some columns have settled. */
function putBack({ gram, gradient, coefficients }: Descent, columns: readonly number[], part: Descent): void {
  const d = gradient.length;
  columns.forEach((j, a) => {
    const change = part.coefficients[a]! - coefficients[j]!;
    if (change === 0) return;
    coefficients[j] = part.coefficients[a]!;
    for (let i = 0; i < d; i++) gradient[i]! -= gram[j * d + i]! * change;
  });
}
