import type { Warning } from '@athanor/schema';
import type { PlainData } from '../plainData.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import type { FitPart } from './buildPlan.ts';

/** What one fit gave: the trained model for the fit on all rows, the predictions of the held-out rows for a fold. */
export type PartResult =
  | {
      readonly part: FitPart & { type: 'full' };
      readonly fitted: PlainData;
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
}
