import type { FoldQuestion, Warning } from '@athanor/schema';
import type { ModelRequest } from './buildRequest.ts';

/** One fit: on all rows of the target, or with one fold held out. */
export type FitPart =
  | { readonly type: 'full' }
  | { readonly type: 'fold'; readonly repeat: number; readonly fold: number };

/**
 * A unit of work that one process does without talking to others: some fits of one model on one target. Cheap
 * models have one task with everything; dear ones have a task for the fit on all rows, and after it several that
 * share the folds and start from what it found.
 */
export interface FitTask {
  /** Unique within the plan, e.g. `2/0/1`: model, target, part of the work. */
  readonly id: string;
  /** Index into `plan.models`. */
  readonly model: number;
  /** Index into `plan.targets`. */
  readonly target: number;
  readonly parts: readonly FitPart[];
  /** Task whose full fit this one starts from; null when it can run at once. */
  readonly after: string | null;
  /** Rough seconds of one processor; used for order and time left only. */
  readonly estimatedSeconds: number;
}

/** Another target of the session that may help to learn one. */
export interface CompanionPlan {
  readonly key: string;
  /** Rows of the table with a value of it, in an order that the order of the table has no part in. */
  readonly rows: Int32Array;
  /** Group of each of these rows, numbered as those of the target; held out with the group, whatever was measured. */
  readonly groups: Int32Array;
}

/** Rows, groups and folds of one target. */
export interface TargetPlan {
  readonly key: string;
  readonly unit: string | null;
  /** Rows of the table that are used for this target [n], in an order that the order of the table has no part in. */
  readonly rows: Int32Array;
  /** Group of each of these rows, 0 .. groupCount-1 [n]. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Largest number of folds of a repeat. */
  readonly foldCount: number;
  /** Fold of each row [n], -1 where it is not held out, one array a repeat. */
  readonly repeats: readonly Int32Array[];
  /** Mostly none. */
  readonly companions: readonly CompanionPlan[];
  /** Standard deviation of repeats at equal inputs; null with fewer than three spare repeats. */
  readonly pureError: number | null;
  readonly warnings: readonly Warning[];
}

/** A build as data: what will be fitted, in which order it helps the user, and what looks odd. */
export interface BuildPlan {
  readonly seed: number;
  /** Keys of the inputs, in table order. */
  readonly inputs: readonly string[];
  readonly group: string | null;
  readonly question: FoldQuestion;
  readonly models: readonly ModelRequest[];
  readonly targets: readonly TargetPlan[];
  /** Most useful first: the cheap models come first so that something can predict early. */
  readonly tasks: readonly FitTask[];
  readonly warnings: readonly Warning[];
}
