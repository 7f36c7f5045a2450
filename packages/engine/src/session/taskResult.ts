import type { ErrorCode, Warning } from '@athanor/schema';
import type { PlainData } from '../plainData.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import type { FitPart } from './buildPlan.ts';

/** What one fit gave: the trained model for the fit on all rows, the predictions of the held-out rows for a fold. */
export type PartResult =
  | {
      readonly part: FitPart & { type: 'full' };
      readonly fitted: PlainData;
      /**
       * Largest standard deviation of a new measurement among the rows it was fitted to, in the unit of the target: no
       * prediction beyond their range is ever surer.
       */
      readonly widestSd: number;
      readonly seconds: number;
      readonly warnings: readonly Warning[];
    }
  | {
      readonly part: FitPart & { type: 'fold' };
      /** Over the rows of the fold, in the order of the target's rows. */
      readonly posterior: Posterior;
      readonly seconds: number;
      readonly warnings: readonly Warning[];
    };

/** What a task leaves behind; `encodeTaskResult` makes it bytes. */
export interface TaskResult {
  readonly taskId: string;
  readonly parts: readonly PartResult[];
  /** Why the model cannot be built for the target; its parts so far are of no use then. */
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
}
