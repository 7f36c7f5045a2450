import type { Routines } from '@athanor/wasm';
import type { Kernel } from '../../kernels/kernel.ts';
import { conditionEstimate, factorCovariance, rememberFactor } from './factorCovariance.ts';
import type { ExactMember } from './gaussianProcessState.ts';
import { solveWithMean } from './solveWithMean.ts';
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
 * @returns null when the covariance is not positive definite to working precision
 */
export function conditionOnRows(
  routines: Routines,
  kernel: Kernel,
  logs: Float64Array,
  { features, z }: TrainingRows,
  noise: Float64Array,
  noiseVariance: number,
  hasMean: boolean,
): ExactConditioning | null {
  const { arena } = routines;
  const m = z.length;
  const mark = arena.mark();
  try {
    const factor = factorCovariance(routines, kernel, logs, features, noise);
    if (factor === null) return null;
    const place = arena.allocateFloat64(2 * m);
    const mean = solveWithMean(routines, factor, z, place, hasMean);
    const alpha = arena.float64(place, m).slice();
    const member: ExactMember = { kind: 'exact', logs, noiseVariance, mean, alpha, noise };
    rememberFactor(arena, member, factor);
    return { member, condition: conditionEstimate(arena, factor, m) };
  } finally {
    arena.release(mark);
  }
}
