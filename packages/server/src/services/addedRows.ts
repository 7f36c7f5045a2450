import { isDeepStrictEqual } from 'node:util';
import {
  type DatasetRowsAdd,
  type DatasetRowsAdded,
  type DatasetVersion,
  ProblemError,
  type Warning,
} from '@athanor/schema';
import type { AppendedRows } from '../compute/appendRows.ts';
import type { ComputeThread } from '../compute/computeThread.ts';
import { faultPoint } from '../observe/faultPoint.ts';
import { toJson } from '../store/json.ts';
import { formatId } from '../store/recordId.ts';
import { type DatasetRow, datasets, toDataset } from '../store/repositories/datasets.ts';
import { datasetVersions, toDatasetVersion } from '../store/repositories/datasetVersions.ts';
import { files } from '../store/repositories/files.ts';
import { type ModelSessionRow, modelSessions } from '../store/repositories/modelSessions.ts';
import { updateStamps } from '../store/stamps.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import { candidatesOf } from './candidateFiles.ts';
import { keepAnswer } from './currentRequest.ts';
import { findDataset, tableSourceOf } from './datasets.ts';
import { findInsight } from './insights.ts';
import { keepBlobs } from './keepBlobs.ts';
import { keepDatasetVersion } from './keepDatasetVersion.ts';
import { nextVersionName } from './nextVersionName.ts';
import { notFound } from './notFound.ts';
import { type FollowingBuild, orderFollowing } from './orderFollowing.ts';
import { recordAct } from './recordAct.ts';
import { startFollowingSession } from './startFollowingSession.ts';

/** How often rows are added to what somebody else has changed meanwhile, before that is given up. */
const attempts = 5;

/** A session to follow, and what to build. */
interface Rebuild {
  readonly session: ModelSessionRow;
  readonly build: FollowingBuild;
}

/** Measured results that are added to datasets. */
export class AddedRows {
  readonly #builds: Builds;
  readonly #compute: ComputeThread;

  constructor(builds: Builds, compute: ComputeThread) {
    this.#builds = builds;
    this.#compute = compute;
  }

  /**
   * Adds rows as a new version of the data, and where wished builds new sessions on all rows: all of it or nothing.
   * @throws ProblemError DATASET_WITHOUT_DATA, COLUMN_UNKNOWN, CELL_INVALID, VARIABLE_CONFLICT, FIELD_INVALID for ranks
   */
  async add(caller: Caller, datasetId: string, body: DatasetRowsAdd): Promise<DatasetRowsAdded> {
    const { store, blobs } = this.#builds;
    const insightId = await this.#findInsight(caller, body);
    for (let attempt = 1; ; attempt++) {
      const before = await findDataset(store.database, caller, datasetId);
      const source = tableSourceOf(before);
      if (source === null) throw ProblemError.of('DATASET_WITHOUT_DATA', 'The dataset has no data yet.');
      const appended = await this.#compute.appendRows(source, body.rows);
      const added = await keepBlobs(store, blobs, async (hold) => {
        const blob = await hold.put(appended.bytes);
        faultPoint('rows.stored');
        const row = await this.#grownRow(caller, before, appended, blob.hash);
        const { rebuilds, warnings } =
          body.rebuild === true ? await this.#orderRebuilds(row) : { rebuilds: [], warnings: [] };
        return store.transaction(async (transaction) => {
          const now = await datasets.find(transaction, before.tenantId, before.id);
          if (now === undefined) throw notFound('dataset', 'path/datasetId');
          if (!isDeepStrictEqual({ ...now }, { ...before })) return null;
          await files.insert(transaction, {
            tenantId: row.tenantId,
            namespace: 'breakthrough',
            name: row.key!,
            ...blob,
            contentType: 'text/csv',
            metadata: toJson([]),
            createdBy: caller.userId,
            createdAt: row.updatedAt,
          });
          await datasets.update(transaction, row.tenantId, row.id, row);
          const growth = { rowsAdded: body.rows.length, insightId, ranks: body.ranks ?? null };
          await keepDatasetVersion(transaction, row, growth);
          const sessions: DatasetRowsAdded['sessions'] = [];
          for (const { session, build } of rebuilds) {
            const name = nextVersionName(session.name);
            const next = await startFollowingSession(this.#builds, transaction, caller, session, build, name);
            sessions.push({ sessionId: next.id, parentSessionId: formatId('modelSession', session.id) });
          }
          const dataset = toDataset(row);
          await recordAct(transaction, caller, row.updatedAt, {
            action: 'update',
            kind: 'dataset',
            record: dataset.albertId,
            before: toDataset(before),
            after: dataset,
          });
          const answer: DatasetRowsAdded = {
            dataset,
            rowsAdded: body.rows.length,
            firstRow: appended.rowCount - body.rows.length + 1,
            warnings: [...appended.warnings, ...warnings],
            sessions,
          };
          keepAnswer(answer);
          return answer;
        });
      });
      if (added !== null) return added;
      if (attempt === attempts)
        throw ProblemError.of('LOST_UPDATE', 'Somebody else keeps changing the dataset at the same time.');
    }
  }

  /** The data as they were, newest first. */
  async listVersions(caller: Caller, datasetId: string): Promise<DatasetVersion[]> {
    const { database } = this.#builds.store;
    const { id } = await findDataset(database, caller, datasetId);
    return (await datasetVersions.list(database, id)).map(toDatasetVersion);
  }

  /** @returns number of the insight that proposed the rows @throws ProblemError RECORD_NOT_FOUND, FIELD_INVALID */
  async #findInsight(caller: Caller, { rows, insightId, ranks }: DatasetRowsAdd): Promise<number | null> {
    const refuse = (message: string): ProblemError =>
      ProblemError.of('FIELD_INVALID', message, { field: 'body/ranks' });
    if (insightId === undefined) {
      if (ranks !== undefined) throw refuse('body/ranks says nothing without insightId');
      return null;
    }
    const row = await findInsight(this.#builds.store.database, caller, insightId, 'body/insightId');
    if (ranks === undefined) return row.id;
    if (ranks.length !== rows.length)
      throw refuse(`body/ranks has ${ranks.length} entries, and there are ${rows.length} rows`);
    const known = new Set(candidatesOf(row).candidates.map(({ rank }) => rank));
    const strange = ranks.find((rank) => rank !== null && !known.has(rank));
    if (strange !== undefined) throw refuse(`${insightId} has no candidate of rank ${strange}`);
    return row.id;
  }

  async #grownRow(
    caller: Caller,
    before: DatasetRow,
    { isConverted, readOptions, overrides, rowCount, columnCount }: AppendedRows,
    dataHash: string,
  ): Promise<DatasetRow> {
    const { tenantId } = before;
    const old = before.key!;
    // A name that others use too, or that says another kind of file, is left to them.
    const isOwn = !(await datasets.hasKey(this.#builds.store.database, tenantId, old, before.id));
    const key =
      isOwn && !isConverted
        ? old
        : `datasets/${formatId('dataset', before.id)}/${csvName(old.split('/').at(-1)!)}`;
    return {
      ...before,
      key,
      fileName: before.fileName === null || !isConverted ? before.fileName : csvName(before.fileName),
      readOptions: Object.keys(readOptions).length === 0 ? null : toJson(readOptions),
      overrides: toJson(overrides),
      dataHash,
      rowCount,
      columnCount,
      dataVersion: (before.dataVersion ?? 0) + 1,
      ...updateStamps(caller, this.#builds.now),
    };
  }

  /** Sessions of a dataset that no other one follows yet, and what to build for each on its data now. */
  async #orderRebuilds(dataset: DatasetRow): Promise<{ rebuilds: Rebuild[]; warnings: Warning[] }> {
    const rebuilds: Rebuild[] = [];
    const warnings: Warning[] = [];
    const { database } = this.#builds.store;
    for (const session of await modelSessions.listLatest(database, dataset.tenantId, dataset.id)) {
      const following = await orderFollowing(this.#builds, session, dataset);
      warnings.push(...following.warnings);
      if (following.build !== null) rebuilds.push({ session, build: following.build });
    }
    return { rebuilds, warnings };
  }
}

function csvName(name: string): string {
  return `${name.replace(/\.[A-Za-z0-9]{1,8}$/, '')}.csv`;
}
