import { powerOfTwoAbove } from '../linalg/powerOfTwoAbove.ts';

export interface PairedDifference {
  /** Mean over rows of a - b. */
  readonly difference: number;
  /** Its standard error, from the scatter between groups; infinite for a single group. */
  readonly standardError: number;
}

/**
 * How much worse the scores a [n] are than b [n] on the same rows, and how sure that is when the rows of a group vary
 * together: the cluster-robust standard error sqrt(g / (g - 1) sum_g (S_g - D n_g)^2) / n, S_g the sum of differences
 * in a group of n_g rows and D their mean (K.-Y. Liang and S. Zeger, Biometrika 73, 1986, 13). Rows with NaN are left
 * out.
 */
export function pairedDifference(
  a: Float64Array,
  b: Float64Array,
  groups: Int32Array,
  groupCount: number,
): PairedDifference {
  const differences = a.map((value, i) => value - b[i]!);
  const unit = powerOfTwoAbove(differences);
  const sums = new Float64Array(groupCount);
  const counts = new Int32Array(groupCount);
  let total = 0;
  let n = 0;
  differences.forEach((difference, i) => {
    if (Number.isNaN(difference)) return;
    sums[groups[i]!]! += difference / unit;
    counts[groups[i]!]!++;
    total += difference / unit;
    n++;
  });
  const mean = total / n;
  const seen = counts.reduce((count, size) => count + (size > 0 ? 1 : 0), 0);
  if (seen < 2) return { difference: mean * unit, standardError: Infinity };
  let squares = 0;
  for (let g = 0; g < groupCount; g++) squares += (sums[g]! - mean * counts[g]!) ** 2;
  return {
    difference: mean * unit,
    standardError: (Math.sqrt((seen / (seen - 1)) * squares) / n) * unit,
  };
}
