import { columnOf, type Matrix } from '../linalg/matrix.ts';
import type { Kernel, KernelParameters } from './kernel.ts';

/** k(x, x) of each row [n]. */
export function priorVariance(kernel: Kernel, parameters: KernelParameters, features: Matrix): Float64Array {
  const variance = new Float64Array(features.rowCount).fill(parameters.outputScale);
  kernel.fixed.forEach((term, t) => {
    const scale = parameters.fixedScales[t]!;
    if (term.kind === 'tanimoto') {
      for (let i = 0; i < variance.length; i++) variance[i]! += scale;
      return;
    }
    term.centre.forEach((centre, j) => {
      const column = columnOf(features, j);
      for (let i = 0; i < column.length; i++) variance[i]! += scale * (column[i]! - centre) ** 2;
    });
  });
  return variance;
}
