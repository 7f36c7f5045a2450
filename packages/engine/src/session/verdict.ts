import type { Warning } from '@athanor/schema';
import type { PlainData } from '../plainData.ts';
import type { HeldOutFold } from '../selection/heldOutFold.ts';
import type { OutOfFoldScores } from '../selection/scoreOutOfFold.ts';

/** A model on a target: fitted to all rows, and judged on rows it was not fitted to. */
export interface Verdict {
  readonly fitted: PlainData;
  /** Largest standard deviation of a new measurement among the rows it was fitted to. */
  readonly widestSd: number;
  /** What it says of held-out rows, uncalibrated; in the order of the plan. */
  readonly folds: readonly HeldOutFold[];
  readonly scores: OutOfFoldScores;
  readonly fitSeconds: number;
  readonly warnings: readonly Warning[];
  /** Of the members of an ensemble, the largest first; null for other models. */
  readonly weights: readonly { readonly model: string; readonly weight: number }[] | null;
}
