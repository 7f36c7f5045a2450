import type { Routines } from '@athanor/wasm';
import type { Generator } from '../../random/generator.ts';
import { spearman } from '../../scores/spearman.ts';
import { fitHyperparameters } from './fitHyperparameters.ts';
import {
  measurementNoise,
  prepareLeaveOut,
  pureErrorPrior,
  type ProcessData,
  type WarpedProcess,
} from './fitWarpedProcess.ts';
import { hyperparameterSpace } from './hyperparameterSpace.ts';
import { leftOutCrps } from './leftOutCrps.ts';
import { leftOutLogDensity } from './leftOutLogDensity.ts';

/** Fewer rows than this say nothing about how residuals grow. */
const minRows = 60;
const minCorrelation = 0.4;
/** Rows that were measured repeatedly say it sooner. */
const minReplicatedRows = 10;
/** Two-sided 1 % of the normal distribution, for the rank correlation. */
const significance = 2.576;
/** Levels and noise depend on each other; after two turns they hardly change. */
const turns = 2;
const refitIterations = 60;
/** Rise of the noise's logarithm over a standard deviation of the target from which the search starts. */
const firstTrend = 0.3;
/** Gains a trend must bring with left-out measurements: nats of log density, and a share of the CRPS. */
const minGain = 5;
const minCrpsGain = 0.02;

/**
 * The process with a noise whose logarithm rises or falls with the target, where residuals or the scatter of replicates
 * do and left-out measurements are predicted better for it; else the process as it is.
 */
export function fitNoiseTrend(
  routines: Routines,
  data: ProcessData,
  process: WarpedProcess,
  generator: Generator,
): WarpedProcess {
  const { spec, noiseSd, subset } = data;
  const { rows, jitter, warp } = process;
  const n = rows.z.length;
  if (spec.noise === 'constant' || noiseSd !== null || subset !== null) return process;
  if (n < minReplicatedRows || n > spec.exactRows) return process;
  const leaveOut = prepareLeaveOut(routines, process);
  if (leaveOut === null) return process;
  let level = leaveOut.rows(rows.z).mean;
  const direction = directionOf(process, level);
  if (direction === 0) return process;

  const space = hyperparameterSpace(process.space.kernel, spec.lengthscalePrior, pureErrorPrior(rows), true);
  let fitted = process;
  let own = leaveOut;
  for (let turn = 0; turn < turns; turn++) {
    const start = Float64Array.from(
      turn === 0 ? [...process.fit.logs, firstTrend * direction] : fitted.fit.logs,
    );
    const options = { hasMean: true, jitter, start, maxIterations: refitIterations, level };
    const fit = fitHyperparameters(routines, space, rows, generator, options);
    if (fit === null) return process;
    fitted = { ...process, space, fit, level };
    const next = prepareLeaveOut(routines, fitted);
    if (next === null) return process;
    own = next;
    level = own.rows(rows.z).mean;
  }
  const before = measurementNoise(process);
  const after = measurementNoise(fitted);
  const gain = leftOutLogDensity(data, own, warp, after) - leftOutLogDensity(data, leaveOut, warp, before);
  const ratio = leftOutCrps(data, own, warp, after) / leftOutCrps(data, leaveOut, warp, before);
  return gain > minGain && ratio < 1 - minCrpsGain ? fitted : process;
}

/** Whether the noise seems to rise (1) or fall (-1) with the target; 0 where nothing says so. */
function directionOf({ rows: { z, counts, scatter } }: WarpedProcess, level: Float64Array): number {
  if (z.length >= minRows) {
    const residuals = z.map((value, i) => Math.abs(value - level[i]!));
    const rank = spearman(residuals, level) ?? 0;
    if (Math.abs(rank) > minCorrelation) return Math.sign(rank);
  }
  const repeated = Int32Array.from(counts.keys()).filter((i) => counts[i]! > 1);
  if (repeated.length < minReplicatedRows) return 0;
  const variances = Float64Array.from(repeated, (i) => scatter[i]! / (counts[i]! - 1));
  const rank =
    spearman(
      variances,
      Float64Array.from(repeated, (i) => z[i]!),
    ) ?? 0;
  return Math.abs(rank) * Math.sqrt(repeated.length - 1) > significance ? Math.sign(rank) : 0;
}
