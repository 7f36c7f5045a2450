import type { Routines } from '@athanor/wasm';
import { columnOf, takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import type { GaussianProcessState } from './gaussianProcessState.ts';
import type { predictLatent, LatentPrediction } from './predictLatent.ts';

/**
 * How far beyond the range of an input, in ranges, its trend is followed. Measured on concrete_uci, 60 draws of 20
 * rows: an RMSE of 9.8 against 12.0 without a limit, at the same coverage.
 */
export const reach = 0.1;
/**
 * How far beyond it, in ranges, the variance of the place itself is taken: a linear kernel would go on growing until it
 * says nothing but that the row is far.
 */
export const farthest = 3;

/**
 * Posterior at rows [m, d] of features whose range is [0, 1]. Farther out than the reach of an input the mean stays
 * as it is at the end of it, while the variance is that of the place itself: a trend seen within the data says little
 * about where it ends.
 */
export function predictWithinReach(
  routines: Routines,
  state: GaussianProcessState,
  rows: Matrix,
  predict: typeof predictLatent,
): LatentPrediction {
  const X: Matrix = { ...rows, values: rows.values.slice() };
  clamp(X, state.kernel.lengthscaleOf.length, farthest);
  const prediction = predict(routines, state, X);
  const isBeyond = new Uint8Array(X.rowCount);
  for (let j = 0; j < state.kernel.lengthscaleOf.length; j++) {
    const column = columnOf(X, j);
    for (let i = 0; i < column.length; i++)
      if (column[i]! < -reach || column[i]! > 1 + reach) isBeyond[i] = 1;
  }
  const beyond = Int32Array.from(isBeyond.keys()).filter((i) => isBeyond[i] === 1);
  if (beyond.length === 0) return prediction;
  const near = takeMatrixRows(X, beyond);
  clamp(near, state.kernel.lengthscaleOf.length, reach);
  const inside = predict(routines, state, near);
  beyond.forEach((row, k) => {
    prediction.mean[row] = inside.mean[k]!;
    prediction.variance[row] = Math.max(prediction.variance[row]!, inside.variance[k]!);
  });
  return prediction;
}

/** Keeps the first `count` columns within so many ranges of [0, 1]. */
function clamp(X: Matrix, count: number, beyond: number): void {
  for (let j = 0; j < count; j++) {
    const column = columnOf(X, j);
    for (let i = 0; i < column.length; i++) column[i] = Math.min(Math.max(column[i]!, -beyond), 1 + beyond);
  }
}
