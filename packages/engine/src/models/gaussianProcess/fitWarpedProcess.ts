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
  trendOf,
  type HyperparameterSpace,
} from './hyperparameterSpace.ts';
import { leastVariance } from './knownNoise.ts';
import { LeaveOut } from './leaveOut.ts';
import { noiseFactors } from './logPosterior.ts';
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
  /** Standardised target expected at each row, where the noise depends on it [m]; null where it is the same everywhere. */
  readonly level: Float64Array | null;
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
    if (fit !== null) return { warp, rows, likelihoodRows, space, fit, jitter, level: null };
  }
  return null;
}

/** Variance of one measurement where the target is as it is on average; null where the user knows it row by row. */
export function noiseVarianceOf({ space, fit }: Pick<WarpedProcess, 'space' | 'fit'>): number | null {
  const index = noiseIndex(space);
  return index === null ? null : Math.exp(fit.logs[index]!);
}

/** Variance of one measurement of each row of the likelihood [m]; null where the user knows it. */
export function measurementNoise(process: WarpedProcess): Float64Array | null {
  const { likelihoodRows, level, space, fit } = process;
  const usual = noiseVarianceOf(process);
  if (usual === null) return null;
  if (level === null) return new Float64Array(likelihoodRows.z.length).fill(usual);
  return noiseFactors(level, trendOf(space, fit.logs)).map((factor) => factor * usual);
}

/**
 * Variance of each row's mean with the jitter [m].
 *
 * @param factors by which a row's noise differs from the usual one [m]; null for not at all
 */
export function rowNoise(
  rows: TrainingRows,
  noiseVariance: number | null,
  jitter: number,
  factors: Float64Array | null = null,
): Float64Array {
  return rows.counts.map((count, i) => {
    const variance = noiseVariance === null ? rows.knownNoise![i]! : noiseVariance / count;
    return variance * (factors?.[i] ?? 1) + jitter;
  });
}

/** Closed-form leave-one-out at the fitted hyperparameters, over the rows of the likelihood. */
export function prepareLeaveOut(routines: Routines, process: WarpedProcess): LeaveOut | null {
  const { space, fit, likelihoodRows, jitter, level } = process;
  const factors = level === null ? null : noiseFactors(level, trendOf(space, fit.logs));
  const noise = rowNoise(likelihoodRows, noiseVarianceOf(process), jitter, factors);
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
