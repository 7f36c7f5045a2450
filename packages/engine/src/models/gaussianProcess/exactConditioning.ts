import type { Routines } from '@athanor/wasm';
import type { Kernel, KernelParameters } from '../../kernels/kernel.ts';
import {
  conditionEstimate,
  factorCovariance,
  packTriangle,
  placeTriangle,
  type PackedTriangle,
  type PlainMatrix,
} from './trainingFactor.ts';
import type { TrainingRows } from './trainingRows.ts';

/** A Gaussian process conditioned on all its rows. Plain data; the factor is made again from it when needed. */
export type ExactConditioning = {
  readonly kind: 'exact';
  /** [m, d] */
  readonly features: PlainMatrix;
  /** Standardised target, mean over replicates [m]. */
  readonly z: Float64Array;
  /** Variance of each row's mean, with the jitter [m]. */
  readonly noise: Float64Array;
  /** Constant mean of the standardised target. */
  readonly mean: number;
  /** Ky^-1 (z - mean) [m]. */
  readonly alpha: Float64Array;
};

export interface ExactConditioningResult {
  readonly conditioning: ExactConditioning;
  /** Lower bound of the condition number of Ky. */
  readonly condition: number;
}

/**
 * Conditions on the rows: one Cholesky factorisation.
 *
 * @param noise variance of each row's mean [m]
 * @returns null when the covariance is not positive definite to working precision
 */
export function conditionExactly(
  routines: Routines,
  kernel: Kernel,
  parameters: KernelParameters,
  { features, z }: TrainingRows,
  noise: Float64Array,
  hasMean: boolean,
): ExactConditioningResult | null {
  const { arena, blas } = routines;
  const m = z.length;
  const mark = arena.mark();
  try {
    const factor = factorCovariance(routines, kernel, parameters, features, noise);
    if (factor === null) return null;
    const place = arena.allocateFloat64(2 * m);
    const solutions = arena.float64(place, 2 * m);
    solutions.set(z);
    solutions.fill(1, m);
    blas.trsm('L', 'N', m, 2, factor.pointer, factor.ld, place, m);
    blas.trsm('L', 'T', m, 2, factor.pointer, factor.ld, place, m);
    let mean = 0;
    if (hasMean) {
      let weighted = 0;
      let total = 0;
      for (let i = 0; i < m; i++) {
        weighted += solutions[i]!;
        total += solutions[m + i]!;
      }
      mean = weighted / total;
    }
    const alpha = new Float64Array(m);
    for (let i = 0; i < m; i++) alpha[i] = solutions[i]! - mean * solutions[m + i]!;
    const conditioning: ExactConditioning = { kind: 'exact', features, z, noise, mean, alpha };
    factors.set(conditioning, packTriangle(arena, factor, m));
    return { conditioning, condition: conditionEstimate(arena, factor, m) };
  } finally {
    arena.release(mark);
  }
}

/** Factors of conditionings seen in this process; one that was loaded gets its factor at first use. */
const factors = new WeakMap<ExactConditioning, PackedTriangle>();

/** Cholesky factor of Ky, placed in the arena. */
export function placeExactFactor(
  routines: Routines,
  kernel: Kernel,
  parameters: KernelParameters,
  conditioning: ExactConditioning,
): ReturnType<typeof placeTriangle> {
  const { features, noise } = conditioning;
  const m = noise.length;
  const known = factors.get(conditioning);
  if (known !== undefined) return placeTriangle(routines.arena, known, m);
  const factor = factorCovariance(routines, kernel, parameters, features, noise);
  // The same numbers were factored at the fit; other rounding on another machine cannot undo its margin.
  if (factor === null)
    throw new Error('The covariance of a fitted Gaussian process is not positive definite');
  factors.set(conditioning, packTriangle(routines.arena, factor, m));
  return factor;
}
