import type { FixedTerm, Kernel } from '../../kernels/kernel.ts';
import type { InputEncoder } from '../../transforms/inputEncoder.ts';
import { lengthscaleKeys } from './buildKernel.ts';
import type { GaussianProcessStart } from './gaussianProcessSpec.ts';

/** Hyperparameters by what they belong to. */
export function startOf(
  encoder: InputEncoder,
  kernel: Kernel,
  logs: Float64Array,
  noiseVariance: number,
): GaussianProcessStart {
  const first = kernel.lengthscaleCount + (kernel.hasOutputScale ? 1 : 0);
  const scaleOf = (term: FixedTerm): number => Math.exp(logs[first + kernel.fixed.indexOf(term)]!);
  const linear = kernel.fixed.find(({ kind }) => kind === 'linear');
  return {
    lengthscales: Object.fromEntries(
      lengthscaleKeys(encoder).map((key, g) => [key, Math.exp(logs[kernel.lengthscaleCount === 1 ? 0 : g]!)]),
    ),
    outputScale: kernel.hasOutputScale ? Math.exp(logs[kernel.lengthscaleCount]!) : 1,
    linearScale: linear === undefined ? 1 : scaleOf(linear),
    similarityScales: Object.fromEntries(
      kernel.fixed.flatMap((term) => (term.kind === 'tanimoto' ? [[term.key, scaleOf(term)]] : [])),
    ),
    noiseVariance,
    companions: null,
  };
}
