import type { Routines } from '@athanor/wasm';
import { EngineError } from '../../engineError.ts';
import type { Posterior } from '../../posteriors/posterior.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import { noiseByTrend } from './knownNoise.ts';
import { LeaveOut } from './leaveOut.ts';
import { singleRows } from './trainingRows.ts';
import { unwarpPosterior } from './unwarpPosterior.ts';

/**
 * What the process says of each training row when the rows of its group are taken away, without refitting: exact for
 * the mean and the conditioning, at the hyperparameters of all rows. A preview: it is optimistic where few rows leave
 * the hyperparameters uncertain.
 *
 * @param groups group of each training row [n]; rows with equal inputs must be in one group
 * @returns null where the process does not know what to leave out: nothing learnt, inducing points, or companions,
 *   whose groups it does not keep
 * @throws EngineError with code OPTION_INVALID for replicates in different groups, or a single group
 */
export function leaveGroupsOut(
  routines: Routines,
  { state, rowOf, warp, noiseTrend }: FittedGaussianProcess,
  groups: Int32Array,
): Posterior | null {
  if (state.kind === 'constant' || state.z.length === 0 || state.sources !== null) return null;
  const { kernel, features, z, members } = state;
  const groupOf = new Int32Array(z.length).fill(-1);
  rowOf.forEach((row, i) => {
    if (groupOf[row] !== -1 && groupOf[row] !== groups[i])
      throw new EngineError('OPTION_INVALID', 'rows with equal inputs must be in one group', {
        field: 'groups',
      });
    groupOf[row] = groups[i]!;
  });
  if (new Set(groupOf).size < 2)
    throw new EngineError('OPTION_INVALID', 'leaving groups out needs at least two', { field: 'groups' });

  const share = 1 / members.length;
  const mean = new Float64Array(z.length);
  const square = new Float64Array(z.length);
  let noiseVariance = 0;
  for (const member of members) {
    if (member.kind !== 'exact') return null;
    const rows = singleRows(features, z);
    const leaveOut = LeaveOut.prepare(routines, kernel, member.logs, rows, member.noise, true);
    if (leaveOut === null) return null;
    const part = leaveOut.groups(z, groupOf);
    for (let i = 0; i < z.length; i++) {
      const latent = Math.max(0, part.variance[i]! - member.noise[i]!);
      mean[i]! += share * part.mean[i]!;
      square[i]! += share * (latent + part.mean[i]! ** 2);
    }
    noiseVariance += share * member.noiseVariance;
  }
  const noise = noiseByTrend(noiseTrend, mean, noiseVariance);
  const variance = square.map((value, i) => Math.max(0, value - mean[i]! ** 2));
  return unwarpPosterior(
    {
      kind: 'normal',
      mean: Float64Array.from(rowOf, (row) => mean[row]!),
      modelSd: Float64Array.from(rowOf, (row) => Math.sqrt(variance[row]!)),
      measurementSd: Float64Array.from(rowOf, (row) => Math.sqrt(variance[row]! + noise[row]!)),
    },
    warp,
  );
}
