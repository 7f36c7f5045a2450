import { columnOf, type Matrix } from '../linalg/matrix.ts';
import type { Kernel, KernelParameters } from './kernel.ts';

/** k(x, x) of each row [n]. */
export function priorVariance(kernel: Kernel, parameters: KernelParameters, features: Matrix): Float64Array {
  const variance = new Float64Array(features.rowCount).fill(parameters.outputScale);
  kernel.fixed.forEach((term, t) => {
    const scale = parameters.fixedScales[t]!;
    for (let j = 0; j < features.columnCount; j++) {
      columnOf(features, j).forEach((x, i) => (variance[i]! += scale * (x - term.centre[j]!) ** 2));
    }
  });
  return variance;
}
