import type { Routines } from '@athanor/wasm';
import { EngineError } from '../../engineError.ts';
import { maximizeOnInterval } from '../../optimize/maximizeOnInterval.ts';
import type { Generator } from '../../random/generator.ts';
import { fitTargetScale } from '../../transforms/targetScale.ts';
import { fitTargetWarp, type WarpShape } from '../../transforms/targetWarp.ts';
import {
  fitWarpedProcess,
  measurementNoise,
  prepareLeaveOut,
  type ProcessData,
  type WarpedProcess,
} from './fitWarpedProcess.ts';
import { leftOutCrps } from './leftOutCrps.ts';
import { leftOutLogDensity } from './leftOutLogDensity.ts';

/** Gain in log density of the left-out measurements, in nats, below which the target stays as it is. */
const minGain = 2;
/** Fewer different rows than this say nothing about a distribution. */
const minRows = 8;
/** `auto` tries the logarithm where the largest target is this many times the smallest, as inputs do. */
const logRatio = 50;
/** Iterations from the hyperparameters of the unwarped target. */
const refitIterations = 60;
const domains = { log: 'above zero', logit: 'within targetBounds' } as const;
/** Range and precision of the Yeo-Johnson exponent. */
const exponents = { least: -1, greatest: 3, tolerance: 0.01 };

/**
 * The process with the warp the spec asks for. `auto` compares the target as it is, its logarithm, its logit and its
 * Yeo-Johnson transform by what they say of left-out measurements: first at the hyperparameters of the plain target,
 * then, where a warp does not lose there, at its own. A warp must gain in log density and in CRPS: the density alone
 * is carried by the smallest targets, which a logarithm spreads out, and the CRPS alone is too noisy to go by.
 *
 * @param start logarithms of hyperparameters; null for the prior
 * @returns null when the covariance cannot be factored
 * @throws EngineError with code OPTION_INVALID when targets are outside the domain of the warp asked for
 */
export function chooseWarp(
  routines: Routines,
  data: ProcessData,
  start: Float64Array | null,
  generator: Generator,
): WarpedProcess | null {
  const { spec, y } = data;
  const fit = (shape: WarpShape, from: Float64Array | null, maxIterations: number): WarpedProcess | null =>
    fitWarpedProcess(routines, data, shape, from, maxIterations, generator);
  const known = namedShapes(data).find(({ kind }) => kind === spec.warp);
  if (known !== undefined) return fit(known, start, spec.maxIterations);
  if (spec.warp === 'log' || spec.warp === 'logit')
    throw new EngineError('OPTION_INVALID', `warp ${spec.warp} needs targets ${domains[spec.warp]}`, {
      field: 'warp',
    });

  const plain = fit({ kind: 'identity' }, start, spec.maxIterations);
  if (plain === null || (spec.warp === 'auto' && plain.likelihoodRows.z.length < minRows)) return plain;
  const leaveOut = prepareLeaveOut(routines, plain);
  if (leaveOut === null) return plain;
  const densityAtPlain = (shape: WarpShape): number =>
    leftOutLogDensity(data, leaveOut, fitTargetWarp(shape, y), measurementNoise(plain));
  const inner = fitTargetScale(y.slice().sort());
  const bent = (lambda: number): WarpShape => ({ kind: 'yeoJohnson', lambda, inner });
  const lambda = maximizeOnInterval(
    (exponent) => densityAtPlain(bent(exponent)),
    exponents.least,
    exponents.greatest,
    exponents.tolerance,
  );
  if (spec.warp === 'yeoJohnson') return fit(bent(lambda), plain.fit.logs, refitIterations);

  const plainDensity = densityAtPlain({ kind: 'identity' });
  let best = plain;
  let bestCrps = leftOutCrps(data, leaveOut, plain.warp, measurementNoise(plain));
  for (const shape of [...namedShapes(data).slice(1), bent(lambda)]) {
    if (shape.kind === 'log' && !hasLogSpan(y)) continue;
    if (!(densityAtPlain(shape) > plainDensity - minGain)) continue;
    const process = fit(shape, plain.fit.logs, refitIterations);
    const own = process === null ? null : prepareLeaveOut(routines, process);
    if (process === null || own === null) continue;
    const noise = measurementNoise(process);
    const gain = leftOutLogDensity(data, own, process.warp, noise) - plainDensity;
    const score = leftOutCrps(data, own, process.warp, noise);
    if (gain > minGain && score < bestCrps) {
      best = process;
      bestCrps = score;
    }
  }
  return best;
}

/** The shapes without a parameter to fit whose domain holds the targets, the plain one first. */
function namedShapes({ y, spec: { targetBounds } }: ProcessData): WarpShape[] {
  const shapes: WarpShape[] = [{ kind: 'identity' }];
  if (y.every((value) => value > 0)) shapes.push({ kind: 'log' });
  if (targetBounds !== null && y.every((v) => v >= targetBounds.lower && v <= targetBounds.upper))
    shapes.push({ kind: 'logit', ...targetBounds });
  return shapes;
}

/** Whether targets are positive and span so much that their logarithm is tried. */
export function hasLogSpan(y: Float64Array): boolean {
  const least = y.reduce((a, b) => Math.min(a, b));
  return least > 0 && y.reduce((a, b) => Math.max(a, b)) / least >= logRatio;
}
