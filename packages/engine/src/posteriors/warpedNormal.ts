import { normalLogPdf } from '../special/normalPdf.ts';
import { gaussHermite } from '../special/quadrature.ts';
import {
  checkTargetWarp,
  unwarping,
  warpLogSlope,
  warpTargets,
  type TargetWarp,
} from '../transforms/targetWarp.ts';
import { normalOperations } from './normal.ts';
import type { PosteriorOperations } from './operations.ts';
import type { WarpedNormalPosterior } from './posterior.ts';

const { nodes, weights } = gaussHermite(20);

/** The normal posterior on a warped scale: quantiles map exactly, moments by Gauss-Hermite quadrature with 20 nodes. */
export const warpedNormalOperations: PosteriorOperations<WarpedNormalPosterior> = {
  rowCount: ({ latent }) => latent.mean.length,

  moments({ latent, warp }) {
    const model = integrate(latent.mean, latent.modelSd, warp);
    const measurement = integrate(latent.mean, latent.measurementSd, warp);
    return {
      mean: measurement.mean,
      modelSd: model.sd.map((sd, i) => Math.min(sd, measurement.sd[i]!)),
      measurementSd: measurement.sd.map((sd) => Math.max(sd, Number.MIN_VALUE)),
    };
  },

  zScores: ({ latent, warp }, y) => normalOperations.zScores(latent, warpTargets(warp, y)),

  values: ({ latent, warp }, z) => normalOperations.values(latent, z).map(unwarping(warp)),

  logDensities({ latent: { mean, measurementSd }, warp }, y) {
    const z = warpTargets(warp, y);
    return y.map((value, i) => {
      const sd = measurementSd[i]!;
      return normalLogPdf((z[i]! - mean[i]!) / sd) - Math.log(sd) + warpLogSlope(warp, value);
    });
  },

  scale: ({ latent, warp }, factors) => ({
    kind: 'warpedNormal',
    latent: normalOperations.scale(latent, factors),
    warp,
  }),

  check: (reader) => ({
    kind: 'warpedNormal',
    latent: normalOperations.check(reader.field('latent')),
    warp: checkTargetWarp(reader.field('warp')),
  }),
};

/** Mean and standard deviation of the target where its warped value is normal. */
function integrate(
  mean: Float64Array,
  sd: Float64Array,
  warp: TargetWarp,
): { mean: Float64Array; sd: Float64Array } {
  const result = { mean: new Float64Array(mean.length), sd: new Float64Array(mean.length) };
  const values = new Float64Array(nodes.length);
  const unwarp = unwarping(warp);
  for (let i = 0; i < mean.length; i++) {
    let center = 0;
    for (let k = 0; k < values.length; k++) {
      values[k] = unwarp(mean[i]! + sd[i]! * nodes[k]!);
      center += weights[k]! * values[k]!;
    }
    let largest = 0;
    for (const value of values) largest = Math.max(largest, Math.abs(value - center));
    largest ||= 1;
    let square = 0;
    for (let k = 0; k < values.length; k++) square += weights[k]! * ((values[k]! - center) / largest) ** 2;
    result.mean[i] = center;
    result.sd[i] = largest * Math.sqrt(square);
  }
  return result;
}
