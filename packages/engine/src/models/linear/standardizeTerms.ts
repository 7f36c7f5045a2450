import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import type { LinearFit } from './linearFit.ts';

/**
 * Centres the columns of X [n, d] in place and divides them by their standard deviation times a factor: a column with a
 * larger factor is penalised more.
 */
export function standardizeTerms(
  X: Matrix,
  factorOf: (column: number) => number,
): Pick<LinearFit, 'centers' | 'scales'> {
  const centers = new Float64Array(X.columnCount);
  const scales = new Float64Array(X.columnCount);
  for (let j = 0; j < X.columnCount; j++) {
    const x = columnOf(X, j);
    const center = x.reduce((sum, value) => sum + value, 0) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - center) ** 2, 0) / x.length;
    const scale = (Math.sqrt(variance) || 1) * factorOf(j);
    centers[j] = center;
    scales[j] = scale;
    for (let i = 0; i < x.length; i++) x[i] = (x[i]! - center) / scale;
  }
  return { centers, scales };
}
