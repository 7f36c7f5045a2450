import type { BuildLogLine, BuildState, InsightCategory } from '@athanor/schema';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import { computeDesign } from './insights/designInsight.ts';

/** Compute an insight. */
export interface InsightWork {
  readonly kind: 'computeInsight';
  readonly category: InsightCategory;
  /** What the computation of the category prepared, as plain data. */
  readonly task: unknown;
}

export interface InsightProgress {
  /** A new state, when there is one. */
  readonly state?: Extract<BuildState, 'Building Models' | 'Generating Candidates'>;
  readonly stage: string;
  /** One line for the log. */
  readonly message: string;
}

export interface InsightAnswer {
  /** RawPayload of the insight. */
  readonly payload: Record<string, unknown>;
  /** Registry.Metrics of the insight. */
  readonly metrics: Record<string, unknown>;
  /** What the log shall say at the end. */
  readonly lines: readonly Omit<BuildLogLine, 'at'>[];
  /** The result as files; `outputKey` names the first. */
  readonly outputs: readonly {
    /** Name of the file, e.g. `result.csv`. */
    readonly file: string;
    readonly bytes: Uint8Array;
    readonly contentType: string;
  }[];
}

/**
 * The work of one category, in a job process.
 * @throws EngineError when what is asked cannot be computed
 */
export type ComputeInsight = (
  blobs: BlobStore,
  task: unknown,
  report: (progress: InsightProgress) => void,
) => Promise<InsightAnswer>;

/** One line a category; the server's part of it is in services/insightSteps. */
const computations: { readonly [Category in InsightCategory]?: ComputeInsight } = {
  Generate: computeDesign,
  Optimizer: computeDesign,
  'Custom Optimizer': computeDesign,
  'Smart DOE': computeDesign,
};

export async function computeOneInsight(
  blobs: BlobStore,
  { category, task }: InsightWork,
  report: (progress: InsightProgress) => void,
): Promise<InsightAnswer> {
  const compute = computations[category];
  if (compute === undefined) throw new TypeError(`no process computes an insight of category ${category}`);
  return compute(blobs, task, report);
}
