import { isDeepStrictEqual } from 'node:util';
import {
  type CellValue,
  type Dataset,
  type DatasetCreate,
  type DatasetProfile,
  DatasetReadOptions,
  DatasetReferences,
  type PatchBody,
  ProblemError,
  type Variable,
  type VariableOverride,
} from '@athanor/schema';
import { z } from 'zod';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { TableSource } from '../compute/tableSource.ts';
import type { BlobStore } from '../store/blobs/blobStore.ts';
import type { Database } from '../store/database.ts';
import { fromJson, toJson, toJsonOrNull } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { type DatasetRow, datasets, overridesOf, toDataset } from '../store/repositories/datasets.ts';
import { datasetVersions } from '../store/repositories/datasetVersions.ts';
import { dependents } from '../store/repositories/dependents.ts';
import { files } from '../store/repositories/files.ts';
import { insightText } from '../store/repositories/insightText.ts';
import { creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes } from './applyPatch.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { collectAfterCommit } from './keepBlobs.ts';
import { keepDatasetVersion } from './keepDatasetVersion.ts';
import { notFound } from './notFound.ts';
import { recordFinder } from './recordFinder.ts';
import { type PageWindow, readPage } from './readPage.ts';
import { useProject } from './projects.ts';
import { recordAct } from './recordAct.ts';
import { refuseWhileUsed } from './refuseWhileUsed.ts';
import { requireMayDelete } from './requireMayDelete.ts';

const patchable: PatchableAttributes = {
  name: { schema: z.string().min(1).max(500), isRequired: true },
  key: { schema: z.string().min(1).max(1024) },
  fileName: { schema: z.string().max(500) },
  References: { schema: DatasetReferences },
  readOptions: { schema: DatasetReadOptions },
};

/** The columns of a dataset row that say which data it has. */
type DataColumns = Pick<DatasetRow, 'dataHash' | 'rowCount' | 'columnCount' | 'overrides'>;

/** Tables of experiments: records that point to a file, and what is known of its columns. */
export class Datasets {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #compute: ComputeThread;
  readonly #clock: Clock;
  /** Called after a dataset has got data. */
  onData: (tenantId: number, datasetId: number) => Promise<void> = async () => {};

  constructor(store: Store, blobs: BlobStore, compute: ComputeThread, clock: Clock) {
    this.#store = store;
    this.#blobs = blobs;
    this.#compute = compute;
    this.#clock = clock;
  }

  /**
   * Creates the record. With a key, its file is read and judged first.
   * @throws ProblemError FILE_NOT_FOUND, or of reading the table; nothing is stored then.
   */
  async create(caller: Caller, body: DatasetCreate): Promise<Dataset> {
    const fileName = body.fileName ?? body.key ?? '';
    const data = await this.#findData(caller.tenantId, body.key, fileName, body.readOptions ?? {}, []);
    const at = toIso(this.#clock());
    return this.#store.transaction(async (transaction) => {
      const row: DatasetRow = {
        id: await takeNumbers(transaction, 'dataset'),
        tenantId: caller.tenantId,
        name: body.name,
        parentId: body.parentId ?? null,
        key: body.key ?? null,
        fileName: body.fileName ?? null,
        report: toJsonOrNull(body.Report),
        references: toJsonOrNull(body.References),
        readOptions: toJsonOrNull(body.readOptions),
        ...data,
        dataVersion: data.dataHash === null ? null : 1,
        ...creationStamps(caller, at),
      };
      await useProjects(transaction, caller, at, body.parentId, body.References);
      await datasets.insert(transaction, row);
      await keepDatasetVersion(transaction, row, null);
      const after = toDataset(row);
      const act = { action: 'create', kind: 'dataset', record: after.albertId, before: null, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** Oldest first; `lastKey` is absent on the last page. */
  async list(
    caller: Caller,
    filter: { startKey?: string | undefined; createdBy?: string | undefined; name?: string | undefined },
  ): Promise<{ Items: Dataset[]; lastKey?: string }> {
    const { startKey, createdBy, name } = filter;
    const wanted = {
      ...(createdBy === undefined
        ? {}
        : { createdBy: { id: parseRecordId('user', createdBy), name: createdBy } }),
      ...(name === undefined ? {} : { name }),
    };
    const read = (window: PageWindow) =>
      datasets.list(this.#store.database, caller.tenantId, { ...window, ...wanted });
    return readPage('dataset', startKey, read, toDataset);
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, datasetId: string): Promise<Dataset> {
    return toDataset(await findDataset(this.#store.database, caller, datasetId));
  }

  /**
   * Changes attributes. The file of a new key is read and judged first.
   * @throws ProblemError of the patch, FILE_NOT_FOUND, or of reading the table; nothing is changed then.
   */
  async patch(caller: Caller, datasetId: string, patch: PatchBody): Promise<Dataset> {
    const before = await findDataset(this.#store.database, caller, datasetId);
    const changes = applyPatch(toDataset(before), patch, patchable);
    if (changes.size === 0) return toDataset(before);

    const value = <T>(attribute: string, present: T): T =>
      changes.has(attribute) ? ((changes.get(attribute) ?? null) as T) : present;
    const key = value('key', before.key);
    const fileName = value('fileName', before.fileName);
    const readOptions = value('readOptions', fromJson<DatasetReadOptions>(before.readOptions));
    const hasNewData = changes.has('key') || changes.has('readOptions');
    const data = hasNewData
      ? await this.#findData(
          caller.tenantId,
          key ?? undefined,
          fileName ?? key ?? '',
          readOptions ?? {},
          overridesOf(before),
        )
      : {};

    const row = await this.#replace(caller, before, {
      name: value('name', before.name),
      key,
      fileName,
      references: changes.has('References') ? toJsonOrNull(changes.get('References')) : before.references,
      readOptions: toJsonOrNull(readOptions),
      ...data,
    });
    if (hasNewData && row.dataHash !== null) await this.onData(row.tenantId, row.id);
    return toDataset(row);
  }

  /**
   * Takes the data file along, unless another dataset has the same.
   * @throws ProblemError DATASET_IN_USE while sessions, detached models or insights name it.
   */
  async delete(caller: Caller, datasetId: string): Promise<void> {
    await this.#store.transaction(async (transaction) => {
      const row = await findDataset(transaction, caller, datasetId);
      const { id, tenantId, key } = row;
      requireMayDelete(caller, row);
      refuseWhileUsed('dataset', await dependents.ofDataset(transaction, tenantId, id), 'DATASET_IN_USE');
      // Files that were made of added rows are ours to remove, whatever the dataset names now.
      const made = (await datasetVersions.list(transaction, id)).filter((one) => one.rowsAdded !== null);
      const keys = new Set([...(key === null ? [] : [key]), ...made.map((one) => one.key)]);
      await datasets.delete(transaction, tenantId, id);
      for (const name of keys) {
        if (await datasets.hasKey(transaction, tenantId, name)) continue;
        const file = { tenantId, namespace: 'breakthrough', name };
        collectAfterCommit(this.#store, this.#blobs, transaction, await files.delete(transaction, file));
      }
      const before = toDataset(row);
      const act = {
        action: 'delete',
        kind: 'dataset',
        record: before.albertId,
        before,
        after: null,
      } as const;
      await recordAct(transaction, caller, toIso(this.#clock()), act);
    });
  }

  /** What each column was taken for. @throws ProblemError DATASET_WITHOUT_DATA or of reading the table. */
  async listVariables(caller: Caller, datasetId: string): Promise<Variable[]> {
    return (await this.#compute.describeTable(await this.#source(caller, datasetId))).variables;
  }

  /**
   * Says what columns really are. Fields that are null are taken back, absent ones stay.
   * @throws ProblemError COLUMN_UNKNOWN, VARIABLE_CONFLICT.
   */
  async patchVariables(
    caller: Caller,
    datasetId: string,
    changes: readonly VariableOverride[],
  ): Promise<Variable[]> {
    const before = await findDataset(this.#store.database, caller, datasetId);
    const overrides = mergeOverrides(overridesOf(before), changes);
    const { variables } = await this.#compute.describeTable({ ...this.#sourceOf(before), overrides });
    await this.#replace(caller, before, { overrides: toJson(overrides) });
    return variables;
  }

  async profile(caller: Caller, datasetId: string): Promise<DatasetProfile> {
    return this.#compute.profileTable(await this.#source(caller, datasetId));
  }

  async listRows(
    caller: Caller,
    datasetId: string,
    offset: number,
    limit: number,
  ): Promise<{ columns: string[]; rows: CellValue[][]; offset: number; total: number }> {
    return this.#compute.listRows(await this.#source(caller, datasetId), offset, limit);
  }

  /**
   * The data of the file under `key`: none without a key.
   * @throws ProblemError FILE_NOT_FOUND: the public client does not notice a failed upload, so this is where it shows.
   */
  async #findData(
    tenantId: number,
    key: string | undefined,
    fileName: string,
    readOptions: DatasetReadOptions,
    overrides: readonly VariableOverride[],
  ): Promise<DataColumns> {
    if (key === undefined) {
      return { dataHash: null, rowCount: null, columnCount: null, overrides: toJson(overrides) };
    }
    const file = await files.find(this.#store.database, { tenantId, namespace: 'breakthrough', name: key });
    if (file === undefined) {
      throw ProblemError.of('FILE_NOT_FOUND', 'There is no file under this key in namespace breakthrough.', {
        field: 'body/key',
        value: key,
      });
    }
    const source: TableSource = { hash: file.hash, fileName, readOptions, overrides: [] };
    const bare = await this.#compute.describeTable(source);
    // What was said about columns that the new file does not have says nothing any more.
    const keys = new Set(bare.variables.map((variable) => variable.key));
    const kept = overrides.filter((override) => keys.has(override.key));
    if (kept.length > 0) await this.#compute.describeTable({ ...source, overrides: kept });
    return {
      dataHash: file.hash,
      rowCount: bare.rowCount,
      columnCount: bare.variables.length,
      overrides: toJson(kept),
    };
  }

  async #source(caller: Caller, datasetId: string): Promise<TableSource> {
    return this.#sourceOf(await findDataset(this.#store.database, caller, datasetId));
  }

  #sourceOf(row: DatasetRow): TableSource {
    const source = tableSourceOf(row);
    if (source !== null) return source;
    throw ProblemError.of('DATASET_WITHOUT_DATA', 'The dataset has no data yet.');
  }

  /** Writes changed columns, unless somebody else changed the record since it was read. */
  async #replace(caller: Caller, before: DatasetRow, changes: Partial<DatasetRow>): Promise<DatasetRow> {
    return this.#store.transaction(async (transaction) => {
      const now = await datasets.find(transaction, before.tenantId, before.id);
      if (now === undefined) throw notFound('dataset', 'path/datasetId');
      if (!isDeepStrictEqual({ ...now }, { ...before })) {
        throw ProblemError.of('LOST_UPDATE', 'Somebody else changed the dataset at the same time.');
      }
      const at = toIso(this.#clock());
      const hasNewData =
        (changes.dataHash ?? null) !== null &&
        // The same file read in another way is another table.
        (changes.dataHash !== before.dataHash ||
          changes.key !== before.key ||
          changes.readOptions !== before.readOptions);
      const row = {
        ...before,
        ...changes,
        ...(hasNewData ? { dataVersion: (before.dataVersion ?? 0) + 1 } : {}),
        ...updateStamps(caller, at),
      };
      await useProjects(transaction, caller, at, undefined, fromJson<DatasetReferences>(row.references));
      await datasets.update(transaction, before.tenantId, before.id, row);
      if (hasNewData) await keepDatasetVersion(transaction, row, null);
      if (row.name !== before.name) await insightText.renew(transaction, 'datasetId', row.id);
      await recordAct(transaction, caller, at, {
        action: 'update',
        kind: 'dataset',
        record: formatId('dataset', row.id),
        before: { ...toDataset(before), variables: overridesOf(before) },
        after: { ...toDataset(row), variables: overridesOf(row) },
      });
      return row;
    });
  }
}

/** The first use of a project's id makes the project. */
async function useProjects(
  transaction: Database,
  caller: Caller,
  at: string,
  parentId: string | undefined,
  references: DatasetReferences | null | undefined,
): Promise<void> {
  if (parentId !== undefined) await useProject(transaction, caller, at, parentId, 'body/parentId');
  for (const projectId of references?.project_ids ?? []) {
    // References may name what is no project of ours; they are kept as they are.
    if (parseRecordId('project', projectId) === null) continue;
    await useProject(transaction, caller, at, projectId, 'body/References/project_ids');
  }
}

/** @throws ProblemError RECORD_NOT_FOUND. */
export const findDataset = recordFinder('dataset', datasets.find, 'path/datasetId');

/** Which table the dataset means; null while it has no data. */
export function tableSourceOf(row: DatasetRow): TableSource | null {
  if (row.dataHash === null) return null;
  return {
    hash: row.dataHash,
    fileName: row.fileName ?? row.key ?? row.name,
    readOptions: fromJson<DatasetReadOptions>(row.readOptions) ?? {},
    overrides: overridesOf(row),
  };
}

function mergeOverrides(
  present: readonly VariableOverride[],
  changes: readonly VariableOverride[],
): VariableOverride[] {
  const merged = new Map(present.map((override) => [override.key, override]));
  for (const change of changes) {
    const fields = Object.entries({ ...merged.get(change.key), ...change }).filter(
      ([, value]) => value !== null && value !== undefined,
    );
    merged.set(change.key, Object.fromEntries(fields) as VariableOverride);
  }
  return [...merged.values()].filter((override) => Object.keys(override).length > 1);
}
