import type { Arena, Matrix as ArenaMatrix, Routines } from '@athanor/wasm';
import { CovarianceMatrix } from '../../kernels/covarianceMatrix.ts';
import { readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import type { RowSources } from '../../kernels/rowSources.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { packTriangle, placeTriangle, type PackedTriangle } from './packedTriangle.ts';
import type { ExactMember, GaussianProcessState } from './gaussianProcessState.ts';

/**
 * Cholesky factor of the covariance of the rows plus `diagonal` [m], left in the arena; null when it is not positive
 * definite to working precision. The caller releases the arena.
 *
 * @param sources where some of the rows measure companions, whose own parts then have `ownScales`
 */
export function factorCovariance(
  routines: Routines,
  kernel: Kernel,
  logs: Float64Array,
  features: Matrix,
  diagonal: Float64Array,
  sources: RowSources | null = null,
  ownScales?: Float64Array,
): ArenaMatrix | null {
  const covariance = new CovarianceMatrix(routines, kernel, features, false, sources);
  covariance.fill(readKernelParameters(kernel, logs), diagonal, ownScales);
  const { pointer, ld } = covariance.matrix;
  return routines.blas.potrf(features.rowCount, pointer, ld) === 0 ? covariance.matrix : null;
}

/** (largest / smallest diagonal element)^2 of a Cholesky factor: a lower bound of the condition number. */
export function conditionEstimate(arena: Arena, { pointer, ld }: ArenaMatrix, m: number): number {
  const view = arena.float64(pointer, ld * (m - 1) + m);
  let largest = 0;
  let smallest = Infinity;
  for (let i = 0; i < m; i++) {
    largest = Math.max(largest, view[i * (ld + 1)]!);
    smallest = Math.min(smallest, view[i * (ld + 1)]!);
  }
  return (largest / smallest) ** 2;
}

/** Factors of members seen in this process; a member that was loaded gets its factor at first use. */
const factors = new WeakMap<ExactMember, PackedTriangle>();

/** Keeps the factor of a member, which lies in the arena, for later. */
export function rememberFactor(arena: Arena, member: ExactMember, factor: ArenaMatrix): void {
  factors.set(member, packTriangle(arena, factor, member.noise.length));
}

/** Cholesky factor of Ky of a member, placed in the arena. */
export function placeFactor(
  routines: Routines,
  { kernel, features, sources }: GaussianProcessState,
  member: ExactMember,
): ArenaMatrix {
  const known = factors.get(member);
  if (known !== undefined) return placeTriangle(routines.arena, known, member.noise.length);
  const { logs, noise, ownScales } = member;
  const factor = factorCovariance(routines, kernel, logs, features, noise, sources, ownScales);
  // The same numbers were factored at the fit; other rounding on another machine cannot undo its margin.
  if (factor === null)
    throw new Error('The covariance of a fitted Gaussian process is not positive definite');
  rememberFactor(routines.arena, member, factor);
  return factor;
}

/**
 * `placeFactor` for those who only read it, as the first block they allocate: one prediction after the other finds the
 * factor where the last has left it, and saves writing megabytes for a few rows.
 */
export function placeFactorToRead(
  routines: Routines,
  state: GaussianProcessState,
  member: ExactMember,
): ArenaMatrix {
  const { arena } = routines;
  const n = member.noise.length;
  if (!factors.has(member)) return placeFactor(routines, state, member);
  const place = arena.isLeft(member) ? arena.allocateMatrix(n, n) : placeFactor(routines, state, member);
  arena.leave(member, place.pointer);
  return place;
}
