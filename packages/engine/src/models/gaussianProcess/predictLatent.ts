import type { Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';
import { crossCovariance } from '../../kernels/crossCovariance.ts';
import { readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import { placeFeatures } from '../../kernels/placeFeatures.ts';
import { priorVariance } from '../../kernels/priorVariance.ts';
import { takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import { placeFactor, placeFactorToRead } from './factorCovariance.ts';
import type {
  ExactMember,
  GaussianProcessState,
  InducingMember,
  ProcessMember,
} from './gaussianProcessState.ts';
import { placeTriangle } from './packedTriangle.ts';

/** Mean and variance of the noise-free standardised target at m rows. */
export interface LatentPrediction {
  /** [m] */
  readonly mean: Float64Array;
  /** >= 0 [m] */
  readonly variance: Float64Array;
}

/** Rows are predicted in multiples of this, so that a row predicted alone gets the bytes it gets among others. */
const tileRows = 4;
/** Rows predicted at once through inducing points. */
const blockRows = 1024;

/** Posterior at the rows X [m, d] of the mixture of all members. */
export function predictLatent(routines: Routines, state: GaussianProcessState, X: Matrix): LatentPrediction {
  return mixMembers(state.members.map((member) => predictMember(routines, state, member, X)));
}

/** Equal mixture of members: mean of the means, and mean of the variances plus the variance of the means. */
export function mixMembers(parts: readonly LatentPrediction[]): LatentPrediction {
  const share = 1 / parts.length;
  const m = parts[0]!.mean.length;
  const mean = new Float64Array(m);
  const variance = new Float64Array(m);
  for (const part of parts) for (let i = 0; i < mean.length; i++) mean[i]! += share * part.mean[i]!;
  for (const part of parts) {
    for (let i = 0; i < mean.length; i++)
      variance[i]! += share * (part.variance[i]! + (part.mean[i]! - mean[i]!) ** 2);
  }
  return { mean, variance };
}

/**
 * Posterior of one member: mean + k*'alpha and k** - |L^-1 k*|^2 (Rasmussen & Williams 2006, eqs. 2.25 and 2.26);
 * through inducing points k** - |L^-1 k*|^2 + |R^-1 L^-1 k*|^2 (Titsias 2009, eq. 6).
 */
export function predictMember(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  X: Matrix,
): LatentPrediction {
  if (member.kind === 'inducing')
    return inWholeTiles(routines, X, (whole) => predictThroughPoints(routines, state, member, whole));
  return hasMolecules(state.kernel)
    ? inWholeTiles(routines, X, (whole) => predictByBlocks(routines, state, member, whole))
    : predictExactly(routines, state, member, X, () => ({
        factor: placeFactorToRead(routines, state, member),
      }));
}

/** Whether the covariance has terms that the fused routine does not know. */
function hasMolecules({ fixed }: Kernel): boolean {
  return fixed.some(({ kind }) => kind === 'tanimoto');
}

/**
 * Whole tiles only: the routines round the columns of a last, narrower tile in another order. The rows of zeros that
 * follow those of a matrix fill it up.
 */
function inWholeTiles(
  routines: Routines,
  X: Matrix,
  predict: (whole: Matrix) => LatentPrediction,
): LatentPrediction {
  const mark = routines.arena.mark();
  try {
    const { mean, variance } = predict({
      ...X,
      rowCount: tileRows * Math.ceil(X.rowCount / tileRows),
    });
    return { mean: mean.slice(0, X.rowCount), variance: variance.slice(0, X.rowCount) };
  } finally {
    routines.arena.release(mark);
  }
}

/** What takes the training rows' part out of the prior variance: the factor of Ky, or its inverse in float32. */
type VarianceSolver = { readonly factor: ArenaMatrix } | { readonly inverse: Pointer };

/** @param placeSolver puts it into the arena, which is given back afterwards */
export function predictExactly(
  routines: Routines,
  state: GaussianProcessState,
  member: ExactMember,
  rows: Matrix,
  placeSolver: () => VarianceSolver,
): LatentPrediction {
  return inWholeTiles(routines, rows, (X) => evaluate(routines, state, member, X, placeSolver()));
}

function evaluate(
  routines: Routines,
  state: GaussianProcessState,
  member: ExactMember,
  X: Matrix,
  solver: VarianceSolver,
): LatentPrediction {
  const { arena } = routines;
  const { kernel, features } = state;
  const parameters = readKernelParameters(kernel, member.logs);
  const m = X.rowCount;
  const scaled = (rows: Matrix): ArenaMatrix =>
    placeFeatures(
      arena,
      rows,
      () => 0,
      (j) => parameters.lengthscales[kernel.lengthscaleOf[j]!]!,
    );
  const linear = kernel.fixed.find((term) => term.kind === 'linear');
  const centred = (rows: Matrix): ArenaMatrix =>
    placeFeatures(
      arena,
      rows,
      (j) => linear!.centre[j]!,
      () => 1,
    );
  const x = scaled(features);
  const candidates = scaled(X);
  const linearTerm =
    linear === undefined
      ? {}
      : {
          linear: {
            p: X.columnCount,
            x: centred(features),
            candidates: centred(X),
            scale: parameters.fixedScales[0]!,
          },
        };
  const alpha = arena.storeFloat64(member.alpha);
  const mean = arena.allocateFloat64(m);
  const variance = arena.allocateFloat64(m);
  routines.posterior({
    kernel: kernel.form,
    n: features.rowCount,
    m,
    d: X.columnCount,
    x,
    candidates,
    outputScale: parameters.outputScale,
    ...linearTerm,
    alpha,
    ...solver,
    mean,
    variance,
  });
  return {
    mean: arena.float64(mean, m).map((value) => value + member.mean),
    variance: arena.float64(variance, m).slice(),
  };
}

/** Posterior of an exact member from blocks of its covariances, whatever the kernel. */
function predictByBlocks(
  routines: Routines,
  state: GaussianProcessState,
  member: ExactMember,
  X: Matrix,
): LatentPrediction {
  const factor = placeFactor(routines, state, member);
  return predictBlocks(routines, state, member, X, factor, () => {});
}

function predictThroughPoints(
  routines: Routines,
  state: GaussianProcessState,
  member: InducingMember,
  X: Matrix,
): LatentPrediction {
  const { arena, blas } = routines;
  const k = state.features.rowCount;
  const factor = placeTriangle(arena, member.priorFactor, k);
  const R = placeTriangle(arena, member.posteriorFactor, k);
  return predictBlocks(routines, state, member, X, factor, (whitened, variance) => {
    blas.trsm('L', 'N', k, variance.length, R.pointer, R.ld, whitened.pointer, whitened.ld);
    const view = arena.float64(whitened.pointer, whitened.ld * variance.length);
    for (let c = 0; c < variance.length; c++) {
      let regained = 0;
      for (let a = 0; a < k; a++) regained += view[a + c * whitened.ld]! ** 2;
      variance[c]! += regained;
    }
  });
}

/**
 * mean + k*'alpha and k** - |L^-1 k*|^2, a block of rows after the other.
 *
 * @param factor L
 * @param regain adds to the variances of a block what its L^-1 k* say
 */
function predictBlocks(
  routines: Routines,
  { kernel, features }: GaussianProcessState,
  member: ProcessMember,
  X: Matrix,
  factor: ArenaMatrix,
  regain: (whitened: ArenaMatrix, variance: Float64Array) => void,
): LatentPrediction {
  const { arena } = routines;
  const parameters = readKernelParameters(kernel, member.logs);
  const alpha = arena.storeFloat64(member.alpha);
  const mean = new Float64Array(X.rowCount);
  const variance = priorVariance(kernel, parameters, X);
  const mark = arena.mark();
  for (let start = 0; start < X.rowCount; start += blockRows) {
    const count = Math.min(blockRows, X.rowCount - start);
    const rows = Int32Array.from({ length: count }, (_, i) => start + i);
    const cross = crossCovariance(routines, kernel, parameters, features, takeMatrixRows(X, rows));
    const blockMean = arena.allocateFloat64(count);
    const blockVariance = arena.storeFloat64(variance.subarray(start, start + count));
    routines.crossPosterior({
      n: features.rowCount,
      m: count,
      cross,
      alpha,
      factor,
      mean: blockMean,
      variance: blockVariance,
    });
    const means = arena.float64(blockMean, count);
    for (let c = 0; c < count; c++) mean[start + c] = means[c]! + member.mean;
    variance.set(arena.float64(blockVariance, count), start);
    // `cross` holds L^-1 k* now.
    regain(cross, variance.subarray(start, start + count));
    arena.release(mark);
  }
  return { mean, variance };
}
