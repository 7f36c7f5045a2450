import { momentsOf } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';

/**
 * By how much a mixture of members who know their own errors overstates its own: the share of its variance, row by row
 * [m], that is there for nothing; 0 for other posteriors.
 *
 * With members of squared error A on average and a variance D of their means about the mixture's, the mixture errs by
 * A - D (A. Krogh and J. Vedelsby, NIPS 7, 1995, 231) and states a variance of A + D: an excess of 2 D.
 */
export function mixtureExcess(posterior: Posterior): Float64Array {
  const { mean, measurementSd } = momentsOf(posterior);
  const excess = new Float64Array(mean.length);
  if (posterior.kind !== 'mixture') return excess;
  posterior.members.forEach((member, k) => {
    const weight = posterior.weights[k]!;
    momentsOf(member).mean.forEach((one, i) => {
      excess[i]! += 2 * weight * ((one - mean[i]!) / measurementSd[i]!) ** 2;
    });
  });
  return excess;
}
