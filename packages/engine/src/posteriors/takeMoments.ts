import type { PosteriorMoments } from './operations.ts';

/** The moments of some rows, in the order of `rows`. */
export function takeMoments(
  { mean, modelSd, measurementSd }: PosteriorMoments,
  rows: Int32Array,
): PosteriorMoments {
  const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  return { mean: take(mean), modelSd: take(modelSd), measurementSd: take(measurementSd) };
}
