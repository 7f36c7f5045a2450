import { powerOfTwoAbove } from './powerOfTwoAbove.ts';
import { columnOf, createMatrix, transpose, type Matrix } from './matrix.ts';

/** X = U diag(values) V', thin and without the directions that carry nothing but rounding. */
export interface SingularValues {
  /** Left singular vectors [n, k], orthonormal columns. */
  readonly U: Matrix;
  /** Positive, descending [k]. */
  readonly values: Float64Array;
  /** Right singular vectors [d, k], orthonormal columns. */
  readonly V: Matrix;
}

/**
 * Thin singular value decomposition of X [n, d]; k is its numerical rank, the number of singular values above
 * max(n, d) 2^-52 times the largest. Deterministic; finite X of any scale.
 *
 * Householder QR, then one-sided Jacobi rotations on the triangle (Golub & Van Loan, Matrix Computations, 4th ed.,
 * algorithm 5.2.1 and section 8.6.3). Cost about 4 n d^2 + 40 d^3.
 */
export function decomposeSingularValues(X: Matrix): SingularValues {
  if (X.rowCount < X.columnCount) {
    const { U, values, V } = decomposeSingularValues(transpose(X));
    return { U: V, values, V: U };
  }
  const n = X.rowCount;
  const d = X.columnCount;
  // A power of two changes no digit and keeps the squares below from overflowing.
  const scale = powerOfTwoAbove(X.values);
  const Q: Matrix = { ...X, values: X.values.map((value) => value / scale) };
  const leading = new Float64Array(d);
  const triangle = factorQR(Q, leading);
  const V = createMatrix(d, d);
  for (let j = 0; j < d; j++) V.values[j * V.stride + j] = 1;
  rotateToOrthogonal(triangle, V);

  const norms = Float64Array.from({ length: d }, (_, j) => Math.sqrt(dot(triangle, j, j)));
  const order = Array.from(norms.keys()).sort((a, b) => norms[b]! - norms[a]! || a - b);
  const threshold = Math.max(n, d) * Number.EPSILON * (d === 0 ? 0 : norms[order[0]!]!);
  const kept = order.filter((j) => norms[j]! > threshold);
  const U = createMatrix(n, kept.length);
  const rightVectors = createMatrix(d, kept.length);
  kept.forEach((j, k) => {
    const u = columnOf(U, k);
    const left = columnOf(triangle, j);
    for (let i = 0; i < d; i++) u[i] = left[i]! / norms[j]!;
    applyReflectors(Q, leading, u);
    columnOf(rightVectors, k).set(columnOf(V, j));
  });
  return { U, values: Float64Array.from(kept, (j) => norms[j]! * scale), V: rightVectors };
}

/**
 * Householder QR in place: below the diagonal of `A` [n, d] stay the reflectors, whose first entries go to
 * `leading` [d].
 * @returns R [d, d]
 */
function factorQR(A: Matrix, leading: Float64Array): Matrix {
  const R = createMatrix(A.columnCount, A.columnCount);
  for (let j = 0; j < A.columnCount; j++) {
    const v = columnOf(A, j).subarray(j);
    let square = 0;
    for (const value of v) square += value * value;
    const norm = v[0]! > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    // The reflector is v with its first entry v0 - norm, scaled to length sqrt 2 so that H = I - v v'.
    const head = v[0]! - norm;
    const length = Math.sqrt((square - v[0]! * v[0]! + head * head) / 2);
    R.values[j * R.stride + j] = norm;
    leading[j] = length === 0 ? 0 : head / length;
    for (let i = 1; i < v.length; i++) v[i] = length === 0 ? 0 : v[i]! / length;
    for (let k = j + 1; k < A.columnCount; k++) {
      reflect(v, leading[j]!, columnOf(A, k).subarray(j));
      R.values[k * R.stride + j] = A.values[k * A.stride + j]!;
    }
  }
  return R;
}

/** x <- (I - v v') x, where the first entry of v is `head`. */
function reflect(v: Float64Array, head: number, x: Float64Array): void {
  let product = head * x[0]!;
  for (let i = 1; i < v.length; i++) product += v[i]! * x[i]!;
  x[0] = x[0]! - product * head;
  for (let i = 1; i < v.length; i++) x[i] = x[i]! - product * v[i]!;
}

/** u <- Q u, for u [n] with zeros after the first d entries. */
function applyReflectors(Q: Matrix, leading: Float64Array, u: Float64Array): void {
  for (let j = Q.columnCount - 1; j >= 0; j--)
    reflect(columnOf(Q, j).subarray(j), leading[j]!, u.subarray(j));
}

/** Rotates pairs of columns of G [d, d], and of V with them, until all columns of G are orthogonal. */
function rotateToOrthogonal(G: Matrix, V: Matrix): void {
  const d = G.columnCount;
  // Convergence is quadratic; ten sweeps are plenty, sixty mean that something is not finite.
  for (let sweep = 0; sweep < 60; sweep++) {
    let rotated = false;
    for (let p = 0; p < d - 1; p++) {
      for (let q = p + 1; q < d; q++) {
        const pp = dot(G, p, p);
        const qq = dot(G, q, q);
        const pq = dot(G, p, q);
        if (!(Math.abs(pq) > Number.EPSILON * Math.sqrt(pp) * Math.sqrt(qq))) continue;
        rotated = true;
        const zeta = (qq - pp) / (2 * pq);
        const t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        rotate(columnOf(G, p), columnOf(G, q), c, c * t);
        rotate(columnOf(V, p), columnOf(V, q), c, c * t);
      }
    }
    if (!rotated) return;
  }
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    const yi = y[i]!;
    x[i] = c * xi - s * yi;
    y[i] = s * xi + c * yi;
  }
}

function dot(G: Matrix, p: number, q: number): number {
  const a = p * G.stride;
  const b = q * G.stride;
  let sum = 0;
  for (let i = 0; i < G.rowCount; i++) sum += G.values[a + i]! * G.values[b + i]!;
  return sum;
}
