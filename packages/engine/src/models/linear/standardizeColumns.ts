import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import { describeColumns, type InputEncoder } from '../../transforms/inputEncoder.ts';

/**
 * Centres and scales the columns of X in place. Numeric and indicator columns get unit standard deviation; the
 * columns of one categorical input share one scale, so that its levels are penalised alike however rare they are, and
 * a level never seen is as uncertain as the others were before they were seen.
 */
export function standardizeColumns(
  X: Matrix,
  encoder: InputEncoder,
): { centers: Float64Array; scales: Float64Array } {
  const columns = describeColumns(encoder);
  const centers = new Float64Array(columns.length);
  const variances = new Float64Array(columns.length);
  columns.forEach((_, j) => {
    const x = columnOf(X, j);
    const center = x.reduce((sum, value) => sum + value, 0) / x.length;
    centers[j] = center;
    variances[j] = x.reduce((sum, value) => sum + (value - center) ** 2, 0) / x.length;
  });
  const scales = Float64Array.from(columns, ({ key, role }, j) => {
    if (role === 'value' || role === 'missing') return Math.sqrt(variances[j]!) || 1;
    const levels = variances.filter((_, l) => columns[l]!.key === key && columns[l]!.role === 'level');
    return Math.sqrt(levels.reduce((sum, variance) => sum + variance, 0) / levels.length) || 1;
  });
  columns.forEach((_, j) => {
    const x = columnOf(X, j);
    for (let i = 0; i < x.length; i++) x[i] = (x[i]! - centers[j]!) / scales[j]!;
  });
  return { centers, scales };
}
