import { normalCdf } from '../special/normalCdf.ts';
import { normalQuantile } from '../special/normalQuantile.ts';

/** Fewer errors than this say too little about the shape of their distribution. */
const minErrors = 60;
/** Width of the kernel that smooths the errors, in standard deviations. */
const bandwidth = 0.25;
/** Weight of the normal distribution, as if it were this many errors; it holds the tails. */
const priorErrors = 10;

/**
 * z-scores on the scale of the errors that a model made on rows it had not seen: where these are skewed or heavy-tailed,
 * a score of 1 is not the 84th percentile. Phi^-1 of the smoothed distribution of the errors (conformal prediction with
 * a smoothed distribution; Vovk et al. 2019).
 *
 * @param errors calibrated z-scores of held-out rows, NaN where there is none; null for none
 */
export function recalibrateScores(z: Float64Array, errors: Float64Array | null): Float64Array {
  const known = errors?.filter((error) => !Number.isNaN(error)) ?? new Float64Array(0);
  if (known.length < minErrors) return z;
  return z.map((score) => {
    if (!Number.isFinite(score)) return score;
    let sum = priorErrors * normalCdf(score);
    for (const error of known) sum += normalCdf((score - error) / bandwidth);
    const share = sum / (known.length + priorErrors);
    return normalQuantile(Math.min(Math.max(share, 1e-12), 1 - 1e-12));
  });
}
