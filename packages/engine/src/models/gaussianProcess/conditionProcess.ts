import type { Routines } from '@athanor/wasm';
import { readKernelParameters } from '../../kernels/kernel.ts';
import { maximizeOnInterval } from '../../optimize/maximizeOnInterval.ts';
import { chooseInducingPoints } from './chooseInducingPoints.ts';
import { conditionExactly } from './exactConditioning.ts';
import { jitterLadder, noiseVarianceOf, rowNoise, type WarpedProcess } from './fitWarpedProcess.ts';
import type { GaussianProcessSpec } from './gaussianProcessSpec.ts';
import type { GaussianProcessState } from './gaussianProcessState.ts';
import { noiseIndex } from './hyperparameterSpace.ts';
import { InducingProjection } from './inducingConditioning.ts';
import { priorRules } from './prior.ts';

/** Beyond this condition number the solution has lost more digits than the data have. */
const maxCondition = 1e12;

export interface ConditionedProcess {
  readonly state: GaussianProcessState;
  /** Variance added to the diagonal against rounding; 0 where none was needed. */
  readonly jitter: number;
}

/**
 * Conditions a process with fitted hyperparameters on all its rows: exactly up to `exactRows`, through inducing points
 * above. The jitter grows until the covariance can be factored and its condition is sane.
 *
 * @returns null when the largest jitter is not enough
 */
export function conditionProcess(
  routines: Routines,
  process: WarpedProcess,
  { exactRows, inducingPoints }: GaussianProcessSpec,
): ConditionedProcess | null {
  const isExact = process.rows.z.length <= exactRows;
  for (const jitter of jitterLadder) {
    if (jitter < process.jitter) continue;
    const state = isExact
      ? conditionOnRows(routines, process, jitter)
      : conditionOnPoints(routines, process, jitter, inducingPoints);
    if (state !== null) return { state, jitter };
  }
  return null;
}

function conditionOnRows(
  routines: Routines,
  process: WarpedProcess,
  jitter: number,
): GaussianProcessState | null {
  const { space, fit, rows } = process;
  const noiseVariance = noiseVarianceOf(process);
  const result = conditionExactly(
    routines,
    space.kernel,
    readKernelParameters(space.kernel, fit.logs),
    rows,
    rowNoise(rows, noiseVariance, jitter),
    true,
  );
  if (result === null || result.condition > maxCondition) return null;
  return {
    kernel: space.kernel,
    logs: fit.logs,
    noiseVariance: noiseVariance ?? medianOf(rows.knownNoise!),
    conditioning: result.conditioning,
  };
}

/** The noise is fitted again to all rows by the evidence bound: the subset of the likelihood says little about it. */
function conditionOnPoints(
  routines: Routines,
  process: WarpedProcess,
  jitter: number,
  inducingPoints: number,
): GaussianProcessState | null {
  const { space, rows } = process;
  const { kernel } = space;
  const logs = process.fit.logs.slice();
  const parameters = readKernelParameters(kernel, logs);
  const points = chooseInducingPoints(routines, kernel, parameters, rows.features, inducingPoints);
  const mark = routines.arena.mark();
  try {
    const projection = InducingProjection.prepare(routines, kernel, parameters, rows, points);
    if (projection === null) return null;
    const condition = (noiseVariance: number | null) =>
      projection.condition(rowNoise(rows, noiseVariance, jitter), noiseVariance, true);
    const index = noiseIndex(space);
    if (index !== null) {
      const prior = space.priors[index]!;
      logs[index] = maximizeOnInterval(
        (log) => (condition(Math.exp(log))?.bound ?? NaN) + priorRules(prior).logDensity(prior, log),
        space.lower[index]!,
        space.upper[index]!,
        0.02,
      );
    }
    const noiseVariance = index === null ? null : Math.exp(logs[index]!);
    const result = condition(noiseVariance);
    if (result === null) return null;
    return {
      kernel,
      logs,
      noiseVariance: noiseVariance ?? medianOf(rows.knownNoise!),
      conditioning: result.conditioning,
    };
  } finally {
    routines.arena.release(mark);
  }
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
}
