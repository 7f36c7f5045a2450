import { rmse } from './rmse.ts';

/**
 * Share of the variance of y [n] that predictions [n] explain: 1 - sum (y - p)^2 / sum (y - mean y)^2. Negative when
 * the mean would have been the better prediction; 0 when all y are equal and there is nothing to explain.
 */
export function rSquared(predicted: Float64Array, y: Float64Array): number {
  const mean = y.reduce((sum, value) => sum + value / y.length, 0);
  const scatter = rmse(new Float64Array(y.length).fill(mean), y);
  return scatter === 0 ? 0 : 1 - (rmse(predicted, y) / scatter) ** 2;
}
