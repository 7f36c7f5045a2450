import type { Features } from './features.ts';
import type { Kernel, KernelParameters } from './kernel.ts';

/** k(x, x) of each row [n]. */
export function priorVariance(
  kernel: Kernel,
  parameters: KernelParameters,
  features: Features,
): Float64Array {
  const { rowCount: n, featureCount: d, values } = features;
  const variance = new Float64Array(n).fill(parameters.outputScale);
  kernel.fixed.forEach((term, t) => {
    const scale = parameters.fixedScales[t]!;
    for (let j = 0; j < d; j++) {
      for (let i = 0; i < n; i++) variance[i]! += scale * (values[i + j * n]! - term.centre[j]!) ** 2;
    }
  });
  return variance;
}
