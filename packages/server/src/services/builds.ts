import {
  type BuildLog,
  type BuildLogLine,
  type BuildOptions,
  type BuildState,
  type ErrorCode,
  type Preflight,
  ProblemError,
} from '@athanor/schema';
import { type BuildOrder, type BuildWish, refusedOrder } from '../compute/buildOrder.ts';
import type { ComputeThread } from '../compute/computeThread.ts';
import type { JobFailure, Queue } from '../jobs/queue.ts';
import type { Log } from '../observe/log.ts';
import type { BlobStore } from '../store/blobs/blobStore.ts';
import type { Database } from '../store/database.ts';
import { fromJson, toJson } from '../store/json.ts';
import { type BuildRow, builds } from '../store/repositories/builds.ts';
import { type DatasetRow, datasets } from '../store/repositories/datasets.ts';
import { type ModelRow, models } from '../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions } from '../store/repositories/modelSessions.ts';
import { type Author, creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { type Clock, toIso } from './clock.ts';
import { tableSourceOf } from './datasets.ts';
import { removeUnreferenced } from './keepBlobs.ts';
import { modelEnding, secondsBetween, stateOfModels, withResults } from './modelEnding.ts';
import { formatSeconds } from './formatSeconds.ts';
import { hasProvisionalDefault } from './hasProvisionalDefault.ts';
import type { ProgressBoard } from './progressBoard.ts';
import { buildLogOf } from './buildLogOf.ts';
import { groupOf } from './groupOf.ts';
import { wishOfModel } from './wishOfModel.ts';

/** How a build ends without models. */
export type BadEnding = JobFailure & { readonly status: 'failed' | 'cancelled' };

/** What a build is of: a session, or one model in it or detached. */
export type BuiltRecord = Pick<BuildRow, 'tenantId' | 'sessionId' | 'modelId'>;

/** Plans go before fits, so that a new session shows soon what it will do; ends go before everything. */
const planPriority = 10;

/** Runs of the builder: starting them, ending them, and what they tell meanwhile. The steps are in buildSteps/. */
export class Builds {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly queue: Queue;
  readonly board: ProgressBoard;
  readonly compute: ComputeThread;
  readonly clock: Clock;
  readonly #log: Log;
  /** Fits that run at once. */
  readonly #processors: number;
  /** Stops the processes that work for a group; the runner sets it. */
  stopJobs: (group: string) => void = () => {};
  /** Called when a build has ended, or will never begin, in the transaction that says so. */
  onEnded: (transaction: Database, of: BuiltRecord) => Promise<void> = async () => {};

  constructor(
    store: Store,
    blobs: BlobStore,
    queue: Queue,
    compute: ComputeThread,
    board: ProgressBoard,
    clock: Clock,
    log: Log,
    processors: number,
  ) {
    this.store = store;
    this.blobs = blobs;
    this.queue = queue;
    this.board = board;
    this.clock = clock;
    this.compute = compute;
    this.#log = log;
    this.#processors = processors;
  }

  get now(): string {
    return toIso(this.clock());
  }

  /**
   * Checks that what is wished can be built, and says in full what that is.
   * @returns null while the dataset has no data
   * @throws ProblemError TARGET_UNKNOWN, ROWS_TOO_FEW, …: everything that planning refuses.
   */
  async order(dataset: DatasetRow, wish: BuildWish): Promise<BuildOrder | null> {
    const source = tableSourceOf(dataset);
    return source === null ? null : this.compute.orderBuild(source, wish);
  }

  /** What it would use, do and cost. @returns null while the dataset has no data @throws ProblemError of planning. */
  async preflight(dataset: DatasetRow, wish: BuildWish): Promise<Preflight | null> {
    const source = tableSourceOf(dataset);
    return source === null ? null : this.compute.preflight(source, wish, this.#processors);
  }

  /** Starts a build: its record, its first job, its first line. The models that it makes get its number. */
  async start(
    transaction: Database,
    of: Pick<BuildRow, 'tenantId' | 'sessionId' | 'modelId' | 'datasetId'>,
    order: BuildOrder,
  ): Promise<BuildRow> {
    const row: BuildRow = {
      id: await takeNumbers(transaction, 'build'),
      ...of,
      status: 'queued',
      request: toJson(order),
      dataHash: order.source.hash,
      tableHash: null,
      planHash: null,
      summary: null,
      createdAt: this.now,
      startedAt: null,
      endedAt: null,
    };
    await builds.insert(transaction, row);
    await this.queue.enqueue(transaction, [
      {
        kind: 'planBuild',
        tenantId: row.tenantId,
        group: groupOf(row.id),
        payload: { buildId: row.id },
        priority: planPriority,
      },
    ]);
    await this.say(
      transaction,
      row,
      'state',
      `Queued: ${order.models.map((model) => model.name).join(', ')}`,
    );
    return row;
  }

  /**
   * Starts the automatic portfolio of a session. Records of its former build are used again, so that ids stay.
   */
  async startPortfolio(
    transaction: Database,
    author: Author,
    session: ModelSessionRow,
    order: BuildOrder,
  ): Promise<BuildRow> {
    const { tenantId, id: sessionId, datasetId } = session;
    const build = await this.start(transaction, { tenantId, sessionId, modelId: null, datasetId }, order);
    const present = await models.listOfSession(transaction, tenantId, sessionId);
    const created: ModelRow[] = [];
    for (const { name } of order.models) {
      const old = present.find((model) => model.requestName === name);
      const fresh = {
        state: 'Queued' satisfies BuildState,
        target: toJson(order.targets),
        startTime: null,
        endTime: null,
        totalTime: null,
        buildId: build.id,
        requestName: name,
      };
      if (old === undefined) {
        created.push({
          id: await takeNumbers(transaction, 'model'),
          tenantId,
          sessionId,
          datasetId,
          name,
          type: 'Session',
          metadata: null,
          modelBinaryKey: null,
          flag: 0,
          artifactHash: null,
          insightId: null,
          ...fresh,
          ...creationStamps(author, this.now),
        });
      } else {
        await models.update(transaction, tenantId, old.id, { ...fresh, ...updateStamps(author, this.now) });
      }
    }
    await models.insert(transaction, created);
    await modelSessions.update(transaction, tenantId, sessionId, {
      state: 'Queued',
      target: toJson(order.targets),
      totalTime: null,
      insightId: null,
      ...updateStamps(author, this.now),
    });
    return build;
  }

  /** After a restart: data may have come in just before the end of the last process. */
  async startAllWaiting(): Promise<void> {
    for (const { tenantId, id } of await datasets.listAwaited(this.store.database)) {
      await this.startWaiting(tenantId, id);
    }
  }

  /** A dataset has got data: what waited for it is started, or ends with the reason why it cannot be. */
  async startWaiting(tenantId: number, datasetId: number): Promise<void> {
    const { database } = this.store;
    const dataset = await datasets.find(database, tenantId, datasetId);
    if (dataset === undefined || dataset.dataHash === null) return;
    for (const session of await modelSessions.listWaitingForData(database, tenantId, datasetId)) {
      const wish: BuildWish = {
        targets: fromJson<string[]>(session.target),
        model: null,
        options: fromJson<BuildOptions>(session.buildOptions),
      };
      await this.#startOrRefuse(dataset, wish, async (transaction, order) => {
        const [still] = await modelSessions.listWaitingForData(transaction, tenantId, datasetId, session.id);
        if (still === undefined) return null;
        const author = { userId: still.updatedBy, userName: still.updatedByName };
        return this.startPortfolio(transaction, author, still, order);
      });
    }
    for (const model of await models.listWaitingForData(database, tenantId, datasetId)) {
      await this.#startOrRefuse(dataset, wishOfModel(model), async (transaction, order) => {
        const still = await models.find(transaction, tenantId, model.id);
        if (still === undefined || still.requestName === null || still.buildId !== null) return null;
        return this.startModel(transaction, still, order);
      });
    }
  }

  /** Starts the build of one model that a user posted. */
  async startModel(transaction: Database, model: ModelRow, order: BuildOrder): Promise<BuildRow> {
    const { tenantId, sessionId, id: modelId, datasetId } = model;
    if (datasetId === null) throw new TypeError(`model ${modelId} has no dataset to be built from`);
    const build = await this.start(transaction, { tenantId, sessionId, modelId, datasetId }, order);
    await models.update(transaction, tenantId, modelId, {
      buildId: build.id,
      requestName: order.models[0]!.name,
      target: toJson(order.targets),
    });
    return build;
  }

  /** Cancels a running build: nothing of it runs any more shortly after the commit. */
  async cancel(transaction: Database, build: BuildRow, message: string): Promise<void> {
    await this.endBadly(transaction, build, { status: 'cancelled', code: 'CANCELLED', message });
    this.store.afterCommit(transaction, () => this.stopJobs(groupOf(build.id)));
  }

  /** Ends a build that gave nothing: its models and its session end as `Error`, and the log says why. */
  async endBadly(transaction: Database, build: BuildRow, ending: BadEnding): Promise<void> {
    await this.queue.cancelGroup(transaction, groupOf(build.id));
    await this.say(transaction, build, 'state', ending.message, ending.code);
    await builds.update(transaction, build.id, { status: ending.status, endedAt: this.now });
    const log = await buildLogOf(transaction, build);
    for (const model of await models.listOfBuild(transaction, build.id)) {
      if (model.state === 'Complete') continue;
      await models.update(transaction, model.tenantId, model.id, {
        state: 'Error' satisfies BuildState,
        ...modelEnding(model, build, this.clock()),
        ...(build.modelId === null ? {} : { metadata: withResults(model, { BuildLogs: log }) }),
      });
    }
    // A model that answered for the time being answers no more.
    const settled = (await hasProvisionalDefault(transaction, build)) ? null : undefined;
    await this.settleSession(transaction, build, { BuildLogs: log }, settled);
    await this.dropIntermediates(transaction, build);
  }

  /**
   * Brings the session of an ended build up to date. The registry of an automatic session is written unless a
   * client wrote its own.
   */
  async settleSession(
    transaction: Database,
    build: BuildRow,
    registry: { readonly BuildLogs: BuildLog; readonly Metrics?: object },
    defaultModel?: string | null,
    isGenerating = false,
  ): Promise<void> {
    this.store.afterCommit(transaction, () => this.board.takeDown(build.id));
    await this.onEnded(transaction, build);
    const { tenantId, sessionId } = build;
    if (sessionId === null) return;
    const session = await modelSessions.find(transaction, tenantId, sessionId);
    if (session === undefined) return;
    const all = await models.listOfSession(transaction, tenantId, sessionId);
    const isAutomatic = session.category === 'albertModel';
    const ours = isAutomatic ? all.filter((model) => model.buildId === build.id) : all;
    const state = isGenerating ? 'Generating Candidates' : stateOfModels(ours);
    const seconds = secondsBetween(build.startedAt ?? build.createdAt, this.clock());
    await modelSessions.update(transaction, tenantId, sessionId, {
      state,
      ...(isAutomatic
        ? {
            totalTime: formatSeconds(seconds),
            modelCount: ours.filter((model) => model.state === 'Complete').length,
            ...(defaultModel === undefined ? {} : { defaultModel }),
          }
        : {}),
      ...(isAutomatic && session.registryByClient === 0 ? { registry: toJson(registry) } : {}),
    });
    this.store.afterCommit(transaction, () => {
      const isOver = state === 'Complete' || state === 'Error';
      this.board.tell(sessionId, isOver ? { type: 'end', state } : { type: 'progress' });
    });
  }

  /** Adds a line to the story of a build. */
  async say(
    transaction: Database,
    build: BuildRow,
    stage: string,
    message: string,
    code?: ErrorCode,
  ): Promise<void> {
    const line: BuildLogLine = {
      at: this.now,
      stage,
      ...(code === undefined ? {} : { code }),
      message,
    };
    const entry = await builds.appendLog(transaction, build.id, line);
    this.store.afterCommit(transaction, () =>
      this.board.tell(build.sessionId, { type: 'log', buildId: build.id, entry }),
    );
  }

  /** Puts a build on the board as the store knows it, e.g. after a restart. */
  async show(database: Database, build: BuildRow): Promise<void> {
    if (this.board.has(build.id)) return;
    const tasks = await builds.listTasks(database, build.id);
    const { models, targets } = orderOf(build);
    this.board.show(build.id, {
      startedAt: Date.parse(build.startedAt ?? build.createdAt),
      modelCount: models.length,
      stage: tasks.length === 0 ? 'Reading the table' : 'Fitting',
      tasks: tasks.map(({ taskId, model, target, estimatedSeconds, status }) => ({
        id: taskId,
        model,
        target: targets[target]!,
        estimatedSeconds,
        isDone: status === 'done' || status === 'failed',
      })),
    });
  }

  /** Forgets the intermediate results of an ended build, bytes included. */
  async dropIntermediates(transaction: Database, build: BuildRow): Promise<void> {
    const present = (await builds.find(transaction, build.id)) ?? build;
    this.collectAfterCommit(transaction, await builds.dropIntermediates(transaction, present));
  }

  /** Removes blobs that no record names any more, once the transaction that dropped them is committed. */
  collectAfterCommit(transaction: Database, hashes: readonly string[]): void {
    if (hashes.length === 0) return;
    this.store.afterCommit(transaction, () => {
      removeUnreferenced(this.store, this.blobs, hashes).catch((error: unknown) => {
        // They stay until the next start, which looks through all of them.
        this.#log.warn({ err: error }, 'unused bytes could not be removed');
      });
    });
  }

  async #startOrRefuse(
    dataset: DatasetRow,
    wish: BuildWish,
    start: (transaction: Database, order: BuildOrder) => Promise<BuildRow | null>,
  ): Promise<void> {
    let refusal: ProblemError | null = null;
    const order = await this.order(dataset, wish).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
      refusal = error;
      return null;
    });
    const source = tableSourceOf(dataset);
    if (source === null) return;
    // A build that cannot be started still leaves a record with the reason in its log.
    const wanted = order ?? refusedOrder(source, wish);
    await this.store.transaction(async (transaction) => {
      const build = await start(transaction, wanted);
      if (build !== null && refusal !== null) {
        const { code, message } = refusal as ProblemError;
        await this.endBadly(transaction, build, { status: 'failed', code, message });
      }
    });
  }
}

export function orderOf(build: BuildRow): BuildOrder {
  return fromJson<BuildOrder>(build.request);
}
