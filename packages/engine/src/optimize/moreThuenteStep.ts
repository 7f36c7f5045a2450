/** Interval of a line search that holds a minimiser, and the best step so far. */
export interface StepInterval {
  /** Best step, with value and slope there. */
  bestStep: number;
  bestValue: number;
  bestSlope: number;
  /** Other end of the interval. */
  otherStep: number;
  otherValue: number;
  otherSlope: number;
  /** True once a minimiser lies between the two ends. */
  isBracketed: boolean;
}

/**
 * Safeguarded step of More & Thuente (ACM TOMS 20, 1994, section 4): takes in the trial step with its value and
 * slope, shrinks or shifts the interval, and returns the next trial, a minimiser of a cubic or quadratic through
 * what is known.
 */
export function moreThuenteStep(
  interval: StepInterval,
  trial: number,
  value: number,
  slope: number,
  leastStep: number,
  greatestStep: number,
): number {
  const { bestStep, bestValue, bestSlope, otherStep } = interval;
  const turns = slope * Math.sign(bestSlope) < 0;
  let next: number;

  if (value > bestValue) {
    // Case 1: higher value, so a minimiser is bracketed. The cubic step if it is nearer to the best, else the mean.
    const cubic = bestStep + cubicShare(interval, trial, value, slope) * (trial - bestStep);
    const chord = (bestValue - value) / (trial - bestStep);
    const quadratic = bestStep + (bestSlope / (chord + bestSlope) / 2) * (trial - bestStep);
    next =
      Math.abs(cubic - bestStep) < Math.abs(quadratic - bestStep) ? cubic : cubic + (quadratic - cubic) / 2;
    interval.isBracketed = true;
  } else if (turns) {
    // Case 2: lower value, slope of opposite sign: bracketed. The step farther from the trial.
    const cubic = bestStep + cubicShare(interval, trial, value, slope) * (trial - bestStep);
    const secant = trial + (slope / (slope - bestSlope)) * (bestStep - trial);
    next = Math.abs(cubic - trial) > Math.abs(secant - trial) ? cubic : secant;
    interval.isBracketed = true;
  } else if (Math.abs(slope) < Math.abs(bestSlope)) {
    // Case 3: lower value, same sign, flatter: the cubic may have no minimiser beyond the trial.
    const theta = (3 * (bestValue - value)) / (trial - bestStep) + bestSlope + slope;
    const scale = Math.max(Math.abs(theta), Math.abs(bestSlope), Math.abs(slope));
    const root = scale * Math.sqrt(Math.max(0, (theta / scale) ** 2 - (bestSlope / scale) * (slope / scale)));
    const gamma = trial > bestStep ? -root : root;
    const share = (gamma - slope + theta) / (gamma + (bestSlope - slope) + gamma);
    const cubic =
      share < 0 && gamma !== 0
        ? trial + share * (bestStep - trial)
        : trial > bestStep
          ? greatestStep
          : leastStep;
    const secant = trial + (slope / (slope - bestSlope)) * (bestStep - trial);
    const cubicIsNearer = Math.abs(cubic - trial) < Math.abs(secant - trial);
    if (interval.isBracketed) {
      // Not beyond two thirds of the way to the other end.
      const limit = trial + 0.66 * (otherStep - trial);
      const chosen = cubicIsNearer ? cubic : secant;
      next = trial > bestStep ? Math.min(limit, chosen) : Math.max(limit, chosen);
    } else {
      next = Math.max(Math.min(cubicIsNearer ? secant : cubic, greatestStep), leastStep);
    }
  } else if (interval.isBracketed) {
    // Case 4: lower value, same sign, not flatter: the cubic between the trial and the other end.
    const { otherValue, otherSlope } = interval;
    const theta = (3 * (value - otherValue)) / (otherStep - trial) + otherSlope + slope;
    const scale = Math.max(Math.abs(theta), Math.abs(otherSlope), Math.abs(slope));
    const root =
      scale * Math.sqrt(Math.max(0, (theta / scale) ** 2 - (otherSlope / scale) * (slope / scale)));
    const gamma = trial > otherStep ? -root : root;
    next = trial + ((gamma - slope + theta) / (gamma - slope + gamma + otherSlope)) * (otherStep - trial);
  } else {
    next = trial > bestStep ? greatestStep : leastStep;
  }

  if (value > bestValue) {
    interval.otherStep = trial;
    interval.otherValue = value;
    interval.otherSlope = slope;
  } else {
    if (turns) {
      interval.otherStep = bestStep;
      interval.otherValue = bestValue;
      interval.otherSlope = bestSlope;
    }
    interval.bestStep = trial;
    interval.bestValue = value;
    interval.bestSlope = slope;
  }
  return next;
}

/** Minimiser of the cubic through both ends of [best, trial], as a share of the way from best to trial. */
function cubicShare(
  { bestStep, bestValue, bestSlope }: StepInterval,
  trial: number,
  value: number,
  slope: number,
): number {
  const theta = (3 * (bestValue - value)) / (trial - bestStep) + bestSlope + slope;
  const scale = Math.max(Math.abs(theta), Math.abs(bestSlope), Math.abs(slope));
  const root = scale * Math.sqrt(Math.max(0, (theta / scale) ** 2 - (bestSlope / scale) * (slope / scale)));
  // From the best end; the two published forms (from either end) are the same root.
  const gamma = trial < bestStep ? -root : root;
  return (gamma - bestSlope + theta) / (gamma - bestSlope + gamma + slope);
}
