import { crps } from '../../scores/crps.ts';
import type { TargetWarp } from '../../transforms/targetWarp.ts';
import { likelihoodRowsOf, type ProcessData } from './fitWarpedProcess.ts';
import type { LeaveOut, LeftOut } from './leaveOut.ts';
import { unwarpPosterior } from './unwarpPosterior.ts';

/** Mean CRPS of the left-out measurements, in the unit of the target; lower is better. */
export function leftOutCrps(
  data: ProcessData,
  leaveOut: LeaveOut,
  warp: TargetWarp,
  noise: Float64Array | null,
): number {
  const { rows, members } = likelihoodRowsOf(data, warp);
  return crpsOfLeftOut(data.y, members, leaveOut.rows(rows.z), warp, noise);
}

/**
 * Mean CRPS of measurements y, given what was said of the row of each while it was left out.
 *
 * @param members measurements of each row
 * @param noise variance of one measurement of each row [m]; null where the user knows it
 */
export function crpsOfLeftOut(
  y: Float64Array,
  members: readonly Int32Array[],
  { mean, variance }: LeftOut,
  warp: TargetWarp,
  noise: Float64Array | null,
): number {
  const repeated = (values: (g: number) => number): Float64Array =>
    Float64Array.from(members.flatMap((group, g) => Array.from(group, () => values(g))));
  const measurementSd = repeated((g) => {
    const extra = noise === null ? 0 : noise[g]! * (1 - 1 / members[g]!.length);
    return Math.sqrt(variance[g]! + extra);
  });
  const posterior = unwarpPosterior(
    { kind: 'normal', mean: repeated((g) => mean[g]!), modelSd: measurementSd, measurementSd },
    warp,
  );
  const measured = Float64Array.from(members.flatMap((group) => Array.from(group, (row) => y[row]!)));
  return crps(posterior, measured).reduce((sum, score) => sum + score, 0) / measured.length;
}
