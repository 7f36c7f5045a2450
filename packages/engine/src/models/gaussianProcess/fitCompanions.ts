import type { Routines } from '@athanor/wasm';
import { kernelParameterCount, type Kernel } from '../../kernels/kernel.ts';
import { BoundedMinimization } from '../../optimize/boundedMinimization.ts';
import type { Generator } from '../../random/generator.ts';
import type { TargetWarp } from '../../transforms/targetWarp.ts';
import type { CompanionStart, GaussianProcessSpec } from './gaussianProcessSpec.ts';
import { CompanionPosterior } from './companionPosterior.ts';
import type { CompanionRows } from './companionRows.ts';
import { companionSpace, readCompanionParameters, type CompanionSpace } from './companionSpace.ts';
import { conditionOnRows } from './conditionOnRows.ts';
import { drawHyperparameters } from './drawHyperparameters.ts';
import type { ExactMember, GaussianProcessState } from './gaussianProcessState.ts';
import { LeaveOut } from './leaveOut.ts';
import { crpsOfLeftOut } from './leftOutCrps.ts';
import { priorRules } from './prior.ts';
import { relativeRows } from './relativeRows.ts';

/** A process fitted to a target and its companions, not yet conditioned. */
export interface CompanionFit {
  readonly data: CompanionRows;
  readonly space: CompanionSpace;
  /** Logarithms of the most probable hyperparameters. */
  readonly logs: Float64Array;
  /** Mean CRPS of the target's measurements, each without the rows of its group, whichever target they measure. */
  readonly leftOutCrps: number;
}

/** Rows are not known to be so alike that rounding matters: the noise has a floor. */
const jitter = 1e-8;
/** Both runs stop once an iteration gains less than this share of the value; the better one goes on. */
const roughTolerance = 1e-4;
const fineTolerance = 2e-9;
const maxFirstStep = 1;

/**
 * Most probable hyperparameters of a target and its companions, from those of the target alone and from the mode of the
 * prior, or from an earlier fit.
 *
 * @param alone logarithms of the target's own fit, in the order of this kernel: those of the kernel, then the noise
 * @param found what an earlier fit found of the companions, in their order; null for none
 * @returns null when the covariance cannot be factored
 */
export function fitCompanions(
  routines: Routines,
  kernel: Kernel,
  data: CompanionRows,
  alone: Float64Array,
  found: readonly CompanionStart[] | null,
  {
    y,
    warp,
    spec,
  }: { readonly y: Float64Array; readonly warp: TargetWarp; readonly spec: GaussianProcessSpec },
): CompanionFit | null {
  const space = companionSpace(kernel, spec.lengthscalePrior, data);
  const mode = Float64Array.from(space.priors, (prior) => priorRules(prior).logMode(prior));
  const start = mode.slice();
  start.set(alone);
  found?.forEach(({ factor, ownScale, noiseVariance }, a) =>
    start.set([factor, ownScale, noiseVariance].map(Math.log), alone.length + 3 * a),
  );
  const starts = found === null ? [start, mode] : [start];
  const mark = routines.arena.mark();
  try {
    const posterior = new CompanionPosterior(routines, data, space, jitter);
    const runs = starts.map(
      (from) => new BoundedMinimization((x, g) => posterior.evaluate(x, g), from, space.lower, space.upper),
    );
    const { maxIterations } = spec;
    if (runs.length > 1)
      for (const run of runs) run.run({ maxIterations, maxFirstStep, valueTolerance: roughTolerance });
    const [best] = runs.filter((run) => Number.isFinite(run.value)).sort((a, b) => a.value - b.value);
    if (best === undefined) return null;
    const logs = best.run({ maxIterations, maxFirstStep, valueTolerance: fineTolerance }).x;
    const score = scoreLeftOut(routines, data, space, logs, y, warp);
    return score === null ? null : { data, space, logs, leftOutCrps: score };
  } finally {
    routines.arena.release(mark);
  }
}

function scoreLeftOut(
  routines: Routines,
  data: CompanionRows,
  { kernel }: CompanionSpace,
  logs: Float64Array,
  y: Float64Array,
  warp: TargetWarp,
): number | null {
  const { rows, sources, signs, groups, members } = data;
  const parameters = readCompanionParameters(kernel, logs, signs);
  const { z, noise } = relativeRows(data, parameters, jitter);
  const { ownScales, noiseVariances } = parameters;
  const leaveOut = LeaveOut.prepare(routines, kernel, logs, rows, noise, true, sources, ownScales);
  if (leaveOut === null) return null;
  const { mean, variance } = leaveOut.groups(z, groups);
  const { targetRows } = sources;
  const leftOut = { mean: mean.subarray(0, targetRows), variance: variance.subarray(0, targetRows) };
  const own = new Float64Array(targetRows).fill(noiseVariances[0]!);
  return crpsOfLeftOut(y, members, leftOut, warp, own);
}

/**
 * Conditions on the rows of all: for draws of the hyperparameters around the most probable ones, or for these alone.
 *
 * @returns null when the covariance cannot be factored
 */
export function conditionOnCompanions(
  routines: Routines,
  { data, space, logs }: CompanionFit,
  drawCount: number,
  generator: Generator,
): GaussianProcessState | null {
  const { kernel } = space;
  const { rows, sources, signs } = data;
  const draws = drawCount === 0 ? [logs] : drawPosterior(routines, data, space, logs, drawCount, generator);
  const members: ExactMember[] = [];
  for (const draw of draws) {
    const parameters = readCompanionParameters(kernel, draw, signs);
    const { z, noise } = relativeRows(data, parameters, jitter);
    const conditioned = conditionOnRows(
      routines,
      kernel,
      draw.slice(0, kernelParameterCount(kernel)),
      { features: rows.features, z },
      noise,
      parameters.noiseVariances[0]!,
      true,
      sources,
      parameters.ownScales,
    );
    if (conditioned === null) return null;
    members.push(conditioned.member);
  }
  return {
    kind: 'process',
    kernel,
    logs: logs.slice(0, kernelParameterCount(kernel)),
    features: rows.features,
    z: rows.z,
    sources,
    members,
  };
}

function drawPosterior(
  routines: Routines,
  data: CompanionRows,
  space: CompanionSpace,
  logs: Float64Array,
  count: number,
  generator: Generator,
): Float64Array[] {
  const mark = routines.arena.mark();
  try {
    const posterior = new CompanionPosterior(routines, data, space, jitter);
    const objective = (x: Float64Array, gradient: Float64Array): number => posterior.evaluate(x, gradient);
    return drawHyperparameters(objective, logs, space.lower, space.upper, count, generator);
  } finally {
    routines.arena.release(mark);
  }
}
