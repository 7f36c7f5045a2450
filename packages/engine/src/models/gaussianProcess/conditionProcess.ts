import type { Routines } from '@athanor/wasm';
import { kernelParameterCount } from '../../kernels/kernel.ts';
import { maximizeOnInterval } from '../../optimize/maximizeOnInterval.ts';
import type { Generator } from '../../random/generator.ts';
import { chooseInducingPoints } from './chooseInducingPoints.ts';
import { conditionOnRows } from './conditionOnRows.ts';
import { drawHyperparameters } from './drawHyperparameters.ts';
import { jitterLadder, rowNoise, type WarpedProcess } from './fitWarpedProcess.ts';
import type { GaussianProcessSpec } from './gaussianProcessSpec.ts';
import type { ExactMember, GaussianProcessState } from './gaussianProcessState.ts';
import { noiseIndex, trendOf, type HyperparameterSpace } from './hyperparameterSpace.ts';
import { InducingProjection } from './inducingProjection.ts';
import { LogPosterior, noiseFactors } from './logPosterior.ts';
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
 * above. Up to `averagedRows`, draws of the hyperparameters stand beside each other instead of the most probable ones
 * alone. The jitter grows until the covariance can be factored and its condition is sane.
 *
 * @returns null when the largest jitter is not enough
 */
export function conditionProcess(
  routines: Routines,
  process: WarpedProcess,
  spec: GaussianProcessSpec,
  generator: Generator,
): ConditionedProcess | null {
  const rowCount = process.rows.z.length;
  const draws =
    rowCount <= spec.averagedRows && spec.hyperparameterDraws > 0
      ? drawPosterior(routines, process, spec.hyperparameterDraws, generator)
      : [process.fit.logs];
  for (const jitter of jitterLadder) {
    if (jitter < process.jitter) continue;
    const state =
      rowCount <= spec.exactRows
        ? exactState(routines, process, draws, jitter)
        : inducingState(routines, process, jitter, spec.inducingPoints);
    if (state !== null) return { state, jitter };
  }
  return null;
}

function drawPosterior(
  routines: Routines,
  { space, fit, rows, jitter, level }: WarpedProcess,
  count: number,
  generator: Generator,
): Float64Array[] {
  const mark = routines.arena.mark();
  try {
    const posterior = new LogPosterior(routines, space.kernel, rows, {
      priors: space.priors,
      hasMean: true,
      jitter,
      level,
    });
    return drawHyperparameters(
      (logs, gradient) => posterior.evaluate(logs, gradient),
      fit.logs,
      space.lower,
      space.upper,
      count,
      generator,
    );
  } finally {
    routines.arena.release(mark);
  }
}

function exactState(
  routines: Routines,
  { space, fit, rows, level }: WarpedProcess,
  draws: readonly Float64Array[],
  jitter: number,
): GaussianProcessState | null {
  const index = noiseIndex(space);
  const members: ExactMember[] = [];
  for (const logs of draws) {
    const learnt = index === null ? null : Math.exp(logs[index]!);
    const result = conditionOnRows(
      routines,
      space.kernel,
      kernelLogs(space, logs),
      rows,
      rowNoise(rows, learnt, jitter, level === null ? null : noiseFactors(level, trendOf(space, logs))),
      learnt ?? medianOf(rows.knownNoise!),
      true,
    );
    if (result === null || result.condition > maxCondition) return null;
    members.push(result.member);
  }
  return {
    kind: 'process',
    kernel: space.kernel,
    logs: kernelLogs(space, fit.logs),
    features: rows.features,
    z: rows.z,
    sources: null,
    members,
  };
}

/** The noise is fitted again to all rows by the evidence bound: the subset of the likelihood says little about it. */
function inducingState(
  routines: Routines,
  { space, rows, fit }: WarpedProcess,
  jitter: number,
  inducingPoints: number,
): GaussianProcessState | null {
  const { kernel } = space;
  const logs = kernelLogs(space, fit.logs);
  const points = chooseInducingPoints(routines, kernel, logs, rows.features, inducingPoints);
  const mark = routines.arena.mark();
  try {
    const projection = InducingProjection.prepare(routines, kernel, logs, rows, points);
    if (projection === null) return null;
    const index = noiseIndex(space);
    const known = index === null ? medianOf(rows.knownNoise!) : null;
    let noiseLog = NaN;
    const condition = (learnt: number | null) =>
      projection.condition(logs, rowNoise(rows, learnt, jitter), learnt ?? known!, learnt !== null);
    if (index !== null) {
      const prior = space.priors[index]!;
      noiseLog = maximizeOnInterval(
        (log) => (condition(Math.exp(log))?.bound ?? NaN) + priorRules(prior).logDensity(prior, log),
        space.lower[index]!,
        space.upper[index]!,
        0.02,
      );
    }
    const result = condition(index === null ? null : Math.exp(noiseLog));
    if (result === null) return null;
    return {
      kind: 'process',
      kernel,
      logs,
      features: projection.points,
      z: new Float64Array(0),
      sources: null,
      members: [result.member],
    };
  } finally {
    routines.arena.release(mark);
  }
}

/** The kernel's part of the logarithms of a fit. */
function kernelLogs({ kernel }: HyperparameterSpace, logs: Float64Array): Float64Array {
  return logs.slice(0, kernelParameterCount(kernel));
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
}
