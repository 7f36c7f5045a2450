import type { Routines } from '@athanor/wasm';
import { crossCovariance } from '../../kernels/crossCovariance.ts';
import { readKernelParameters } from '../../kernels/kernel.ts';
import { placeFeatures } from '../../kernels/placeFeatures.ts';
import { priorVariance } from '../../kernels/priorVariance.ts';
import { takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import { placeExactFactor, type ExactConditioning } from './exactConditioning.ts';
import type { Conditioning, GaussianProcessState, NoConditioning } from './gaussianProcessState.ts';
import type { InducingConditioning } from './inducingConditioning.ts';
import { placeTriangle } from './trainingFactor.ts';

/** Mean and variance of the noise-free standardised target at m rows. */
export interface LatentPrediction {
  /** [m] */
  readonly mean: Float64Array;
  /** >= 0 [m] */
  readonly variance: Float64Array;
}

/** Rows predicted at once through inducing points. */
const blockRows = 1024;

/**
 * Posterior at the rows X [m, d]: mean + k*'alpha and k** - |L^-1 k*|^2 (Rasmussen & Williams 2006, eqs. 2.25 and
 * 2.26); through inducing points k** - |L^-1 k*|^2 + |R^-1 L^-1 k*|^2 (Titsias 2009, eq. 6).
 */
export function predictLatent(routines: Routines, state: GaussianProcessState, X: Matrix): LatentPrediction {
  const mark = routines.arena.mark();
  try {
    return predictors[state.conditioning.kind](routines, state, state.conditioning, X);
  } finally {
    routines.arena.release(mark);
  }
}

type Predictor<C> = (
  routines: Routines,
  state: GaussianProcessState,
  conditioning: C,
  X: Matrix,
) => LatentPrediction;

const exact: Predictor<ExactConditioning> = (routines, { kernel, logs }, conditioning, X) => {
  const { arena } = routines;
  const { features, alpha } = conditioning;
  const parameters = readKernelParameters(kernel, logs);
  const factor = placeExactFactor(routines, kernel, parameters, conditioning);
  const m = X.rowCount;
  const scaled = (rows: Matrix) =>
    placeFeatures(
      arena,
      rows,
      () => 0,
      (j) => parameters.lengthscales[kernel.lengthscaleOf[j]!]!,
    );
  const [linear] = kernel.fixed;
  const centred = (rows: Matrix) =>
    placeFeatures(
      arena,
      rows,
      (j) => linear!.centre[j]!,
      () => 1,
    );
  const mean = arena.allocateFloat64(m);
  const variance = arena.allocateFloat64(m);
  routines.posterior({
    kernel: kernel.form,
    n: features.rowCount,
    m,
    d: X.columnCount,
    x: scaled(features),
    candidates: scaled(X),
    outputScale: parameters.outputScale,
    ...(linear === undefined
      ? {}
      : {
          linear: {
            p: X.columnCount,
            x: centred(features),
            candidates: centred(X),
            scale: parameters.fixedScales[0]!,
          },
        }),
    alpha: arena.storeFloat64(alpha),
    factor,
    mean,
    variance,
  });
  return {
    mean: arena.float64(mean, m).map((value) => value + conditioning.mean),
    variance: arena.float64(variance, m).slice(),
  };
};

const inducing: Predictor<InducingConditioning> = (routines, { kernel, logs }, conditioning, X) => {
  const { arena, blas } = routines;
  const { features, priorFactor, posteriorFactor } = conditioning;
  const parameters = readKernelParameters(kernel, logs);
  const k = features.rowCount;
  const factor = placeTriangle(arena, priorFactor, k);
  const R = placeTriangle(arena, posteriorFactor, k);
  const alpha = arena.storeFloat64(conditioning.alpha);
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
      n: k,
      m: count,
      cross,
      alpha,
      factor,
      mean: blockMean,
      variance: blockVariance,
    });
    // `cross` holds L^-1 k* now.
    blas.trsm('L', 'N', k, count, R.pointer, R.ld, cross.pointer, cross.ld);
    const whitened = arena.float64(cross.pointer, cross.ld * count);
    const means = arena.float64(blockMean, count);
    const variances = arena.float64(blockVariance, count);
    for (let c = 0; c < count; c++) {
      let regained = 0;
      for (let a = 0; a < k; a++) regained += whitened[a + c * cross.ld]! ** 2;
      mean[start + c] = means[c]! + conditioning.mean;
      variance[start + c] = variances[c]! + regained;
    }
    arena.release(mark);
  }
  return { mean, variance };
};

const none: Predictor<NoConditioning> = (_routines, _state, { mean, meanVariance }, X) => ({
  mean: new Float64Array(X.rowCount).fill(mean),
  variance: new Float64Array(X.rowCount).fill(meanVariance),
});

const predictors = { exact, inducing, none } as Readonly<
  Record<Conditioning['kind'], Predictor<Conditioning>>
>;
