import type { NormalPosterior, Posterior } from '../../posteriors/posterior.ts';
import { targetSpread, targetValue } from '../../transforms/targetScale.ts';
import type { TargetWarp } from '../../transforms/targetWarp.ts';

/** A normal posterior of the standardised target as one of the target; normal again where the warp is a straight line. */
export function unwarpPosterior(latent: NormalPosterior, warp: TargetWarp): Posterior {
  if (warp.shape.kind !== 'identity') return { kind: 'warpedNormal', latent, warp };
  return {
    kind: 'normal',
    mean: latent.mean.map((z) => targetValue(warp.scale, z)),
    modelSd: latent.modelSd.map((sd) => targetSpread(warp.scale, sd)),
    measurementSd: latent.measurementSd.map((sd) => targetSpread(warp.scale, sd)),
  };
}
