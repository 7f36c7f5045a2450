import type { Insight, InsightCategory } from '@athanor/schema';
import type { Database } from '../../store/database.ts';

/**
 * How insights of a category are computed. The part here looks things up in the store; the part that works is in
 * jobs/kinds/computeInsight.ts, under the same category, in a process of its own.
 */
export interface InsightComputation {
  /**
   * The record whose build must end first, e.g. `MDS3`; null to begin. Whoever ends a build has the insights that wait
   * for it computed (`Insights.goOn`).
   */
  waitsFor?(transaction: Database, tenantId: number, insight: Insight): Promise<string | null>;
  /**
   * Everything the work depends on, as plain data: numbers, texts, hashes of blobs. Called when the job starts, again
   * after a crash.
   * @throws ProblemError when what the insight asks for cannot be computed; it ends as `Error` with that code in its log
   */
  prepare(tenantId: number, insight: Insight): Promise<unknown>;
}

export type InsightComputations = { readonly [Category in InsightCategory]?: InsightComputation };
