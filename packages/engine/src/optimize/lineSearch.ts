import { moreThuenteStep, type StepInterval } from './moreThuenteStep.ts';

/** Sufficient decrease, curvature, and relative width at which an interval is small enough (L-BFGS-B's values). */
const decrease = 1e-3;
const curvature = 0.9;
const widthTolerance = 0.1;

/**
 * Line search for a step that satisfies the strong Wolfe conditions, phi(t) <= phi(0) + 1e-3 phi'(0) t and
 * |phi'(t)| <= 0.9 |phi'(0)| (More & Thuente, ACM TOMS 20, 1994). The caller evaluates phi at `step` and reports
 * until the search is done. Where phi is not finite the search comes back half way to the best step, and takes the
 * point reached as the end of the domain.
 */
export class LineSearch {
  /** Step to evaluate next, or the step found once `report` has returned true. */
  step: number;
  readonly #value: number;
  readonly #slope: number;
  readonly #interval: StepInterval;
  #maxStep: number;
  #leastStep = 0;
  #greatestStep: number;
  #isFirstStage = true;
  #width: number;
  #widthBefore: number;

  /** @param slope phi'(0), negative */
  constructor(value: number, slope: number, firstStep: number, maxStep: number) {
    this.step = firstStep;
    this.#value = value;
    this.#slope = slope;
    this.#interval = {
      bestStep: 0,
      bestValue: value,
      bestSlope: slope,
      otherStep: 0,
      otherValue: value,
      otherSlope: slope,
      isBracketed: false,
    };
    this.#maxStep = maxStep;
    this.#greatestStep = 5 * firstStep;
    this.#width = maxStep;
    this.#widthBefore = 2 * maxStep;
  }

  /** Takes in phi and phi' at `step`. True when `step` is the answer, false when `step` is the next one to try. */
  report(value: number, slope: number): boolean {
    const interval = this.#interval;
    if (!Number.isFinite(value) || !Number.isFinite(slope)) {
      this.step = (interval.bestStep + this.step) / 2;
      this.#maxStep = this.step;
      this.#greatestStep = Math.min(this.#greatestStep, this.step);
      return false;
    }
    const needed = this.#value + this.step * decrease * this.#slope;
    if (this.#isFirstStage && value <= needed && slope >= 0) this.#isFirstStage = false;
    if (this.#isDone(value, slope, needed)) return true;

    const lean = decrease * this.#slope;
    if (this.#isFirstStage && value <= interval.bestValue && value > needed) {
      // Before a step has lowered the value enough, phi(t) - phi(0) - 1e-3 phi'(0) t is minimised instead.
      tilt(interval, -lean);
      this.#advance(value - this.step * lean, slope - lean);
      tilt(interval, lean);
    } else {
      this.#advance(value, slope);
    }
    this.#guard();
    return false;
  }

  #isDone(value: number, slope: number, needed: number): boolean {
    const { step } = this;
    if (value <= needed && Math.abs(slope) <= curvature * -this.#slope) return true;
    if (step === this.#maxStep && value <= needed && slope <= decrease * this.#slope) return true;
    const { isBracketed } = this.#interval;
    const least = this.#leastStep;
    const greatest = this.#greatestStep;
    return (
      isBracketed && (step <= least || step >= greatest || greatest - least <= widthTolerance * greatest)
    );
  }

  #advance(value: number, slope: number): void {
    this.step = moreThuenteStep(this.#interval, this.step, value, slope, this.#leastStep, this.#greatestStep);
  }

  #guard(): void {
    const { bestStep, otherStep, isBracketed } = this.#interval;
    if (isBracketed) {
      const width = Math.abs(otherStep - bestStep);
      // An interval that does not shrink fast enough is halved.
      if (width >= 0.66 * this.#widthBefore) this.step = bestStep + 0.5 * (otherStep - bestStep);
      this.#widthBefore = this.#width;
      this.#width = width;
      this.#leastStep = Math.min(bestStep, otherStep);
      this.#greatestStep = Math.max(bestStep, otherStep);
    } else {
      this.#leastStep = this.step + 1.1 * (this.step - bestStep);
      this.#greatestStep = this.step + 4 * (this.step - bestStep);
    }
    this.step = Math.min(Math.max(this.step, 0), this.#maxStep);
    const least = this.#leastStep;
    const greatest = this.#greatestStep;
    if (
      isBracketed &&
      (this.step <= least || this.step >= greatest || greatest - least <= widthTolerance * greatest)
    ) {
      this.step = bestStep;
    }
  }
}

/** Adds slope * t to the function the interval describes. */
function tilt(interval: StepInterval, slope: number): void {
  interval.bestValue += interval.bestStep * slope;
  interval.bestSlope += slope;
  interval.otherValue += interval.otherStep * slope;
  interval.otherSlope += slope;
}
