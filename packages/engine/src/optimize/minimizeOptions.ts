export interface MinimizeOptions {
  /** Curvature pairs kept, m; 3 to 20 is usual. */
  readonly memory: number;
  readonly maxIterations: number;
  readonly maxEvaluations: number;
  /** Ends when an iteration lowers the value by at most this share of max(|f|, 1). */
  readonly valueTolerance: number;
  /** Ends when no component of the projected gradient is larger. */
  readonly gradientTolerance: number;
  /** Trial steps of one line search. */
  readonly maxLineSearchSteps: number;
  /**
   * Longest first step, in the units of x; later ones scale themselves by curvature. Without a limit a steep start
   * in a narrow box jumps straight into a corner.
   */
  readonly maxFirstStep: number;
}

/** The defaults of the published code, with a value tolerance that suits log-likelihoods. */
export const defaultMinimizeOptions: MinimizeOptions = {
  memory: 10,
  maxIterations: 15_000,
  maxEvaluations: 15_000,
  valueTolerance: 2.220446049250313e-9,
  gradientTolerance: 1e-5,
  maxLineSearchSteps: 20,
  maxFirstStep: Infinity,
};
