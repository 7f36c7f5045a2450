import type { Routines } from '@athanor/wasm';
import type { Kernel } from '../../kernels/kernel.ts';
import type { Matrix } from '../../linalg/matrix.ts';
import type { Generator } from '../../random/generator.ts';
import {
  fitTargetWarp,
  warpLogSlope,
  warpTargets,
  type TargetWarp,
  type WarpShape,
} from '../../transforms/targetWarp.ts';
import { fitHyperparameters, type HyperparameterFit } from './fitHyperparameters.ts';
import type { GaussianProcessSpec } from './gaussianProcessSpec.ts';
import type { ReplicateGroups } from './groupReplicates.ts';
import {
  hyperparameterSpace,
  noiseBounds,
  noiseIndex,
  type HyperparameterSpace,
} from './hyperparameterSpace.ts';
import { leastVariance } from './knownNoise.ts';
import { LeaveOut } from './leaveOut.ts';
import type { LogNormalPrior } from './prior.ts';
import {
  collapseReplicates,
  summarizeReplicates,
  takeTrainingRows,
  type TrainingRows,
} from './trainingRows.ts';

/** What stays the same whatever the warp of the target. */
export interface ProcessData {
  readonly X: Matrix;
  readonly y: Float64Array;
  readonly kernel: Kernel;
  readonly replicates: ReplicateGroups;
  /** Rows (groups of replicates) that stand for all in the likelihood; null for all. */
  readonly subset: Int32Array | null;
  /** Standard deviation of each measurement, in the unit of the target [n]; null where it is learnt. */
  readonly noiseSd: Float64Array | null;
  readonly spec: GaussianProcessSpec;
}

/** A Gaussian process with hyperparameters for one warp of the target, not yet conditioned. */
export interface WarpedProcess {
  readonly warp: TargetWarp;
  /** All rows. */
  readonly rows: TrainingRows;
  /** The rows the hyperparameters were fitted to. */
  readonly likelihoodRows: TrainingRows;
  readonly space: HyperparameterSpace;
  readonly fit: HyperparameterFit;
  /** Variance on the diagonal against rounding. */
  readonly jitter: number;
}

/** Variances added to the diagonal, one after the other, until the covariance is positive definite. */
export const jitterLadder = [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4] as const;
/** Spare replicates from which pure error replaces the prior of the noise. */
const minSpareReplicates = 3;

/** Rows of a warped target, replicates collapsed. */
function warpedRows({ X, y, replicates, noiseSd }: ProcessData, warp: TargetWarp): TrainingRows {
  const variances =
    noiseSd === null
      ? null
      : noiseSd.map((sd, i) => Math.max((sd * Math.exp(warpLogSlope(warp, y[i]!))) ** 2, leastVariance));
  return collapseReplicates(X, warpTargets(warp, y), replicates, variances);
}

/** Prior of the noise from replicates: log sn2 ~ N(log pure error, 2 / spare); null with too few of them. */
export function pureErrorPrior(rows: TrainingRows): LogNormalPrior | null {
  const { spare, scatter } = summarizeReplicates(rows);
  if (spare < minSpareReplicates) return null;
  return {
    kind: 'logNormal',
    logMode: Math.log(Math.max(scatter / spare, noiseBounds[0])),
    sd: Math.sqrt(2 / spare),
  };
}

/**
 * Fits the hyperparameters for one warp.
 *
 * @param start logarithms to start from; null for the prior
 * @returns null when the covariance cannot be factored even with the largest jitter
 */
export function fitWarpedProcess(
  routines: Routines,
  data: ProcessData,
  shape: WarpShape,
  start: Float64Array | null,
  maxIterations: number,
  generator: Generator,
): WarpedProcess | null {
  const warp = fitTargetWarp(shape, data.y);
  const rows = warpedRows(data, warp);
  const likelihoodRows = data.subset === null ? rows : takeTrainingRows(rows, data.subset);
  const noise = data.noiseSd === null ? pureErrorPrior(rows) : 'known';
  const space = hyperparameterSpace(data.kernel, data.spec.lengthscalePrior, noise);
  for (const jitter of jitterLadder) {
    const fit = fitHyperparameters(routines, space, likelihoodRows, generator, {
      hasMean: true,
      jitter,
      start,
      maxIterations,
    });
    if (fit !== null) return { warp, rows, likelihoodRows, space, fit, jitter };
  }
  return null;
}

/** Variance of one measurement; null where the user knows it row by row. */
export function noiseVarianceOf({ space, fit }: WarpedProcess): number | null {
  const index = noiseIndex(space);
  return index === null ? null : Math.exp(fit.logs[index]!);
}

/** Variance of each row's mean with the jitter [m]. */
export function rowNoise(rows: TrainingRows, noiseVariance: number | null, jitter: number): Float64Array {
  return rows.counts.map(
    (count, i) => (noiseVariance === null ? rows.knownNoise![i]! : noiseVariance / count) + jitter,
  );
}

/** Closed-form leave-one-out at the fitted hyperparameters, over the rows of the likelihood. */
export function prepareLeaveOut(routines: Routines, process: WarpedProcess): LeaveOut | null {
  const { space, fit, likelihoodRows, jitter } = process;
  const noise = rowNoise(likelihoodRows, noiseVarianceOf(process), jitter);
  return LeaveOut.prepare(routines, space.kernel, fit.logs, likelihoodRows, noise, true);
}

/** Rows of the likelihood for a warp, and the measurements that went into them. */
export function likelihoodRowsOf(
  data: ProcessData,
  warp: TargetWarp,
): { rows: TrainingRows; members: readonly Int32Array[] } {
  const all = warpedRows(data, warp);
  const { members } = data.replicates;
  if (data.subset === null) return { rows: all, members };
  return { rows: takeTrainingRows(all, data.subset), members: Array.from(data.subset, (g) => members[g]!) };
}
