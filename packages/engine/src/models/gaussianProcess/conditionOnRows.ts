import type { Routines } from '@athanor/wasm';
import type { Kernel } from '../../kernels/kernel.ts';
import { conditionEstimate, factorCovariance, rememberFactor } from './factorCovariance.ts';
import type { RowSources } from '../../kernels/rowSources.ts';
import type { ExactMember } from './gaussianProcessState.ts';
import { solveWithMean } from './solveWithMean.ts';
import { solveWithMeans } from './solveWithMeans.ts';
import type { TrainingRows } from './trainingRows.ts';

export interface ExactConditioning {
  readonly member: ExactMember;
  /** Lower bound of the condition number of Ky. */
  readonly condition: number;
}

/**
 * Conditions on the rows: one Cholesky factorisation (Rasmussen & Williams 2006, algorithm 2.1), the constant mean by
 * generalised least squares.
 *
 * @param noise variance of each row's mean [m]
 * @param sources where some of the rows measure companions, as if they measured the target, with means of their own
 * @returns null when the covariance is not positive definite to working precision
 */
export function conditionOnRows(
  routines: Routines,
  kernel: Kernel,
  logs: Float64Array,
  { features, z }: Pick<TrainingRows, 'features' | 'z'>,
  noise: Float64Array,
  noiseVariance: number,
  hasMean: boolean,
  sources: RowSources | null = null,
  ownScales: Float64Array = new Float64Array(0),
): ExactConditioning | null {
  const { arena } = routines;
  const m = z.length;
  const mark = arena.mark();
  try {
    const factor = factorCovariance(routines, kernel, logs, features, noise, sources, ownScales);
    if (factor === null) return null;
    const place = arena.allocateFloat64((2 + ownScales.length) * m);
    const mean =
      sources === null
        ? solveWithMean(routines, factor, z, place, hasMean)
        : solveWithMeans(routines, factor, z, place, sources)?.[0];
    if (mean === undefined) return null;
    const alpha = arena.float64(place, m).slice();
    const member: ExactMember = { kind: 'exact', logs, noiseVariance, mean, alpha, noise, ownScales };
    rememberFactor(arena, member, factor);
    return { member, condition: conditionEstimate(arena, factor, m) };
  } finally {
    arena.release(mark);
  }
}
