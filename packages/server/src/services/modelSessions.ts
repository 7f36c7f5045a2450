import {
  BuildLog,
  type AuditAction,
  type BuildOptions,
  type BuildState,
  type ModelSession,
  type ModelSessionCreate,
  type PatchBody,
  type Preflight,
  type PreflightRequest,
  ProblemError,
  SessionRegistry,
} from '@athanor/schema';
import { z } from 'zod';
import type { BuildWish } from '../compute/buildOrder.ts';
import type { Database } from '../store/database.ts';
import { fromJson, toJson, toJsonOrNull } from '../store/json.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { builds } from '../store/repositories/builds.ts';
import type { DatasetRow } from '../store/repositories/datasets.ts';
import { datasetVersions } from '../store/repositories/datasetVersions.ts';
import { dependents } from '../store/repositories/dependents.ts';
import { insights } from '../store/repositories/insights.ts';
import { insightText } from '../store/repositories/insightText.ts';
import { models } from '../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions, toModelSession } from '../store/repositories/modelSessions.ts';
import { creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes } from './applyPatch.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import { findDataset } from './datasets.ts';
import type { Insights } from './insights.ts';
import { type PageWindow, readPage } from './readPage.ts';
import { forgetModels } from './forgetModels.ts';
import { notFound } from './notFound.ts';
import { recordFinder } from './recordFinder.ts';
import { optionsOf, ownDetails } from './optionsOf.ts';
import { orderOfLog } from './buildLogOf.ts';
import { recordAct } from './recordAct.ts';
import { refuseWhileUsed } from './refuseWhileUsed.ts';
import { requireMayDelete } from './requireMayDelete.ts';
import { startFollowingSession } from './startFollowingSession.ts';

const patchable: PatchableAttributes = {
  defaultModel: { schema: z.string().min(1).max(200), isRequired: true },
  name: { schema: z.string().min(1).max(500), isRequired: true },
  flag: { schema: z.boolean() },
  Registry: { schema: SessionRegistry },
};

/** Model sessions: the models of one table, built and judged together. */
export class ModelSessions {
  readonly #store: Store;
  readonly #builds: Builds;
  readonly #insights: Pick<Insights, 'cancelWithin'>;

  constructor(store: Store, builds: Builds, insights: Pick<Insights, 'cancelWithin'>) {
    this.#store = store;
    this.#builds = builds;
    this.#insights = insights;
  }

  /**
   * Creates a session. An automatic one is built at once, or as soon as its dataset has data; what cannot be built
   * is refused now.
   * @throws ProblemError of planning; nothing is stored then.
   */
  async create(caller: Caller, body: ModelSessionCreate): Promise<ModelSession> {
    const dataset = await findDataset(this.#store.database, caller, body.datasetId, 'body/datasetId');
    const options = optionsOf(body);
    const isAutomatic = body.category === 'albertModel';
    const targets = body.target ?? null;
    const order = isAutomatic ? await this.#builds.order(dataset, { targets, model: null, options }) : null;

    const id = await this.#store.transaction(async (transaction) => {
      // The dataset may have been deleted while the table was looked at.
      await findDataset(transaction, caller, body.datasetId, 'body/datasetId');
      const id = await takeNumbers(transaction, 'modelSession');
      const row: ModelSessionRow = {
        id,
        tenantId: caller.tenantId,
        name: body.name,
        category: body.category,
        datasetId: dataset.id,
        state: 'Queued',
        target: toJsonOrNull(order?.targets ?? targets),
        buildOptions: toJson(options),
        defaultModel: body.defaultModel ?? null,
        totalTime: body.totalTime ?? null,
        modelCount: body.modelCount ?? null,
        registry: toJsonOrNull(body.Registry),
        registryByClient: 0,
        details: toJsonOrNull(ownDetails(body.albertModelDetails)),
        flag: body.flag === true ? 1 : 0,
        parentSessionId: null,
        insightId: null,
        ...creationStamps(caller, this.#builds.now),
      };
      await modelSessions.insert(transaction, row);
      if (order !== null) await this.#builds.startPortfolio(transaction, caller, row, order);
      await this.#recordAct(transaction, caller, 'create', id, null);
      return id;
    });
    // Data that came in meanwhile was not waited for yet.
    if (isAutomatic && order === null) await this.#builds.startWaiting(caller.tenantId, dataset.id);
    return this.#read(this.#store.database, caller, id);
  }

  /** Newest first; `lastKey` is absent on the last page. */
  async list(
    caller: Caller,
    filter: { startKey?: string | undefined; datasetId?: string | undefined },
  ): Promise<{ Items: ModelSession[]; lastKey?: string }> {
    const { startKey, datasetId } = filter;
    const { database } = this.#store;
    // An id that cannot be one has no sessions.
    const of = datasetId === undefined ? {} : { datasetId: parseRecordId('dataset', datasetId) ?? 0 };
    const read = (window: PageWindow) => modelSessions.list(database, caller.tenantId, { ...window, ...of });
    const { Items: rows, ...next } = await readPage('modelSession', startKey, read, (row) => row);
    const ids = rows.map((row) => row.id);
    const summaries = await models.summarize(database, caller.tenantId, ids);
    return { Items: rows.map((row) => toModelSession(row, summaries.get(row.id)!)), ...next };
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, sessionId: string): Promise<ModelSession> {
    const { id } = await findSession(this.#store.database, caller, sessionId);
    return this.#read(this.#store.database, caller, id);
  }

  /** @throws ProblemError of the patch; nothing is changed then. */
  async patch(caller: Caller, sessionId: string, patch: PatchBody): Promise<ModelSession> {
    return this.#store.transaction(async (transaction) => {
      const row = await findSession(transaction, caller, sessionId);
      const record = await this.#read(transaction, caller, row.id);
      const changes = applyPatch({ ...record }, patch, patchable);
      if (changes.size === 0) return record;
      if (changes.has('defaultModel')) {
        await requireModel(transaction, row, changes.get('defaultModel') as string);
      }
      await modelSessions.update(transaction, caller.tenantId, row.id, {
        ...(changes.has('name') ? { name: changes.get('name') as string } : {}),
        ...(changes.has('defaultModel') ? { defaultModel: changes.get('defaultModel') as string } : {}),
        ...(changes.has('flag') ? { flag: changes.get('flag') === true ? 1 : 0 } : {}),
        // From now on the registry is the client's, and a running build leaves it alone.
        ...(changes.has('Registry')
          ? { registry: toJsonOrNull(changes.get('Registry')), registryByClient: 1 }
          : {}),
        ...updateStamps(caller, this.#builds.now),
      });
      if (changes.has('name')) await insightText.renew(transaction, 'modelSessionId', row.id);
      return this.#recordAct(transaction, caller, 'update', row.id, record);
    });
  }

  /** Takes models, artifacts and running builds along. @throws ProblemError RECORD_IN_USE while insights name it. */
  async delete(caller: Caller, sessionId: string): Promise<void> {
    await this.#store.transaction(async (transaction) => {
      const row = await findSession(transaction, caller, sessionId);
      const { id } = row;
      requireMayDelete(caller, row);
      refuseWhileUsed('session', await dependents.ofModelSession(transaction, caller.tenantId, id));
      const before = await this.#read(transaction, caller, id);
      for (const build of await builds.listActive(transaction, caller.tenantId, id)) {
        await this.#builds.cancel(transaction, build, 'The session was deleted');
      }
      await forgetModels(
        this.#builds,
        transaction,
        await models.listOfSession(transaction, caller.tenantId, id),
      );
      await modelSessions.delete(transaction, caller.tenantId, id);
      const act = { action: 'delete', kind: 'modelSession', record: before.id, before, after: null } as const;
      await recordAct(transaction, caller, this.#builds.now, act);
    });
  }

  /**
   * What a build would use, do and cost.
   * @throws ProblemError DATASET_WITHOUT_DATA, or of planning.
   */
  async preflight(caller: Caller, body: PreflightRequest): Promise<Preflight> {
    const dataset = await findDataset(this.#store.database, caller, body.datasetId, 'body/datasetId');
    const wish = { targets: body.target ?? null, model: null, options: body.buildOptions ?? {} };
    return hasData(await this.#builds.preflight(dataset, wish));
  }

  /**
   * What building an automatic session again would use, do and cost.
   * @throws ProblemError SESSION_NOT_BUILDABLE, DATASET_WITHOUT_DATA, or of planning.
   */
  async preflightAgain(
    caller: Caller,
    sessionId: string,
    wanted: BuildOptions | undefined,
  ): Promise<Preflight> {
    const { dataset, wish } = await this.#wishAgain(caller, sessionId, wanted);
    return hasData(await this.#builds.preflight(dataset, wish));
  }

  /**
   * Builds an automatic session again, with other options where they are given.
   * @throws ProblemError SESSION_NOT_BUILDABLE, BUILD_IN_PROGRESS, DATASET_WITHOUT_DATA, or of planning.
   */
  async build(caller: Caller, sessionId: string, wanted: BuildOptions | undefined): Promise<ModelSession> {
    const { session, dataset, wish } = await this.#wishAgain(caller, sessionId, wanted);
    await refuseWhileBuilding(this.#store.database, caller, session.id);
    const order = hasData(await this.#builds.order(dataset, wish));

    return this.#store.transaction(async (transaction) => {
      const now = await findSession(transaction, caller, sessionId);
      await refuseWhileBuilding(transaction, caller, session.id);
      await this.#builds.startPortfolio(transaction, caller, now, order);
      await modelSessions.update(transaction, caller.tenantId, session.id, {
        buildOptions: toJson(wish.options),
        registryByClient: 0,
      });
      return this.#recordAct(transaction, caller, 'build', session.id, null);
    });
  }

  /**
   * Builds a new session from the log in the registry of one that is built.
   * @throws ProblemError SESSION_NOT_REPEATABLE, DATASET_CHANGED
   */
  async repeat(caller: Caller, sessionId: string): Promise<ModelSession> {
    const { database } = this.#store;
    const session = await findSession(database, caller, sessionId);
    const log = BuildLog.safeParse(fromJson<SessionRegistry>(session.registry)?.BuildLogs);
    if (!log.success || log.data.artifacts.length === 0) {
      throw ProblemError.of('SESSION_NOT_REPEATABLE', 'There is no log of a finished build in its registry.');
    }
    const dataset = await findDataset(
      database,
      caller,
      formatId('dataset', session.datasetId),
      'path/sessionId',
    );
    if (!(await datasetVersions.has(database, dataset.id, log.data.dataHash))) {
      throw ProblemError.of(
        'DATASET_CHANGED',
        `The data was ${log.data.dataHash}, and the dataset never had that.`,
      );
    }
    const order = orderOfLog(log.data, formatId('modelSession', session.id));
    const build = { kind: 'portfolio', order } as const;
    return this.#store.transaction(async (transaction) => {
      const parent = await findSession(transaction, caller, sessionId);
      const name = `${session.name} (repeated)`.slice(-maxNameLength);
      return startFollowingSession(this.#builds, transaction, caller, parent, build, name);
    });
  }

  /** What a session says of its build, with some options put in place of its own. */
  async #wishAgain(
    caller: Caller,
    sessionId: string,
    wanted: BuildOptions | undefined,
  ): Promise<{ session: ModelSessionRow; dataset: DatasetRow; wish: BuildWish }> {
    const { database } = this.#store;
    const session = await findSession(database, caller, sessionId);
    if (session.category !== 'albertModel') {
      throw ProblemError.of('SESSION_NOT_BUILDABLE', 'The models of this session are its user’s own.');
    }
    const id = formatId('dataset', session.datasetId);
    return {
      session,
      dataset: await findDataset(database, caller, id, 'path/sessionId'),
      wish: {
        targets: fromJson<string[]>(session.target),
        model: null,
        options: { ...fromJson<BuildOptions>(session.buildOptions), ...wanted },
      },
    };
  }

  /** Stops all builds of a session; models already complete stay. @throws ProblemError BUILD_NOT_RUNNING. */
  async cancel(caller: Caller, sessionId: string): Promise<ModelSession> {
    return this.#store.transaction(async (transaction) => {
      const { id, state, insightId } = await findSession(transaction, caller, sessionId);
      const active = await builds.listActive(transaction, caller.tenantId, id);
      const isGenerating = state === ('Generating Candidates' satisfies BuildState) && insightId !== null;
      const insight = isGenerating ? await insights.find(transaction, caller.tenantId, insightId) : undefined;
      if (insight !== undefined) await this.#insights.cancelWithin(transaction, caller, insight);
      else if (active.length === 0)
        throw ProblemError.of('BUILD_NOT_RUNNING', 'There is no build to cancel.');
      for (const build of active) {
        await this.#builds.cancel(transaction, build, `Cancelled by ${caller.userName}`);
      }
      return this.#recordAct(transaction, caller, 'cancel', id, null);
    });
  }

  /** Writes what was done to a session into the audit. @returns the session as it is now */
  async #recordAct(
    transaction: Database,
    caller: Caller,
    action: AuditAction,
    id: number,
    before: ModelSession | null,
  ): Promise<ModelSession> {
    const after = await this.#read(transaction, caller, id);
    const act = { action, kind: 'modelSession', record: after.id, before, after };
    await recordAct(transaction, caller, this.#builds.now, act);
    return after;
  }

  async #read(database: Database, caller: Caller, id: number): Promise<ModelSession> {
    const row = await modelSessions.find(database, caller.tenantId, id);
    if (row === undefined) throw notFound('model session', 'path/sessionId');
    return toModelSession(row, (await models.summarize(database, caller.tenantId, [id])).get(id)!);
  }
}

/** @throws ProblemError RECORD_NOT_FOUND. */
export const findSession = recordFinder('modelSession', modelSessions.find, 'path/sessionId');

function hasData<T>(answer: T | null): T {
  if (answer === null) throw ProblemError.of('DATASET_WITHOUT_DATA', 'The dataset has no data yet.');
  return answer;
}

/** @throws ProblemError RECORD_NOT_FOUND or MODEL_NOT_READY unless a model of this name can answer. */
async function requireModel(database: Database, session: ModelSessionRow, name: string): Promise<void> {
  const all = await models.listOfSession(database, session.tenantId, session.id);
  const named = all.find((model) => model.name === name);
  if (named !== undefined && named.state === 'Complete') return;
  throw ProblemError.of(
    named === undefined ? 'RECORD_NOT_FOUND' : 'MODEL_NOT_READY',
    named === undefined
      ? 'The session has no model of this name to make its default.'
      : 'Only a model that is Complete can be the default.',
    { field: 'body/data', value: name },
  );
}

async function refuseWhileBuilding(database: Database, caller: Caller, id: number): Promise<void> {
  if ((await builds.listActive(database, caller.tenantId, id)).length > 0) {
    throw ProblemError.of('BUILD_IN_PROGRESS', 'The session is being built.');
  }
}

/** Of a session's name, as its schema has it. */
const maxNameLength = 500;
