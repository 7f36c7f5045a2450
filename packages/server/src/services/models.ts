import {
  BuildState,
  type Model,
  type ModelCreate,
  ModelType,
  type PatchBody,
  ProblemError,
} from '@athanor/schema';
import { z } from 'zod';
import type { BuildOrder } from '../compute/buildOrder.ts';
import type { Database } from '../store/database.ts';
import { toJsonOrNull } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { files } from '../store/repositories/files.ts';
import { dependents } from '../store/repositories/dependents.ts';
import { insightText } from '../store/repositories/insightText.ts';
import { type ModelRow, models, toModel } from '../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions } from '../store/repositories/modelSessions.ts';
import { creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes, type PatchedValues } from './applyPatch.ts';
import type { Builds } from './builds.ts';
import { outOfFoldKey } from './buildSteps/keepModelFiles.ts';
import type { Caller } from './caller.ts';
import { findDataset } from './datasets.ts';
import { type PageWindow, readPage } from './readPage.ts';
import { forgetModels } from './forgetModels.ts';
import { findSession } from './modelSessions.ts';
import { notFound } from './notFound.ts';
import { recordAct } from './recordAct.ts';
import { refuseWhileUsed } from './refuseWhileUsed.ts';
import { requireMayDelete } from './requireMayDelete.ts';
import { wishOfModel } from './wishOfModel.ts';

const freeText = { schema: z.string().max(200) };

const patchable: PatchableAttributes = {
  name: { schema: z.string().min(1).max(500), isRequired: true },
  state: { schema: BuildState },
  startTime: freeText,
  endTime: freeText,
  totalTime: freeText,
  modelBinaryKey: { schema: z.string().max(1024) },
  Metadata: { schema: z.record(z.string(), z.unknown()) },
  target: { schema: z.array(z.string().min(1).max(500)).max(100) },
  type: { schema: ModelType },
};

/**
 * Models, in a session or detached. A model posted as `Queued` by a user is built here; a record in any other
 * state, and every record a client has patched, is the client's and no build touches it.
 */
export class Models {
  readonly #store: Store;
  readonly #builds: Builds;

  constructor(store: Store, builds: Builds) {
    this.#store = store;
    this.#builds = builds;
  }

  /**
   * @param sessionId Null for a detached model.
   * @throws ProblemError of planning when it is to be built; nothing is stored then.
   */
  async create(caller: Caller, sessionId: string | null, body: ModelCreate): Promise<Model> {
    const { database } = this.#store;
    const session = sessionId === null ? null : await findSession(database, caller, sessionId);
    const dataset =
      body.datasetId === undefined
        ? session === null
          ? null
          : await findDataset(database, caller, formatId('dataset', session.datasetId), 'path/sessionId')
        : await findDataset(database, caller, body.datasetId, 'body/datasetId');

    const draft: ModelRow = {
      id: 0,
      tenantId: caller.tenantId,
      sessionId: session?.id ?? null,
      datasetId: dataset?.id ?? null,
      name: body.name,
      type: body.type ?? (session === null ? 'Detached' : 'Session'),
      state: body.state ?? null,
      target: toJsonOrNull(body.target),
      metadata: toJsonOrNull(body.Metadata),
      startTime: body.startTime ?? null,
      endTime: body.endTime ?? null,
      totalTime: body.totalTime ?? null,
      modelBinaryKey: body.modelBinaryKey ?? null,
      flag: body.flag === true ? 1 : 0,
      buildId: null,
      requestName: null,
      artifactHash: null,
      insightId: null,
      ...creationStamps(caller, this.#builds.now),
    };
    const isOurs = isToBeBuilt(draft, session);
    const wish = wishOfModel({ ...draft, target: draft.target ?? session?.target ?? null });
    const order: BuildOrder | null =
      isOurs && dataset !== null ? await this.#builds.order(dataset, wish) : null;

    const row = await this.#store.transaction(async (transaction) => {
      if (sessionId !== null) await findSession(transaction, caller, sessionId);
      const row: ModelRow = {
        ...draft,
        id: await takeNumbers(transaction, 'model'),
        // Without data it waits; the name says that it is ours to build.
        ...(isOurs ? { requestName: body.name, target: toJsonOrNull(order?.targets ?? wish.targets) } : {}),
      };
      await models.insert(transaction, [row]);
      if (order !== null) await this.#builds.startModel(transaction, row, order);
      const after = toModel(row);
      const act = { action: 'create', kind: 'model', record: after.id, before: null, after } as const;
      await recordAct(transaction, caller, this.#builds.now, act);
      return row;
    });
    // Data that came in meanwhile was not waited for yet.
    if (isOurs && order === null && dataset !== null) {
      await this.#builds.startWaiting(caller.tenantId, dataset.id);
    }
    return toModel(row);
  }

  async listOfSession(caller: Caller, sessionId: string): Promise<Model[]> {
    const { id } = await findSession(this.#store.database, caller, sessionId);
    return (await models.listOfSession(this.#store.database, caller.tenantId, id)).map(toModel);
  }

  /** Oldest first; `lastKey` is absent on the last page. */
  async listDetached(
    caller: Caller,
    startKey: string | undefined,
  ): Promise<{ Items: Model[]; lastKey?: string }> {
    const { database } = this.#store;
    const read = (window: PageWindow) => models.listDetached(database, caller.tenantId, window);
    return readPage('model', startKey, read, toModel);
  }

  /** @param place Where the model must be: a session, `detached`, or anywhere. */
  async get(caller: Caller, place: ModelPlace, modelId: string): Promise<Model> {
    return toModel(await findModel(this.#store.database, caller, place, modelId));
  }

  /**
   * JSON bytes of an OutOfFoldReply.
   * @throws ProblemError RECORD_NOT_FOUND when the model was not built here, or before these were kept.
   */
  async readOutOfFold(caller: Caller, modelId: string): Promise<Uint8Array> {
    const { database } = this.#store;
    const model = await findModel(database, caller, 'anywhere', modelId);
    const { tenantId } = caller;
    const name = outOfFoldKey(model);
    const file = await files.find(database, { tenantId, namespace: 'breakthrough', name });
    // A client that took the record over may say something else by now.
    if (file === undefined || model.artifactHash === null)
      throw notFound('out-of-fold predictions', 'path/modelId');
    return this.#builds.blobs.read(file.hash);
  }

  /** Changes attributes; from then on the client drives the record. @throws ProblemError of the patch. */
  async patch(caller: Caller, place: ModelPlace, modelId: string, patch: PatchBody): Promise<Model> {
    return this.#store.transaction(async (transaction) => {
      const row = await findModel(transaction, caller, place, modelId);
      const changes = applyPatch({ ...toModel(row) }, patch, patchable);
      if (changes.size === 0) return toModel(row);
      await models.update(transaction, caller.tenantId, row.id, {
        ...changedColumns(row, changes),
        buildId: null,
        requestName: null,
        ...updateStamps(caller, this.#builds.now),
      });
      await this.#builds.onEnded(transaction, { ...row, modelId: row.id });
      if (changes.has('name')) await this.#renameDefault(transaction, row, changes.get('name') as string);
      if (changes.has('name')) await insightText.renew(transaction, 'modelId', row.id);
      const after = toModel(await findModel(transaction, caller, place, modelId));
      const act = { action: 'update', kind: 'model', record: after.id, before: toModel(row), after } as const;
      await recordAct(transaction, caller, this.#builds.now, act);
      return after;
    });
  }

  /** A session names its default model, so a new name of that model is the session's too. */
  async #renameDefault(transaction: Database, model: ModelRow, name: string): Promise<void> {
    if (model.sessionId === null) return;
    const session = await modelSessions.find(transaction, model.tenantId, model.sessionId);
    if (session?.defaultModel !== model.name) return;
    await modelSessions.update(transaction, model.tenantId, model.sessionId, { defaultModel: name });
  }

  /** Takes the artifact and a running build of its own along. @throws ProblemError RECORD_IN_USE while insights name it. */
  async delete(caller: Caller, place: ModelPlace, modelId: string): Promise<void> {
    await this.#store.transaction(async (transaction) => {
      const row = await findModel(transaction, caller, place, modelId);
      requireMayDelete(caller, row);
      refuseWhileUsed('model', await dependents.ofModel(transaction, caller.tenantId, row.id));
      await forgetModels(this.#builds, transaction, [row]);
      await this.#builds.onEnded(transaction, { ...row, modelId: row.id });
      const before = toModel(row);
      const act = { action: 'delete', kind: 'model', record: before.id, before, after: null } as const;
      await recordAct(transaction, caller, this.#builds.now, act);
    });
  }
}

export type ModelPlace = { readonly sessionId: string } | 'detached' | 'anywhere';

/** @throws ProblemError RECORD_NOT_FOUND, the same for unknown, malformed, foreign and misplaced ids. */
export async function findModel(
  database: Database,
  caller: Caller,
  place: ModelPlace,
  modelId: string,
): Promise<ModelRow> {
  const session = typeof place === 'object' ? await findSession(database, caller, place.sessionId) : null;
  const id = parseRecordId('model', modelId);
  const row = id === null ? undefined : await models.find(database, caller.tenantId, id);
  if (row === undefined || (place !== 'anywhere' && row.sessionId !== (session?.id ?? null))) {
    throw notFound('model', 'path/modelId');
  }
  return row;
}

/** Queued by a user, in a place where users post their own models. */
function isToBeBuilt(model: ModelRow, session: ModelSessionRow | null): boolean {
  if (model.state !== 'Queued') return false;
  if (session !== null) return session.category === 'userModel';
  return model.datasetId !== null && model.target !== null;
}

function changedColumns(row: ModelRow, changes: PatchedValues): Partial<ModelRow> {
  const text = (attribute: string): string | null => (changes.get(attribute) as string | undefined) ?? null;
  const columns: Partial<ModelRow> = {};
  for (const attribute of changes.keys()) {
    switch (attribute) {
      case 'name':
        columns.name = text('name')!;
        break;
      case 'state':
      case 'startTime':
      case 'endTime':
      case 'totalTime':
        columns[attribute] = text(attribute);
        break;
      case 'modelBinaryKey':
        columns.modelBinaryKey = text(attribute);
        // Another artifact than ours: we cannot run it.
        columns.artifactHash = null;
        break;
      case 'Metadata':
        columns.metadata = toJsonOrNull(changes.get(attribute));
        break;
      case 'target':
        columns.target = toJsonOrNull(changes.get(attribute));
        break;
      case 'type':
        columns.type = text('type') ?? (row.sessionId === null ? 'Detached' : 'Session');
        break;
      default:
        throw new TypeError(`no column holds ${attribute}`);
    }
  }
  return columns;
}

/** @throws ProblemError MODEL_NOT_READY, MODEL_NOT_PREDICTABLE. @returns hash of the artifact */
export function requireArtifact(model: Pick<ModelRow, 'artifactHash' | 'state'>): string {
  // While a model is being rebuilt its former artifact still answers.
  if (model.artifactHash !== null && model.state !== 'Error') return model.artifactHash;
  if (model.artifactHash === null && (model.state === 'Complete' || model.state === null)) {
    throw ProblemError.of(
      'MODEL_NOT_PREDICTABLE',
      'This model was built elsewhere and Athanor cannot run it.',
    );
  }
  throw ProblemError.of('MODEL_NOT_READY', `The model cannot predict; its state is ${model.state}.`);
}
