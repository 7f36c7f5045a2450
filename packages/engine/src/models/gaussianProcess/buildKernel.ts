import type { Kernel, TanimotoTerm } from '../../kernels/kernel.ts';
import { stationaryForms } from '../../kernels/stationaryForm.ts';
import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import { describeColumns, type InputEncoder } from '../../transforms/inputEncoder.ts';
import type { GaussianProcessSpec } from './gaussianProcessSpec.ts';

/** Keys of the inputs that have a length scale, in the order of the length scales. */
export function lengthscaleKeys(encoder: InputEncoder): string[] {
  return [...new Set(describeColumns(encoder).map(({ key }) => key))];
}

/**
 * The kernel of a spec over encoded rows X [n, d]: one length scale an input, which the columns of its levels or
 * descriptors share, or one for all; the first form for `auto`; the linear term is centred on the rows; similarities of molecules on top.
 */
export function buildKernel(
  encoder: InputEncoder,
  X: Matrix,
  similarities: readonly TanimotoTerm[],
  { kernel, lengthscales, hasOutputScale, hasLinear }: GaussianProcessSpec,
): Kernel {
  const columns = describeColumns(encoder);
  const keys = lengthscaleKeys(encoder);
  const isShared = lengthscales === 'shared';
  const centre = Float64Array.from(columns, (_, j) => {
    // Sorted, so that the order of the rows makes no difference to the last digit.
    const sorted = columnOf(X, j).slice().sort();
    return sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
  });
  return {
    form: kernel === 'auto' ? stationaryForms[0] : kernel,
    lengthscaleOf: Int32Array.from(columns, ({ key }) => (isShared ? 0 : keys.indexOf(key))),
    lengthscaleCount: isShared ? 1 : keys.length,
    hasOutputScale,
    fixed: [...(hasLinear ? [{ kind: 'linear', centre } as const] : []), ...similarities],
  };
}
