import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/** A direction of partial least squares. */
export interface LatentDirection {
  /** Of the columns, such that the scores of the rows have length 1 [d]. */
  readonly weights: Float64Array;
  /** Coefficient of the scores. */
  readonly loading: number;
}

/** What is left of X'z below this share of it is rounding. */
const leastShare = 1e-10;

/**
 * SIMPLS for one target (S. de Jong, Chemometrics and Intelligent Laboratory Systems 18, 1993, 251, table 1): at most
 * `count` directions, fewer when the columns say no more.
 *
 * @param X centred columns [n, d]
 * @param z centred target [n]
 */
export function latentDirections(X: Matrix, z: Float64Array, count: number): LatentDirection[] {
  const n = X.rowCount;
  const d = X.columnCount;
  const project = (scores: Float64Array): Float64Array =>
    Float64Array.from({ length: d }, (_, j) => {
      const x = columnOf(X, j);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += x[i]! * scores[i]!;
      return sum;
    });
  const covariance = project(z);
  const least = leastShare * lengthOf(covariance);
  const basis: Float64Array[] = [];
  const directions: LatentDirection[] = [];
  while (directions.length < count) {
    const size = lengthOf(covariance);
    if (!(size > least)) break;
    const scores = new Float64Array(n);
    for (let j = 0; j < d; j++) {
      const x = columnOf(X, j);
      const weight = covariance[j]! / size;
      for (let i = 0; i < n; i++) scores[i]! += x[i]! * weight;
    }
    const length = lengthOf(scores);
    if (!(length > 0)) break;
    for (let i = 0; i < n; i++) scores[i]! /= length;
    directions.push({
      weights: covariance.map((value) => value / size / length),
      loading: scores.reduce((sum, value, i) => sum + value * z[i]!, 0),
    });
    const v = project(scores);
    // Twice, so that the basis stays orthogonal to the last digits.
    for (let pass = 0; pass < 2; pass++) for (const known of basis) subtract(v, known);
    const norm = lengthOf(v);
    if (!(norm > 0)) break;
    for (let j = 0; j < d; j++) v[j]! /= norm;
    basis.push(v);
    for (const known of basis) subtract(covariance, known);
  }
  return directions;
}

/** x <- x - v (v'x), |v| = 1 */
function subtract(x: Float64Array, v: Float64Array): void {
  let product = 0;
  for (let j = 0; j < x.length; j++) product += x[j]! * v[j]!;
  for (let j = 0; j < x.length; j++) x[j]! -= product * v[j]!;
}

function lengthOf(x: Float64Array): number {
  let square = 0;
  for (const value of x) square += value * value;
  return Math.sqrt(square);
}
