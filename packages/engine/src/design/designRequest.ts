import type { DesignMode, InputRow, Objective, SearchSpace } from '@athanor/schema';
import type { HeldOutErrors } from '../acquisition/heldOutErrors.ts';
import type { Surrogate } from '../acquisition/surrogate.ts';
import type { Inputs } from '../models/inputs.ts';
import type { LinearSolver } from '../space/linearSolver.ts';

/** What has been measured. */
export interface MeasuredRows {
  /** The inputs of the models [n rows]. */
  readonly inputs: Inputs;
  /** One an objective, NaN where not measured [objective][n]. */
  readonly targets: readonly Float64Array[];
  /** 1-based row of the table of each [n]. */
  readonly tableRows: Int32Array;
}

/** All that a set of candidates depends on: same request, same candidates. */
export interface DesignRequest {
  readonly space: SearchSpace;
  readonly objectives: readonly Objective[];
  /** One an objective, in their order. */
  readonly surrogates: readonly Surrogate[];
  /** Correlation of the models' standardised errors, dense [objectives ^ 2]; null for independent ones. */
  readonly errorCorrelation: Float64Array | null;
  /** Errors on rows held out, one an objective; null where unknown. */
  readonly errors: readonly (HeldOutErrors | null)[];
  readonly measured: MeasuredRows;
  /** Experiments under way: neither proposed again nor crowded. */
  readonly pending: readonly InputRow[];
  readonly mode: DesignMode;
  readonly generatedCount: number;
  readonly selectedCount: number;
  /** 0 takes the best whatever they have in common, 1 keeps them far apart; 0.5 is the default of all callers. */
  readonly diversity: number;
  readonly seed: number | string;
}

/** The world outside: the solver, and who wants to know how far it is. */
export interface DesignContext {
  readonly solver: LinearSolver;
  /** Called now and then with the share done; may throw to stop. */
  progress(stage: 'sampling' | 'scoring' | 'refining' | 'selecting', share: number): void;
}
