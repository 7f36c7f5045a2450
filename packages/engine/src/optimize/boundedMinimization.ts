import { createCauchyPoint, findCauchyPoint, type CauchyPoint } from './findCauchyPoint.ts';
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
 * A minimisation can be stopped and taken up again with other limits; it keeps what it has learnt of the curvature.
 */
export class BoundedMinimization {
  readonly #objective: Objective;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #isConstrained: boolean;
  readonly #isBoxed: boolean;
  readonly #hessian: LimitedMemoryHessian;
  readonly #cauchy: CauchyPoint;
  readonly #subspace: SubspaceMinimizer;
  readonly #x: Float64Array;
  readonly #gradient: Float64Array;
  readonly #direction: Float64Array;
  readonly #trial: Float64Array;
  readonly #trialGradient: Float64Array;
  #value: number;
  #iterations = 0;
  #evaluations = 1;

  /**
   * @param start [d]; projected onto the box
   * @param lower [d]; -Infinity where there is no bound
   * @param upper [d]; Infinity where there is no bound; lower <= upper
   * @param memory curvature pairs kept; 3 to 20 is usual
   */
  constructor(
    objective: Objective,
    start: Float64Array,
    lower: Float64Array,
    upper: Float64Array,
    memory = defaultMinimizeOptions.memory,
  ) {
    const dimension = start.length;
    this.#objective = objective;
    this.#lower = lower;
    this.#upper = upper;
    start.forEach((_, i) => {
      if (!(lower[i]! <= upper[i]!))
        throw new RangeError(`bounds of variable ${i}: ${lower[i]} > ${upper[i]}`);
    });
    this.#isConstrained = start.some((_, i) => lower[i]! > -Infinity || upper[i]! < Infinity);
    this.#isBoxed = start.every((_, i) => lower[i]! > -Infinity && upper[i]! < Infinity);
    this.#hessian = new LimitedMemoryHessian(dimension, memory);
    this.#cauchy = createCauchyPoint(dimension, memory);
    this.#subspace = new SubspaceMinimizer(dimension, memory);
    this.#x = start.map((v, i) => clamp(v, lower[i]!, upper[i]!));
    this.#gradient = new Float64Array(dimension);
    this.#direction = new Float64Array(dimension);
    this.#trial = new Float64Array(dimension);
    this.#trialGradient = new Float64Array(dimension);
    this.#value = objective(this.#x, this.#gradient);
  }

  /** Objective at the best point so far. */
  get value(): number {
    return this.#value;
  }

  /** Goes on until a limit is met; iterations and evaluations count from the very start. */
  run(options: Partial<Omit<MinimizeOptions, 'memory'>> = {}): MinimizeResult {
    const limits = { ...defaultMinimizeOptions, ...options };
    if (!isFinite(this.#value, this.#gradient)) return this.#end('startNotFinite');
    for (;;) {
      if (this.#gradientNorm() <= limits.gradientTolerance) return this.#end('gradientSmall');
      if (this.#iterations >= limits.maxIterations) return this.#end('iterationLimit');
      if (this.#evaluations >= limits.maxEvaluations) return this.#end('evaluationLimit');

      const hadCurvature = this.#hessian.size > 0;
      const search = this.#findDirection() ? this.#search(limits) : null;
      if (search === null) {
        if (this.#evaluations >= limits.maxEvaluations) return this.#end('evaluationLimit');
        // A bad model of the curvature may be to blame: once more along the projected gradient, then give up.
        if (!hadCurvature) return this.#end('noProgress');
        this.#hessian.reset();
        continue;
      }
      const before = this.#value;
      this.#accept(search);
      const scale = Math.max(Math.abs(before), Math.abs(this.#value), 1);
      if (
        before - this.#value <= limits.valueTolerance * scale &&
        this.#gradientNorm() > limits.gradientTolerance
      ) {
        return this.#end('valueConverged');
      }
    }
  }

  /** Minimises the quadratic model over the box; false when its small systems are singular. */
  #findDirection(): boolean {
    const cauchy = this.#cauchy;
    if (this.#isConstrained || this.#hessian.size === 0) {
      findCauchyPoint(this.#x, this.#gradient, this.#lower, this.#upper, this.#hessian, cauchy);
    } else {
      cauchy.x.set(this.#x);
      cauchy.c.fill(0);
      cauchy.isFree.fill(1);
    }
    if (!this.#subspace.minimize(this.#x, this.#gradient, this.#lower, this.#upper, this.#hessian, cauchy)) {
      return false;
    }
    for (let i = 0; i < this.#x.length; i++) this.#direction[i] = cauchy.x[i]! - this.#x[i]!;
    return true;
  }

  /** Searches along the direction; null when no step lowers the value. The point found is in `#trial`. */
  #search(
    limits: MinimizeOptions,
  ): { value: number; step: number; slope: number; slopeBefore: number } | null {
    const direction = this.#direction;
    const slopeBefore = dot(direction, this.#gradient);
    if (!(slopeBefore < 0)) return null;
    const length = Math.sqrt(dot(direction, direction));
    const isFirst = this.#iterations === 0;
    const maxStep = isFirst && this.#isConstrained ? 1 : this.#maxStep();
    let firstStep = isFirst && !this.#isBoxed ? 1 / length : 1;
    if (this.#hessian.size === 0) firstStep = Math.min(firstStep, limits.maxFirstStep / length);
    const search = new LineSearch(this.#value, slopeBefore, Math.min(firstStep, maxStep), maxStep);
    for (let tries = 0; tries < limits.maxLineSearchSteps; tries++) {
      const { step } = search;
      if (step === 0 || this.#evaluations >= limits.maxEvaluations) return null;
      for (let i = 0; i < direction.length; i++) {
        const moved = step === 1 ? this.#cauchy.x[i]! : this.#x[i]! + step * direction[i]!;
        this.#trial[i] = clamp(moved, this.#lower[i]!, this.#upper[i]!);
      }
      const value = this.#objective(this.#trial, this.#trialGradient);
      this.#evaluations++;
      const slope = dot(direction, this.#trialGradient);
      if (search.report(isFinite(value, this.#trialGradient) ? value : NaN, slope)) {
        return value <= this.#value ? { value, step, slope, slopeBefore } : null;
      }
    }
    return null;
  }

  /** Moves to `#trial` and learns from the step. */
  #accept({
    value,
    step,
    slope,
    slopeBefore,
  }: {
    value: number;
    step: number;
    slope: number;
    slopeBefore: number;
  }): void {
    const s = this.#direction;
    const y = this.#trialGradient;
    for (let i = 0; i < s.length; i++) {
      s[i] = s[i]! * step;
      const before = this.#gradient[i]!;
      this.#gradient[i] = y[i]!;
      y[i] = y[i]! - before;
    }
    this.#x.set(this.#trial);
    this.#value = value;
    this.#iterations++;
    // s'y, from the slopes, must be positive for B to stay positive definite.
    const curvature = (slope - slopeBefore) * step;
    if (curvature > Number.EPSILON * -slopeBefore * step) this.#hessian.update(s, y);
  }

  /** Largest |component| of P(x - g) - x. */
  #gradientNorm(): number {
    let norm = 0;
    for (let i = 0; i < this.#x.length; i++) {
      const x = this.#x[i]!;
      const moved = clamp(-this.#gradient[i]!, this.#lower[i]! - x, this.#upper[i]! - x);
      norm = Math.max(norm, Math.abs(moved));
    }
    return norm;
  }

  /** Largest multiple of the direction that stays in the box, at most 1e10. */
  #maxStep(): number {
    let step = 1e10;
    for (let i = 0; i < this.#x.length; i++) {
      const d = this.#direction[i]!;
      if (d === 0) continue;
      const room = (d < 0 ? this.#lower[i]! : this.#upper[i]!) - this.#x[i]!;
      step = Math.min(step, Math.max(room / d, 0));
    }
    return step;
  }

  #end(reason: MinimizeReason): MinimizeResult {
    return {
      x: this.#x.slice(),
      value: this.#value,
      gradientNorm: this.#gradientNorm(),
      iterations: this.#iterations,
      evaluations: this.#evaluations,
      reason,
    };
  }
}

function clamp(value: number, lower: number, upper: number): number {
  return value < lower ? lower : value > upper ? upper : value;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function isFinite(value: number, gradient: Float64Array): boolean {
  return Number.isFinite(value) && gradient.every((component) => Number.isFinite(component));
}
