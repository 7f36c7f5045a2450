import { type CandidateFormat, DesignPayload, ProblemError } from '@athanor/schema';
import type { CandidateFile } from '../compute/files/candidateFile.ts';
import type { ComputeThread } from '../compute/computeThread.ts';
import { fromJson } from '../store/json.ts';
import type { InsightRow } from '../store/repositories/insights.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { findInsight } from './insights.ts';

/** The candidates of insights as files. */
export class CandidateFiles {
  readonly #store: Store;
  readonly #compute: ComputeThread;

  constructor(store: Store, compute: ComputeThread) {
    this.#store = store;
    this.#compute = compute;
  }

  /**
   * @param ranks Candidates to take; null for all
   * @throws ProblemError INSIGHT_WITHOUT_CANDIDATES, FIELD_INVALID for a rank that is not there
   */
  async write(
    caller: Caller,
    insightId: string,
    format: CandidateFormat,
    ranks: readonly number[] | null,
  ): Promise<CandidateFile & { readonly name: string }> {
    const row = await findInsight(this.#store.database, caller, insightId);
    const payload = candidatesOf(row);
    const known = new Set(payload.candidates.map(({ rank }) => rank));
    const strange = ranks?.find((rank) => !known.has(rank));
    if (strange !== undefined) {
      throw ProblemError.of('FIELD_INVALID', `query/ranks: there is no candidate of rank ${strange}`, {
        field: 'query/ranks',
        value: String(strange),
      });
    }
    const wanted = new Set(ranks ?? known);
    const candidates = payload.candidates.filter(({ rank }) => wanted.has(rank));
    const file = await this.#compute.writeCandidates({ ...payload, candidates }, format);
    return { ...file, name: `${row.name}.${format}` };
  }
}

/** What a design has left. @throws ProblemError INSIGHT_WITHOUT_CANDIDATES */
export function candidatesOf(row: InsightRow): DesignPayload {
  const payload = DesignPayload.safeParse(fromJson(row.rawPayload));
  if (payload.success) return payload.data;
  throw ProblemError.of(
    'INSIGHT_WITHOUT_CANDIDATES',
    row.state === 'Complete'
      ? 'The insight holds no experiments that Athanor proposed.'
      : `The insight has no candidates; its state is ${row.state ?? 'not told'}.`,
  );
}
