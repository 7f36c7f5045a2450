import { crps } from '../../scores/crps.ts';
import type { TargetWarp } from '../../transforms/targetWarp.ts';
import { likelihoodRowsOf, type ProcessData } from './fitWarpedProcess.ts';
import type { LeaveOut } from './leaveOut.ts';
import { unwarpPosterior } from './unwarpPosterior.ts';

/** Mean CRPS of the left-out measurements, in the unit of the target; lower is better. */
export function leftOutCrps(
  data: ProcessData,
  leaveOut: LeaveOut,
  warp: TargetWarp,
  noiseVariance: number | null,
): number {
  const { rows, members } = likelihoodRowsOf(data, warp);
  const { mean, variance } = leaveOut.rows(rows.z);
  const repeated = (values: (g: number) => number): Float64Array =>
    Float64Array.from(members.flatMap((group, g) => Array.from(group, () => values(g))));
  const measurementSd = repeated((g) => {
    const extra = noiseVariance === null ? 0 : noiseVariance * (1 - 1 / rows.counts[g]!);
    return Math.sqrt(variance[g]! + extra);
  });
  const posterior = unwarpPosterior(
    { kind: 'normal', mean: repeated((g) => mean[g]!), modelSd: measurementSd, measurementSd },
    warp,
  );
  const y = Float64Array.from(members.flatMap((group) => Array.from(group, (row) => data.y[row]!)));
  return crps(posterior, y).reduce((sum, score) => sum + score, 0) / y.length;
}
