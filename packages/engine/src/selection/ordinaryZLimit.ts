import { tailLimit } from './tailLimit.ts';

/** In the spread of z-scores none of a wild row counts for more than this, unless most rows are nearly as far out. */
const largestOrdinaryZ = 5;

/**
 * Size beyond which a z-score counts as this where the spread of all is learnt.
 *
 * @param sizes absolute z-scores [n], at least one
 */
export function ordinaryZLimit(sizes: Float64Array): number {
  return Math.max(largestOrdinaryZ, tailLimit(sizes));
}
