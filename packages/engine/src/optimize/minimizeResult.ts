/**
 * Why a minimisation ended. The first two are success; the next two are a limit the caller set; `noProgress` means
 * that no step along a descent direction lowered the value any more, which close to a minimum is rounding;
 * `startNotFinite` means that nothing was tried because the value or gradient at the start is not a number.
 */
export const minimizeReasons = [
  'gradientSmall',
  'valueConverged',
  'iterationLimit',
  'evaluationLimit',
  'noProgress',
  'startNotFinite',
] as const;
export type MinimizeReason = (typeof minimizeReasons)[number];

export interface MinimizeResult {
  /** Best point found, inside the box [d]. */
  readonly x: Float64Array;
  /** Objective at `x`. */
  readonly value: number;
  /** Largest component of the projected gradient at `x`: P(x - g) - x, P the projection onto the box. */
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Calls of the objective, each for value and gradient together. */
  readonly evaluations: number;
  readonly reason: MinimizeReason;
}
