import type { Matrix as ArenaMatrix, Routines } from '@athanor/wasm';
import { CovarianceMatrix } from '../../kernels/covarianceMatrix.ts';
import { crossCovariance } from '../../kernels/crossCovariance.ts';
import { readKernelParameters } from '../../kernels/kernel.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import { semidefiniteFactor } from '../../linalg/semidefiniteFactor.ts';
import type { Generator } from '../../random/generator.ts';
import { placeFactor } from './factorCovariance.ts';
import type { GaussianProcessState, ProcessMember } from './gaussianProcessState.ts';
import { placeTriangle } from './packedTriangle.ts';

/** Joint posterior of the noise-free standardised target at q points. */
export interface JointPosterior {
  /** [q] */
  readonly mean: Float64Array;
  /** Symmetric, dense [q, q]. */
  readonly covariance: Float64Array;
}

/**
 * Joint posterior at the rows X [q, d] of the mixture of all members: k(X, X) - V'V with V = L^-1 k(rows, X), plus
 * W'W with W = R^-1 V through inducing points, and the covariance of the members' means.
 */
export function jointPosterior(routines: Routines, state: GaussianProcessState, X: Matrix): JointPosterior {
  const q = X.rowCount;
  const share = 1 / state.members.length;
  const parts = state.members.map((member) => memberJoint(routines, state, member, X));
  const mean = new Float64Array(q);
  const covariance = new Float64Array(q * q);
  for (const part of parts) for (let a = 0; a < q; a++) mean[a]! += share * part.mean[a]!;
  for (const part of parts) {
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < q; b++) {
        const away = (part.mean[a]! - mean[a]!) * (part.mean[b]! - mean[b]!);
        covariance[a * q + b]! += share * (part.covariance[a * q + b]! + away);
      }
    }
  }
  return { mean, covariance };
}

/** Joint posterior of one member. */
export function memberJoint(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  X: Matrix,
): JointPosterior {
  const { arena } = routines;
  const q = X.rowCount;
  const mark = arena.mark();
  try {
    const { mean, lower } = placeMemberJoint(routines, state, member, X);
    const cells = arena.float64(lower.pointer, lower.ld * q);
    const covariance = new Float64Array(q * q);
    for (let b = 0; b < q; b++)
      for (let a = b; a < q; a++) covariance[a * q + b] = covariance[b * q + a] = cells[a + b * lower.ld]!;
    return { mean, covariance };
  } finally {
    arena.release(mark);
  }
}

/**
 * Joint posterior of one member with its covariance in the arena, of which the lower triangle counts. The caller
 * releases the arena.
 */
export function placeMemberJoint(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  X: Matrix,
): { readonly mean: Float64Array; readonly lower: ArenaMatrix } {
  const { arena, blas } = routines;
  const { kernel, features } = state;
  const parameters = readKernelParameters(kernel, member.logs);
  const q = X.rowCount;
  const m = features.rowCount;
  const covariance = new CovarianceMatrix(routines, kernel, X, false);
  covariance.fill(parameters, new Float64Array(q));
  const K = covariance.matrix;
  const mark = arena.mark();
  const V = crossCovariance(routines, kernel, parameters, features, X);
  const alpha = arena.storeFloat64(member.alpha);
  const mean = arena.allocateFloat64(q);
  blas.gemm('T', 'N', q, 1, m, 1, V.pointer, V.ld, alpha, m, 0, mean, q);
  const L =
    member.kind === 'exact'
      ? placeFactor(routines, state, member)
      : placeTriangle(arena, member.priorFactor, m);
  blas.trsm('L', 'N', m, q, L.pointer, L.ld, V.pointer, V.ld);
  blas.syrk('T', q, m, -1, V.pointer, V.ld, 1, K.pointer, K.ld);
  if (member.kind === 'inducing') {
    const R = placeTriangle(arena, member.posteriorFactor, m);
    blas.trsm('L', 'N', m, q, R.pointer, R.ld, V.pointer, V.ld);
    blas.syrk('T', q, m, 1, V.pointer, V.ld, 1, K.pointer, K.ld);
  }
  const cells = arena.float64(K.pointer, K.ld * q);
  for (let a = 0; a < q; a++) cells[a + a * K.ld] = Math.max(0, cells[a + a * K.ld]!);
  const means = arena.float64(mean, q).map((value) => value + member.mean);
  arena.release(mark);
  return { mean: means, lower: K };
}

/**
 * Draws from a joint posterior [count][q]: mean + L normal, with as much on the diagonal as its factorisation needs
 * (points may coincide).
 */
export function drawJointSamples(
  { mean, covariance }: JointPosterior,
  count: number,
  generator: Generator,
): Float64Array[] {
  const q = mean.length;
  const L = semidefiniteFactor(covariance, q);
  return Array.from({ length: count }, () => {
    const normal = Float64Array.from({ length: q }, () => generator.normal());
    return mean.map((value, a) => {
      let sum = value;
      for (let b = 0; b <= a; b++) sum += L[a * q + b]! * normal[b]!;
      return sum;
    });
  });
}
