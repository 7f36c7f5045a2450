import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import { fitTargetScale, standardizeTarget } from '../../transforms/targetScale.ts';
import type { QuadraticTerms } from './quadraticTerms.ts';

/** A term must lower the information criterion by this. */
const leastGain = 2;
/** A column of which less than this share is new to those taken says nothing. */
const leastNew = 1e-8;

/**
 * Forward selection of quadratic terms: main effects are in, and the term that lowers the residual sum of squares most
 * is added while AICc = n log(RSS / n) + 2 k + 2 k (k + 1) / (n - k - 1) falls by at least two, k parameters counting
 * intercept and noise (C. Hurvich and C.-L. Tsai, Biometrika 76, 1989, 297).
 *
 * @param X main effects [n, d]
 * @param expanded X followed by the candidates [n, d + count]
 * @param most terms
 */
export function selectTerms(
  X: Matrix,
  expanded: Matrix,
  candidates: QuadraticTerms,
  y: Float64Array,
  most: number,
): QuadraticTerms {
  const n = y.length;
  const d = X.columnCount;
  const count = candidates.length / 2;
  const residuals = standardizeTarget(fitTargetScale(y), y);
  // Candidates lose, as terms are taken in, what those say already.
  const left = Array.from({ length: count }, (_, t) => columnOf(expanded, d + t).slice());
  let parameters = 2;
  const takeIn = (column: Float64Array): boolean => {
    const length = lengthOf(column);
    if (!(length > 0)) return false;
    for (let i = 0; i < n; i++) column[i]! /= length;
    subtract(residuals, column);
    for (const other of left) if (other !== column) subtract(other, column);
    parameters++;
    return true;
  };
  center(residuals);
  for (const column of left) center(column);
  const basis: Float64Array[] = [];
  for (let j = 0; j < d; j++) {
    const column = columnOf(X, j).slice();
    center(column);
    const before = lengthOf(column);
    for (const known of basis) subtract(column, known);
    if (lengthOf(column) > Math.sqrt(leastNew) * before && takeIn(column)) basis.push(column);
  }
  const sizes = left.map((_, t) => {
    const column = columnOf(expanded, d + t).slice();
    center(column);
    return lengthOf(column);
  });
  const chosen: number[] = [];
  const isTaken = new Uint8Array(count);
  let score = criterion(residuals, n, parameters);
  while (chosen.length < most) {
    let best = -1;
    let bestGain = 0;
    left.forEach((column, t) => {
      const length = lengthOf(column);
      if (isTaken[t] === 1 || !(length > Math.sqrt(leastNew) * sizes[t]!)) return;
      const gain = (dot(column, residuals) / length) ** 2;
      if (gain > bestGain) {
        bestGain = gain;
        best = t;
      }
    });
    if (best < 0) break;
    const squares = dot(residuals, residuals) - bestGain;
    if (!(criterionOf(squares, n, parameters + 1) <= score - leastGain)) break;
    isTaken[best] = 1;
    takeIn(left[best]!);
    chosen.push(best);
    score = criterion(residuals, n, parameters);
  }
  chosen.sort((a, b) => a - b);
  return Int32Array.from(chosen.flatMap((t) => [candidates[2 * t]!, candidates[2 * t + 1]!]));
}

function criterion(residuals: Float64Array, n: number, parameters: number): number {
  return criterionOf(dot(residuals, residuals), n, parameters);
}

function criterionOf(squares: number, n: number, parameters: number): number {
  const free = n - parameters - 1;
  if (free <= 0) return Infinity;
  return (
    n * Math.log(Math.max(squares, Number.MIN_VALUE) / n) +
    2 * parameters +
    (2 * parameters * (parameters + 1)) / free
  );
}

function center(x: Float64Array): void {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  for (let i = 0; i < x.length; i++) x[i]! -= mean;
}

/** x <- x - v (v'x), |v| = 1 */
function subtract(x: Float64Array, v: Float64Array): void {
  const product = dot(x, v);
  for (let i = 0; i < x.length; i++) x[i]! -= product * v[i]!;
}

function lengthOf(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
