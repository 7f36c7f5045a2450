import { momentsOf } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';

/**
 * The posterior of rows of which a model knows little is never narrower than the widest among its training rows.
 *
 * @param complaints what is wrong with each row, null for none [m]
 * @param widestSd largest calibrated standard deviation of a measurement among the training rows
 */
export function widenDoubtful(
  posterior: Posterior,
  complaints: readonly (string | null)[],
  widestSd: number,
): Posterior {
  if (complaints.every((one) => one === null)) return posterior;
  const { measurementSd } = momentsOf(posterior);
  return widenPosterior(
    posterior,
    measurementSd.map((sd, i) => (complaints[i] === null ? 1 : Math.max(1, widestSd / sd))),
  );
}
