import { warpLogSlope, type TargetWarp } from '../../transforms/targetWarp.ts';
import { likelihoodRowsOf, type ProcessData } from './fitWarpedProcess.ts';
import type { LeaveOut } from './leaveOut.ts';
import { replicateLogDensity, summarizeByFactors } from './trainingRows.ts';

/**
 * Log density of the left-out measurements in the unit of the target, comparable between warps: each row given all
 * others, the scatter of its replicates, and the slope of the warp.
 *
 * @param leaveOut prepared with the hyperparameters to judge the warp at
 * @param noise variance of one measurement of each row [m]; null where the user knows it
 */
export function leftOutLogDensity(
  data: ProcessData,
  leaveOut: LeaveOut,
  warp: TargetWarp,
  noise: Float64Array | null,
): number {
  const { rows, members } = likelihoodRowsOf(data, warp);
  let score = leaveOut.logDensity(rows.z);
  if (noise !== null) score += replicateLogDensity(summarizeByFactors(rows, noise), 1);
  for (const group of members) for (const row of group) score += warpLogSlope(warp, data.y[row]!);
  return score;
}
