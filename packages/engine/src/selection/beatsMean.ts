import type { JudgedTarget } from './chooseDefault.ts';
import { pairedDifference } from './pairedDifference.ts';

/** Whether CRPS of rows [n] is better than that of the mean of the data by more than one standard error. */
export function beatsMean({ groups, groupCount, baseline }: JudgedTarget, rowCrps: Float64Array): boolean {
  const gain = pairedDifference(baseline, rowCrps, groups, groupCount);
  return gain.difference > gain.standardError;
}
