import {
  type AggregationLevel,
  type PatchBody,
  ProblemError,
  type SmartDataset,
  type SmartDatasetCreate,
  SmartDatasetScope,
  SmartDatasetState,
} from '@athanor/schema';
import { z } from 'zod';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { Queue } from '../jobs/queue.ts';
import type { BlobStore } from '../store/blobs/blobStore.ts';
import type { Database } from '../store/database.ts';
import { toJson, toJsonOrNull } from '../store/json.ts';
import { parseRecordId } from '../store/recordId.ts';
import { dependents } from '../store/repositories/dependents.ts';
import { files } from '../store/repositories/files.ts';
import { type SmartDatasetRow, smartDatasets, toSmartDataset } from '../store/repositories/smartDatasets.ts';
import { targets } from '../store/repositories/targets.ts';
import { creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes } from './applyPatch.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { type PageWindow, readPage } from './readPage.ts';
import { findSmartDataset } from './findSmartDataset.ts';
import { collectAfterCommit } from './keepBlobs.ts';
import { matrixKey } from './matrixKey.ts';
import { notFound } from './notFound.ts';
import { useProject } from './projects.ts';
import { recordAct } from './recordAct.ts';
import { refuseWhileUsed } from './refuseWhileUsed.ts';
import { requireMayDelete } from './requireMayDelete.ts';

const buildPriority = 10;

const patchable: PatchableAttributes = {
  scope: { schema: SmartDatasetScope, isRequired: true },
  buildState: { schema: SmartDatasetState },
  storageKey: { schema: z.string().max(1024) },
  schema: { schema: z.record(z.string(), z.unknown()) },
};

/** Smart datasets: the experiments of several projects as one matrix, built here or by an outside worker. */
export class SmartDatasets {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #queue: Queue;
  readonly #compute: ComputeThread;
  readonly #clock: Clock;
  /** Stops the processes that work for a group; the runner sets it. */
  stopJobs: (group: string) => void = () => {};

  constructor(store: Store, blobs: BlobStore, queue: Queue, compute: ComputeThread, clock: Clock) {
    this.#store = store;
    this.#blobs = blobs;
    this.#queue = queue;
    this.#compute = compute;
    this.#clock = clock;
  }

  /** @throws ProblemError RECORD_NOT_FOUND for targets of the scope that do not exist. */
  async create(caller: Caller, body: SmartDatasetCreate, isBuilt: boolean): Promise<SmartDataset> {
    const at = toIso(this.#clock());
    const { scope, parentId } = body;
    return this.#store.transaction(async (transaction) => {
      await requireTargets(transaction, caller, scope, 'body/scope/targetIds');
      const row: SmartDatasetRow = {
        id: await takeNumbers(transaction, 'smartDataset'),
        tenantId: caller.tenantId,
        parentId:
          parentId === undefined
            ? null
            : await useProject(transaction, caller, at, parentId, 'body/parentId'),
        buildState: isBuilt ? 'building' : null,
        scope: toJson(scope),
        schema: null,
        storageKey: null,
        matrixHash: null,
        failure: null,
        isOurs: 1,
        ...creationStamps(caller, at),
      };
      await smartDatasets.insert(transaction, row);
      if (isBuilt) await this.#enqueue(transaction, row);
      const after = toSmartDataset(row);
      const act = { action: 'create', kind: 'smartDataset', record: after.id, before: null, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** Oldest first; `lastKey` is absent on the last page. */
  async list(
    caller: Caller,
    startKey: string | undefined,
  ): Promise<{ Items: SmartDataset[]; lastKey?: string }> {
    const { database } = this.#store;
    const read = (window: PageWindow) => smartDatasets.list(database, caller.tenantId, window);
    return readPage('smartDataset', startKey, read, toSmartDataset);
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, smartDatasetId: string): Promise<SmartDataset> {
    const field = 'path/smartDatasetId';
    return toSmartDataset(await findSmartDataset(this.#store.database, caller, smartDatasetId, field));
  }

  /**
   * A new scope, or the state `building`, builds the matrix anew. A client that says anything else of state, schema
   * or storage key has built the matrix itself, and drives the record from then on.
   * @throws ProblemError of the patch; nothing is changed then.
   */
  async patch(caller: Caller, smartDatasetId: string, patch: PatchBody): Promise<SmartDataset> {
    const at = toIso(this.#clock());
    return this.#store.transaction(async (transaction) => {
      const row = await findSmartDataset(transaction, caller, smartDatasetId);
      const before = toSmartDataset(row);
      const changes = applyPatch(before, patch, patchable);
      if (changes.size === 0) return before;
      if (changes.has('scope')) {
        const scope = changes.get('scope') as SmartDatasetScope;
        await requireTargets(transaction, caller, scope, 'body/data');
      }
      const says = (attribute: string) => changes.has(attribute);
      const isByClient =
        says('storageKey') ||
        says('schema') ||
        (says('buildState') && changes.get('buildState') !== 'building');
      const text = (attribute: string, present: string | null): string | null =>
        says(attribute) ? ((changes.get(attribute) as string | undefined) ?? null) : present;
      const fresh: SmartDatasetRow = {
        ...row,
        scope: says('scope') ? toJson(changes.get('scope')) : row.scope,
        buildState: isByClient ? text('buildState', row.buildState) : 'building',
        storageKey: text('storageKey', row.storageKey),
        schema: says('schema') ? toJsonOrNull(changes.get('schema')) : row.schema,
        failure: null,
        isOurs: isByClient ? 0 : 1,
        ...updateStamps(caller, at),
      };
      await this.#stop(transaction, row);
      if (isByClient) fresh.matrixHash = await this.#forgetMatrix(transaction, row);
      await smartDatasets.update(transaction, caller.tenantId, row.id, fresh);
      if (!isByClient) await this.#enqueue(transaction, fresh);
      const after = toSmartDataset(fresh);
      const act = { action: 'update', kind: 'smartDataset', record: after.id, before, after } as const;
      await recordAct(transaction, caller, at, act);
      return after;
    });
  }

  /** Takes the matrix along, bytes included. @throws ProblemError RECORD_IN_USE while a design run works on it. */
  async delete(caller: Caller, smartDatasetId: string): Promise<void> {
    const at = toIso(this.#clock());
    await this.#store.transaction(async (transaction) => {
      const row = await findSmartDataset(transaction, caller, smartDatasetId);
      requireMayDelete(caller, row);
      refuseWhileUsed('smart dataset', await dependents.ofSmartDataset(transaction, caller.tenantId, row.id));
      await this.#stop(transaction, row);
      await smartDatasets.delete(transaction, caller.tenantId, row.id);
      await this.#forgetMatrix(transaction, row);
      const before = toSmartDataset(row);
      const act = { action: 'delete', kind: 'smartDataset', record: before.id, before, after: null } as const;
      await recordAct(transaction, caller, at, act);
    });
  }

  /**
   * The matrix at a level.
   * @returns JSON bytes of SmartDatasetData
   * @throws ProblemError SMART_DATASET_NOT_READY.
   */
  async data(
    caller: Caller,
    smartDatasetId: string,
    level: AggregationLevel,
    ids: readonly string[],
    variables: readonly string[],
  ): Promise<Uint8Array> {
    const row = await findSmartDataset(this.#store.database, caller, smartDatasetId);
    // While it is built anew the former matrix is on its way out; nobody should compute with it.
    if (row.buildState !== 'ready' || row.matrixHash === null) {
      const state = row.buildState ?? 'not built';
      const reason = row.buildState === 'ready' ? 'was built elsewhere, where its data are' : `is ${state}`;
      throw ProblemError.of('SMART_DATASET_NOT_READY', `The smart dataset ${reason}.`);
    }
    return this.#compute.aggregateMatrix(row.matrixHash, level, ids, variables);
  }

  async #enqueue(transaction: Database, row: SmartDatasetRow): Promise<void> {
    await this.#queue.enqueue(transaction, [
      {
        kind: 'buildSmartDataset',
        tenantId: row.tenantId,
        group: groupOfSmartDataset(row.id),
        payload: { smartDatasetId: row.id },
        priority: buildPriority,
      },
    ]);
  }

  async #stop(transaction: Database, { id }: SmartDatasetRow): Promise<void> {
    await this.#queue.cancelGroup(transaction, groupOfSmartDataset(id));
    this.#store.afterCommit(transaction, () => this.stopJobs(groupOfSmartDataset(id)));
  }

  async #forgetMatrix(transaction: Database, row: SmartDatasetRow): Promise<null> {
    const hashes = await files.delete(transaction, {
      tenantId: row.tenantId,
      namespace: 'breakthrough',
      name: matrixKey(row.id),
    });
    collectAfterCommit(this.#store, this.#blobs, transaction, hashes);
    return null;
  }
}

/** Jobs of one smart dataset are cancelled together. */
export function groupOfSmartDataset(id: number): string {
  return `smartDataset:${id}`;
}

async function requireTargets(
  transaction: Database,
  caller: Caller,
  scope: SmartDatasetScope,
  field: string,
): Promise<void> {
  const numbers = scope.targetIds.map((id) => parseRecordId('target', id)!);
  const found = await targets.findMany(transaction, caller.tenantId, numbers);
  if (found.length < new Set(numbers).size) throw notFound('target', field);
}
