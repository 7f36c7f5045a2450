import { type InsightOutcome, ProblemError } from '@athanor/schema';
import type { ComputeThread } from '../compute/computeThread.ts';
import { fromJson } from '../store/json.ts';
import { formatId } from '../store/recordId.ts';
import { type DatasetRow, datasets } from '../store/repositories/datasets.ts';
import { type DatasetVersionRow, datasetVersions } from '../store/repositories/datasetVersions.ts';
import type { InsightRow } from '../store/repositories/insights.ts';
import { modelSessions } from '../store/repositories/modelSessions.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';
import { candidatesOf } from './candidateFiles.ts';
import { tableSourceOf } from './datasets.ts';
import { registryOf } from './endInsight.ts';
import { findInsight } from './insights.ts';

/** How proposed experiments did once they were made. */
export class InsightOutcomes {
  readonly #store: Store;
  readonly #compute: ComputeThread;

  constructor(store: Store, compute: ComputeThread) {
    this.#store = store;
    this.#compute = compute;
  }

  /** @throws ProblemError INSIGHT_WITHOUT_CANDIDATES, OUTCOME_UNKNOWN, DATASET_WITHOUT_DATA */
  async read(caller: Caller, insightId: string): Promise<InsightOutcome> {
    const { database } = this.#store;
    const insight = await findInsight(database, caller, insightId);
    const payload = candidatesOf(insight);
    const dataset = await this.#datasetOf(insight);
    if (dataset === undefined) {
      throw ProblemError.of(
        'OUTCOME_UNKNOWN',
        'No dataset is known that holds measurements of these experiments.',
      );
    }
    const source = tableSourceOf(dataset);
    if (source === null) throw ProblemError.of('DATASET_WITHOUT_DATA', 'The dataset has no data any more.');
    const versions = await datasetVersions.list(database, dataset.id);
    const outcome = await this.#compute.judgeOutcome(
      source,
      payload,
      firstNewRow(insight, versions),
      marksOf(insight, versions),
    );
    return {
      insightId: formatId('insight', insight.id),
      datasetId: formatId('dataset', dataset.id),
      ...outcome,
    };
  }

  /** The dataset it was made on, or for a design run the one that its results were added to last. */
  async #datasetOf({ id, tenantId, datasetId, modelSessionId }: InsightRow): Promise<DatasetRow | undefined> {
    const { database } = this.#store;
    if (datasetId !== null) return datasets.find(database, tenantId, datasetId);
    if (modelSessionId !== null) {
      const session = await modelSessions.find(database, tenantId, modelSessionId);
      if (session !== undefined) return datasets.find(database, tenantId, session.datasetId);
    }
    const added = (await datasetVersions.listOfInsight(database, tenantId, id)).at(-1);
    return added === undefined ? undefined : datasets.find(database, tenantId, added.datasetId);
  }
}

/** Rows from here on were not there yet when the candidates were proposed; 0 when that cannot be told. */
function firstNewRow(insight: InsightRow, versions: readonly DatasetVersionRow[]): number {
  const dataHash = registryOf(insight).Metrics?.['dataHash'];
  const place = versions.findIndex((version) => version.dataHash === dataHash);
  // A table that was put in anew since then has an order of its own.
  if (place < 0 || versions.slice(0, place).some(({ rowsAdded }) => rowsAdded === null)) return 0;
  return versions[place]!.rowCount;
}

/** Rank by row of those rows that were said to be a candidate of this insight, or none. */
function marksOf(insight: InsightRow, versions: readonly DatasetVersionRow[]): [number, number | null][] {
  const marks: [number, number | null][] = [];
  for (const { insightId, ranks, rowCount, rowsAdded } of versions) {
    // Rows of a table that was put in anew since then are somewhere else.
    if (rowsAdded === null) break;
    if (insightId !== insight.id) continue;
    const known = fromJson<(number | null)[] | null>(ranks) ?? [];
    marks.push(...known.map((rank, i): [number, number | null] => [rowCount - rowsAdded + i, rank]));
  }
  return marks;
}
