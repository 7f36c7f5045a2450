import type { Kernel } from '../../kernels/kernel.ts';
import type { GaussianProcessStart } from './gaussianProcessSpec.ts';

/** Length scale of an input that the earlier fit did not have. */
const usualLengthscale = 1;
/** Scale of the similarity of molecules in such an input, as a share of the target's variance. */
const usualSimilarityScale = 0.1;

/** Logarithms of the hyperparameters of an earlier fit, in the order of this one's. */
export function startLogs(
  { lengthscales, outputScale, linearScale, similarityScales, noiseVariance }: GaussianProcessStart,
  { lengthscaleCount, hasOutputScale, fixed }: Kernel,
  keys: readonly string[],
  learnsNoise: boolean,
): Float64Array {
  const values = keys.slice(0, lengthscaleCount).map((key) => lengthscales[key] ?? usualLengthscale);
  if (hasOutputScale) values.push(outputScale);
  for (const term of fixed)
    values.push(term.kind === 'linear' ? linearScale : (similarityScales[term.key] ?? usualSimilarityScale));
  if (learnsNoise) values.push(noiseVariance);
  return Float64Array.from(values, Math.log);
}
