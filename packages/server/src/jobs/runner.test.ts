import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { openSqliteStore } from '../store/openSqliteStore.ts';
import { tenants } from '../store/repositories/tenants.ts';
import type { Store } from '../store/store.ts';
import { ChildPool } from './childPool.ts';
import type { ClaimedJob, JobFailure, JobKind } from './queue.ts';
import { type JobHandler, type JobHandlers, Runner } from './runner.ts';
import { SqliteQueue } from './sqliteQueue.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

let folder: string;
let store: Store;
let queue: SqliteQueue;
let pool: ChildPool;
let runner: Runner;
/** What became of jobs, in order. */
let story: string[];
/** What the processes are told to do, one after the other; the last one again and again. */
let deeds: string[];
let onDone: () => void;

/** A handler that has a process do the next deed and tells how it ended. */
const handler: JobHandler<JobKind> = {
  async run(job, runInChild) {
    const deed = deeds.length > 1 ? deeds.shift()! : deeds[0]!;
    story.push(deed);
    if (deed === 'disk full') throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    await runInChild(deed, () => {});
    await store.transaction((transaction) => queue.complete(transaction, job));
    story.push('complete');
    onDone();
  },
  async failed(_transaction: Database, _job: ClaimedJob, failure: JobFailure) {
    story.push(`failed: ${failure.code}`);
    store.afterCommit(_transaction, () => onDone());
  },
};
const handlers: JobHandlers = {
  planBuild: handler,
  fitTask: handler,
  previewBuild: handler,
  finishBuild: handler,
  computeInsight: handler,
  buildSmartDataset: handler,
};

function makeRunner(): Runner {
  return new Runner(store, queue, pool, handlers, 1, silent as never);
}

async function enqueue(count = 1): Promise<void> {
  await store.transaction((transaction) =>
    queue.enqueue(
      transaction,
      Array.from({ length: count }, (_, index) => ({
        kind: 'planBuild' as const,
        tenantId: 1,
        group: `build:${index}`,
        payload: { buildId: index },
        priority: 0,
      })),
    ),
  );
}

function jobStates(): Promise<string[]> {
  return store.database
    .selectFrom('job')
    .select('state')
    .orderBy('id')
    .execute()
    .then((rows) => rows.map((row) => row.state));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-runner-'));
  store = await openSqliteStore(join(folder, 'store.sqlite'));
  await tenants.insert(store.database, { id: 1, name: 'one', createdAt: 'now' });
  queue = new SqliteQueue(store, Date.now, 3);
  pool = new ChildPool({
    entry: new URL('../../../../test/faults/misbehavingChild.ts', import.meta.url),
    args: [],
    size: 1,
    memoryMb: 64,
    maxSeconds: 20,
    logBytes: 1024,
    idleMs: 60_000,
    onOutput: () => {},
  });
  story = [];
  runner = makeRunner();
});
afterEach(async () => {
  await runner.stop();
  await pool.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function untilDone(times = 1): Promise<void> {
  return new Promise((resolve) => {
    let left = times;
    onDone = () => {
      left -= 1;
      if (left === 0) resolve();
    };
  });
}

it('runs what is enqueued, one after the other', async () => {
  deeds = ['answer'];
  await runner.start();
  const done = untilDone(3);
  await enqueue(3);
  await done;
  expect(await jobStates()).toEqual(['done', 'done', 'done']);
});

it('tries a job whose process dies again, and gives up after three times with the reason', async () => {
  deeds = ['abort', 'answer'];
  await runner.start();
  let done = untilDone();
  await enqueue();
  await done;
  expect(story).toEqual(['abort', 'answer', 'complete']);

  story = [];
  deeds = ['exit'];
  done = untilDone();
  await enqueue();
  await done;
  expect(story).toEqual(['exit', 'exit', 'exit', 'failed: WORKER_CRASHED']);
  expect(await jobStates()).toEqual(['done', 'failed']);
});

it('does not try a refused input again', async () => {
  deeds = ['refuse'];
  await runner.start();
  const done = untilDone();
  await enqueue();
  await done;
  expect(story).toEqual(['refuse', 'failed: TARGET_UNKNOWN']);
});

it('does not hold a full disk against a job', async () => {
  deeds = ['disk full', 'disk full', 'disk full', 'disk full', 'answer'];
  await runner.start();
  const done = untilDone();
  await enqueue();
  await done;
  expect(story.at(-1)).toBe('complete');
}, 30_000);

it('stops a group at once, and what it did is not kept', async () => {
  deeds = ['loop', 'answer'];
  await runner.start();
  const done = untilDone();
  await enqueue(2);
  while (pool.pids.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await store.transaction((transaction) => queue.cancelGroup(transaction, 'build:0'));
  runner.stopGroup('build:0');
  await done;
  expect(story).toEqual(['loop', 'answer', 'complete']);
  expect(await jobStates()).toEqual(['cancelled', 'done']);
});

it('hands a running job back when it stops; the next runner does it, and that is no attempt', async () => {
  deeds = ['loop', 'answer'];
  await runner.start();
  await enqueue();
  while (story.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await runner.stop();
  expect(await jobStates()).toEqual(['queued']);

  const done = untilDone();
  runner = makeRunner();
  await runner.start();
  await done;
  const { attempts } = await store.database.selectFrom('job').select('attempts').executeTakeFirstOrThrow();
  expect(attempts).toBe(0);
  expect(story).toEqual(['loop', 'answer', 'complete']);
});
