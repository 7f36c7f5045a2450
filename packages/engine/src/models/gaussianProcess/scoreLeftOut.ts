import type { Posterior } from '../../posteriors/posterior.ts';
import { crps } from '../../scores/crps.ts';
import { warpLogSlope, type TargetWarp } from '../../transforms/targetWarp.ts';
import { warpedRows, type ProcessData } from './fitWarpedProcess.ts';
import type { LeaveOut } from './leaveOut.ts';
import {
  replicateLogDensity,
  summarizeReplicates,
  takeTrainingRows,
  type TrainingRows,
} from './trainingRows.ts';
import { unwarpPosterior } from './unwarpPosterior.ts';

/** Rows of the likelihood for a warp, and the measurements that went into them. */
function likelihoodRows(
  data: ProcessData,
  warp: TargetWarp,
): { rows: TrainingRows; members: readonly Int32Array[] } {
  const all = warpedRows(data, warp);
  const { members } = data.replicates;
  if (data.subset === null) return { rows: all, members };
  return { rows: takeTrainingRows(all, data.subset), members: Array.from(data.subset, (g) => members[g]!) };
}

/**
 * Log density of the left-out measurements in the unit of the target, comparable between warps: each row given all
 * others, the scatter of its replicates, and the slope of the warp.
 *
 * @param leaveOut prepared with the hyperparameters to judge the warp at
 * @param noiseVariance null where the user knows it row by row
 */
export function leftOutLogDensity(
  data: ProcessData,
  leaveOut: LeaveOut,
  warp: TargetWarp,
  noiseVariance: number | null,
): number {
  const { rows, members } = likelihoodRows(data, warp);
  let score = leaveOut.logDensity(rows.z);
  if (noiseVariance !== null) score += replicateLogDensity(summarizeReplicates(rows), noiseVariance);
  for (const group of members) for (const row of group) score += warpLogSlope(warp, data.y[row]!);
  return score;
}

/** Mean CRPS of the left-out measurements, in the unit of the target; lower is better. */
export function leftOutCrps(
  data: ProcessData,
  leaveOut: LeaveOut,
  warp: TargetWarp,
  noiseVariance: number | null,
): number {
  const { rows, members } = likelihoodRows(data, warp);
  const { mean, variance } = leaveOut.rows(rows.z);
  const repeated = (values: (g: number) => number): Float64Array =>
    Float64Array.from(members.flatMap((group, g) => Array.from(group, () => values(g))));
  const measurementSd = repeated((g) => {
    const extra = noiseVariance === null ? 0 : noiseVariance * (1 - 1 / rows.counts[g]!);
    return Math.sqrt(variance[g]! + extra);
  });
  const posterior: Posterior = unwarpPosterior(
    { kind: 'normal', mean: repeated((g) => mean[g]!), modelSd: measurementSd, measurementSd },
    warp,
  );
  const y = Float64Array.from(members.flatMap((group) => Array.from(group, (row) => data.y[row]!)));
  return crps(posterior, y).reduce((sum, score) => sum + score, 0) / y.length;
}
