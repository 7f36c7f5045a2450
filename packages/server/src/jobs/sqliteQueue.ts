import type { Database } from '../store/database.ts';
import { fromJson, toJson } from '../store/json.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { type Clock, toIso } from '../services/clock.ts';
import {
  type ClaimedJob,
  type JobFailure,
  type JobKind,
  LeaseLostError,
  type NewJob,
  type Queue,
} from './queue.ts';

/** A queue in a table of the store, for the one process that owns the store: no polling, no heartbeats. */
export class SqliteQueue implements Queue {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #maxAttempts: number;
  readonly #listeners = new Set<() => void>();

  constructor(store: Store, clock: Clock, maxAttempts: number) {
    this.#store = store;
    this.#clock = clock;
    this.#maxAttempts = maxAttempts;
  }

  async enqueue(transaction: Database, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const first = await takeNumbers(transaction, 'job', jobs.length);
    const queuedAt = toIso(this.#clock());
    await transaction
      .insertInto('job')
      .values(
        jobs.map(({ kind, tenantId, group, payload, priority }, index) => ({
          id: first + index,
          tenantId,
          kind,
          groupKey: group,
          payload: toJson(payload),
          priority,
          state: 'queued',
          attempts: 0,
          fence: 0,
          queuedAt,
          startedAt: null,
          endedAt: null,
          errorCode: null,
          errorMessage: null,
        })),
      )
      .execute();
    this.#store.afterCommit(transaction, () => this.#tell());
  }

  async claim(limit: number): Promise<ClaimedJob[]> {
    const rows = await this.#store.database
      .updateTable('job')
      .set((row) => ({
        state: 'running',
        fence: row('fence', '+', 1),
        startedAt: toIso(this.#clock()),
      }))
      .where('id', 'in', (row) =>
        row
          .selectFrom('job as waiting')
          .select('waiting.id')
          .where('waiting.state', '=', 'queued')
          .orderBy('waiting.priority', 'desc')
          .orderBy('waiting.id')
          .limit(limit),
      )
      .returning(['id', 'kind', 'tenantId', 'groupKey', 'payload', 'priority', 'attempts', 'fence'])
      .execute();
    return rows
      .map(({ kind, groupKey, payload, ...rest }) => ({
        ...rest,
        kind: kind as JobKind,
        group: groupKey,
        payload: fromJson<NewJob['payload']>(payload),
      }))
      .sort((a, b) => b.priority - a.priority || a.id - b.id);
  }

  async complete(transaction: Database, job: ClaimedJob): Promise<void> {
    await this.#end(transaction, job, { state: 'done', endedAt: toIso(this.#clock()) });
  }

  async fail(transaction: Database, job: ClaimedJob, failure: JobFailure): Promise<'again' | 'failed'> {
    const attempts = job.attempts + 1;
    const isLast = attempts >= this.#maxAttempts;
    await this.#end(transaction, job, {
      state: isLast ? 'failed' : 'queued',
      attempts,
      endedAt: isLast ? toIso(this.#clock()) : null,
      errorCode: failure.code,
      errorMessage: failure.message,
    });
    this.#store.afterCommit(transaction, () => this.#tell());
    return isLast ? 'failed' : 'again';
  }

  async keepProgress(transaction: Database, job: ClaimedJob): Promise<void> {
    await this.#end(transaction, job, { attempts: 0 });
  }

  async release(job: ClaimedJob): Promise<void> {
    await this.#store.database
      .updateTable('job')
      .set({ state: 'queued' })
      .where('id', '=', job.id)
      .where('fence', '=', job.fence)
      .where('state', '=', 'running')
      .execute();
  }

  async cancelGroup(transaction: Database, group: string): Promise<void> {
    await transaction
      .updateTable('job')
      .set({ state: 'cancelled', endedAt: toIso(this.#clock()) })
      .where('groupKey', '=', group)
      .where('state', 'in', ['queued', 'running'])
      .execute();
  }

  async hasOpen(transaction: Database, group: string): Promise<boolean> {
    const open = await transaction
      .selectFrom('job')
      .select('id')
      .where('groupKey', '=', group)
      .where('state', 'in', ['queued', 'running'])
      .limit(1)
      .executeTakeFirst();
    return open !== undefined;
  }

  async recover(): Promise<number> {
    const { numUpdatedRows } = await this.#store.database
      .updateTable('job')
      .set({ state: 'queued' })
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    return Number(numUpdatedRows);
  }

  async forget(milliseconds: number): Promise<void> {
    await this.#store.database
      .deleteFrom('job')
      .where('state', 'in', ['done', 'failed', 'cancelled'])
      .where('endedAt', '<', toIso(this.#clock() - milliseconds))
      .execute();
  }

  onWork(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The comparison of the lease and the change are one statement, so nothing comes between. */
  async #end(
    transaction: Database,
    job: ClaimedJob,
    changes: {
      state?: string;
      attempts?: number;
      endedAt?: string | null;
      errorCode?: string;
      errorMessage?: string;
    },
  ): Promise<void> {
    const { numUpdatedRows } = await transaction
      .updateTable('job')
      .set(changes)
      .where('id', '=', job.id)
      .where('fence', '=', job.fence)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw new LeaseLostError(job);
  }
}
