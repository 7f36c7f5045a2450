import { createCauchyPoint, findCauchyPoint } from './findCauchyPoint.ts';
import { LimitedMemoryHessian } from './limitedMemoryHessian.ts';
import { LineSearch } from './lineSearch.ts';
import { defaultMinimizeOptions, type MinimizeOptions } from './minimizeOptions.ts';
import type { MinimizeReason, MinimizeResult } from './minimizeResult.ts';
import { SubspaceMinimizer } from './subspaceMinimizer.ts';

/**
 * Value of the function at x [d], and its gradient written into `gradient` [d]. A value or gradient that is not
 * finite means that x is outside the domain; the search backs off.
 */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/**
 * Minimises a smooth function over the box lower <= x <= upper by L-BFGS-B (Byrd, Lu, Nocedal & Zhu, SIAM J. Sci.
 * Comput. 16, 1995) with the subspace step of Morales & Nocedal (ACM TOMS 38, 2011) and the line search of More &
 * Thuente (ACM TOMS 20, 1994). The objective is only called inside the box, and the value never rises from one
 * iteration to the next.
 *
 * @param start [d]; projected onto the box
 * @param lower [d]; -Infinity where there is no bound
 * @param upper [d]; Infinity where there is no bound; lower <= upper
 */
export function minimizeBounded(
  objective: Objective,
  start: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
  options: Partial<MinimizeOptions> = {},
): MinimizeResult {
  const limits = { ...defaultMinimizeOptions, ...options };
  const dimension = start.length;
  const x = new Float64Array(dimension);
  let isConstrained = false;
  let isBoxed = true;
  for (let i = 0; i < dimension; i++) {
    if (!(lower[i]! <= upper[i]!)) throw new RangeError(`bounds of variable ${i}: ${lower[i]} > ${upper[i]}`);
    x[i] = clamp(start[i]!, lower[i]!, upper[i]!);
    if (lower[i]! > -Infinity || upper[i]! < Infinity) isConstrained = true;
    if (lower[i] === -Infinity || upper[i] === Infinity) isBoxed = false;
  }

  const gradient = new Float64Array(dimension);
  let value = objective(x, gradient);
  let iterations = 0;
  let evaluations = 1;
  const end = (reason: MinimizeReason): MinimizeResult => ({
    x,
    value,
    gradientNorm: projectedGradientNorm(x, gradient, lower, upper),
    iterations,
    evaluations,
    reason,
  });
  if (!isFinite(value, gradient)) return end('startNotFinite');

  const hessian = new LimitedMemoryHessian(dimension, limits.memory);
  const cauchy = createCauchyPoint(dimension, limits.memory);
  const subspace = new SubspaceMinimizer(dimension, limits.memory);
  const direction = new Float64Array(dimension);
  const trial = new Float64Array(dimension);
  const trialGradient = new Float64Array(dimension);

  for (;;) {
    if (projectedGradientNorm(x, gradient, lower, upper) <= limits.gradientTolerance) {
      return end('gradientSmall');
    }
    if (iterations >= limits.maxIterations) return end('iterationLimit');
    if (evaluations >= limits.maxEvaluations) return end('evaluationLimit');

    if (isConstrained || hessian.size === 0) {
      findCauchyPoint(x, gradient, lower, upper, hessian, cauchy);
    } else {
      cauchy.x.set(x);
      cauchy.c.fill(0);
      cauchy.isFree.fill(1);
    }
    if (!subspace.minimize(x, gradient, lower, upper, hessian, cauchy)) {
      hessian.reset();
      continue;
    }

    let slope = 0;
    let squaredLength = 0;
    for (let i = 0; i < dimension; i++) {
      direction[i] = cauchy.x[i]! - x[i]!;
      slope += direction[i]! * gradient[i]!;
      squaredLength += direction[i]! ** 2;
    }
    const length = Math.sqrt(squaredLength);
    const isFirst = iterations === 0;
    const maxStep = isFirst && isConstrained ? 1 : maxStepInside(x, direction, lower, upper);
    let firstStep = isFirst && !isBoxed ? Math.min(1 / length, maxStep) : 1;
    if (hessian.size === 0) firstStep = Math.min(firstStep, limits.maxFirstStep / length);

    const search = new LineSearch(value, slope, Math.min(firstStep, maxStep), maxStep);
    let trialValue = Infinity;
    let trialSlope = 0;
    let isFound = false;
    if (slope < 0) {
      for (let tries = 0; tries < limits.maxLineSearchSteps && evaluations < limits.maxEvaluations; tries++) {
        const { step } = search;
        if (step === 0) break;
        for (let i = 0; i < dimension; i++) {
          const moved = step === 1 ? cauchy.x[i]! : x[i]! + step * direction[i]!;
          trial[i] = clamp(moved, lower[i]!, upper[i]!);
        }
        trialValue = objective(trial, trialGradient);
        evaluations++;
        trialSlope = 0;
        for (let i = 0; i < dimension; i++) trialSlope += direction[i]! * trialGradient[i]!;
        if (!isFinite(trialValue, trialGradient)) trialValue = NaN;
        if (search.report(trialValue, trialSlope)) {
          isFound = trialValue <= value;
          break;
        }
      }
    }
    if (!isFound) {
      if (evaluations >= limits.maxEvaluations) return end('evaluationLimit');
      // A bad model of the curvature may be to blame: once more along the projected gradient, then give up.
      if (hessian.size === 0) return end('noProgress');
      hessian.reset();
      continue;
    }

    iterations++;
    const { step } = search;
    const decrease = value - trialValue;
    const scale = Math.max(Math.abs(value), Math.abs(trialValue), 1);
    // s'y, from the slopes, and what it must exceed for B to stay positive definite.
    const curvature = (trialSlope - slope) * step;
    for (let i = 0; i < dimension; i++) {
      direction[i] = direction[i]! * step;
      const before = gradient[i]!;
      gradient[i] = trialGradient[i]!;
      trialGradient[i] = trialGradient[i]! - before;
    }
    x.set(trial);
    value = trialValue;
    if (
      decrease <= limits.valueTolerance * scale &&
      projectedGradientNorm(x, gradient, lower, upper) > limits.gradientTolerance
    ) {
      return end('valueConverged');
    }
    if (curvature > Number.EPSILON * -slope * step) hessian.update(direction, trialGradient);
  }
}

function clamp(value: number, lower: number, upper: number): number {
  return value < lower ? lower : value > upper ? upper : value;
}

function isFinite(value: number, gradient: Float64Array): boolean {
  return Number.isFinite(value) && gradient.every((component) => Number.isFinite(component));
}

/** Largest |component| of P(x - g) - x. */
function projectedGradientNorm(
  x: Float64Array,
  gradient: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): number {
  let norm = 0;
  for (let i = 0; i < x.length; i++) {
    const moved = clamp(-gradient[i]!, lower[i]! - x[i]!, upper[i]! - x[i]!);
    norm = Math.max(norm, Math.abs(moved));
  }
  return norm;
}

/** Largest multiple of `direction` that stays in the box, at most 1e10. */
function maxStepInside(
  x: Float64Array,
  direction: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): number {
  let step = 1e10;
  for (let i = 0; i < x.length; i++) {
    const d = direction[i]!;
    if (d === 0) continue;
    const room = (d < 0 ? lower[i]! : upper[i]!) - x[i]!;
    step = Math.min(step, Math.max(room / d, 0));
  }
  return step;
}
