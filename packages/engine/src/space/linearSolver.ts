/** lower <= sum of values * x at indices <= upper */
export interface LinearRow {
  readonly indices: number[];
  readonly values: number[];
  readonly lower: number;
  readonly upper: number;
}

/** Minimise costs'x over whole or real x within bounds and rows. */
export interface IntegerProgram {
  /** [columns] */
  readonly costs: number[];
  readonly lower: number[];
  readonly upper: number[];
  /** 1 whole, 0 real */
  readonly isInteger: (0 | 1)[];
  readonly rows: readonly LinearRow[];
}

export type IntegerSolution =
  | { readonly status: 'optimal'; readonly x: Float64Array; readonly objective: number }
  | { readonly status: 'infeasible' }
  /** The solver gave up; `reason` is its own word. */
  | { readonly status: 'unknown'; readonly reason: string };

export interface SolveOptions {
  /** Stop at a solution this near to the best, as a share of it; 0 by default. */
  readonly gap?: number;
  /** Nodes of the search tree before giving up; bounds the time in a way that repeats. */
  readonly maxNodes?: number;
}

/** Solves mixed-integer linear programs. */
export interface LinearSolver {
  solve(program: IntegerProgram, options?: SolveOptions): IntegerSolution;
}
