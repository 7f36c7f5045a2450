import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';

/** Root mean squared error of predictions [n] of y [n], n >= 1, in the unit of y; squares do not overflow. */
export function rmse(predicted: Float64Array, y: Float64Array): number {
  const errors = y.map((value, i) => predicted[i]! - value);
  const scale = powerOfTwoAbove(errors);
  return scale * Math.sqrt(errors.reduce((sum, error) => sum + (error / scale) ** 2, 0) / errors.length);
}
