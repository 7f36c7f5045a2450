import type { NormalPosterior } from '../posteriors/posterior.ts';
import { targetSpread, targetValue, type TargetScale } from '../transforms/targetScale.ts';

/** The normal posterior in the unit of the target, from means and variances of the standardised one [m]. */
export function unscalePosterior(
  target: TargetScale,
  mean: Float64Array,
  modelVariance: Float64Array,
  measurementVariance: Float64Array,
): NormalPosterior {
  return {
    kind: 'normal',
    mean: mean.map((value) => targetValue(target, value)),
    modelSd: modelVariance.map((variance) => targetSpread(target, Math.sqrt(variance))),
    measurementSd: measurementVariance.map((variance) => targetSpread(target, Math.sqrt(variance))),
  };
}
