import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';
import { decomposeSingularValues } from '../../linalg/singularValues.ts';
import { fitTargetScale, standardizeTarget } from '../../transforms/targetScale.ts';
import { leaveGroupsOut } from './leaveGroupsOut.ts';
import { minNoiseVariance, type LinearFit } from './linearFit.ts';

/** Penalties tried, evenly spaced in their logarithm. */
export interface PenaltyRange {
  readonly penaltyCount: number;
  readonly smallestPenalty: number;
  readonly largestPenalty: number;
}

export interface RidgeResult {
  readonly fit: LinearFit;
  /** Sum of squared leave-group-out errors of the standardised target. */
  readonly leftOutSquares: number;
}

/**
 * Ridge regression (A. Hoerl and R. Kennard, Technometrics 12, 1970, 55) from one singular value decomposition
 * X = U S V'. The penalty is the one with the smallest leave-group-out error. Predictive variance
 * s^2 (1 + 1/n + x'(X'X + penalty I)^-1 x) with s^2 = RSS / (n - tr H): that of Bayesian regression with coefficients
 * N(0, s^2 / penalty), so that directions without data keep the spread of the prior.
 *
 * @param X standardised columns [n, d]
 * @param standard what they were standardised by
 */
export function fitRidge(
  X: Matrix,
  standard: Pick<LinearFit, 'centers' | 'scales'>,
  y: Float64Array,
  groups: Int32Array,
  range: PenaltyRange,
): RidgeResult {
  const n = y.length;
  const target = fitTargetScale(y);
  const z = standardizeTarget(target, y);
  const intercept = z.reduce((sum, value) => sum + value, 0) / n;
  const { U, values, V } = decomposeSingularValues(X);
  const k = values.length;

  // The intercept is a direction like the others, without a penalty.
  const B = createMatrix(n, k + 1);
  columnOf(B, 0).fill(1 / Math.sqrt(n));
  for (let c = 0; c < k; c++) columnOf(B, c + 1).set(columnOf(U, c));
  const leaveOut = leaveGroupsOut(B, z, groups);
  const shrinkageOf = (penalty: number): Float64Array =>
    Float64Array.from({ length: k + 1 }, (_, c) =>
      c === 0 ? 1 : values[c - 1]! ** 2 / (values[c - 1]! ** 2 + penalty),
    );
  // From the largest down, so that the stronger penalty wins a tie.
  let penalty = range.largestPenalty;
  let least = Infinity;
  for (let step = 0; step < range.penaltyCount; step++) {
    const share = range.penaltyCount === 1 ? 0 : step / (range.penaltyCount - 1);
    const candidate = range.largestPenalty * (range.smallestPenalty / range.largestPenalty) ** share;
    const error = leaveOut(shrinkageOf(candidate));
    if (error < least) {
      penalty = candidate;
      least = error;
    }
  }

  const shrinkage = shrinkageOf(penalty);
  const coefficients = new Float64Array(X.columnCount);
  const residuals = z.map((value) => value - intercept);
  for (let c = 0; c < k; c++) {
    const u = columnOf(U, c);
    const v = columnOf(V, c);
    const projection = u.reduce((sum, value, i) => sum + value * z[i]!, 0);
    const weight = (projection * shrinkage[c + 1]!) / values[c]!;
    for (let j = 0; j < v.length; j++) coefficients[j]! += weight * v[j]!;
    for (let i = 0; i < n; i++) residuals[i]! -= u[i]! * shrinkage[c + 1]! * projection;
  }
  const degreesOfFreedom = Math.max(1, n - shrinkage.reduce((sum, factor) => sum + factor, 0));
  const residualSquares = residuals.reduce((sum, error) => sum + error * error, 0);
  const directions = new Float64Array(k * X.columnCount);
  for (let c = 0; c < k; c++) directions.set(columnOf(V, c), c * X.columnCount);
  const fit: LinearFit = {
    target,
    ...standard,
    intercept,
    coefficients,
    directions,
    spectrum: values.map((value) => value ** 2),
    penalty,
    outsideVariance: 1 / penalty,
    noiseVariance: Math.max(minNoiseVariance, residualSquares / degreesOfFreedom),
    rowCount: n,
  };
  return { fit, leftOutSquares: least };
}
