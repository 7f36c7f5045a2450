/** Mean absolute error of predictions [n] of y [n], n >= 1, in the unit of y. */
export function meanAbsoluteError(predicted: Float64Array, y: Float64Array): number {
  return y.reduce((sum, value, i) => sum + Math.abs(predicted[i]! - value) / y.length, 0);
}
