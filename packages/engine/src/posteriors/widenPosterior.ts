import { scalePosterior } from './operations.ts';
import type { Posterior } from './posterior.ts';

/**
 * The posterior with spreads `factor` > 0 times as wide, one factor for all rows or one a row [m]: z-scores are divided
 * by it, and in a mixture those of its members, so that its mean and moments keep their closed form.
 */
export function widenPosterior(posterior: Posterior, factor: number | Float64Array): Posterior {
  if (posterior.kind !== 'mixture') return scalePosterior(posterior, factor);
  return { ...posterior, members: posterior.members.map((member) => widenPosterior(member, factor)) };
}
