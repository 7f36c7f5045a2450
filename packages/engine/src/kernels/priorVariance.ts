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
    term.centre.forEach((centre, j) =>
      columnOf(features, j).forEach((x, i) => (variance[i]! += scale * (x - centre) ** 2)),
    );
  });
  return variance;
}
