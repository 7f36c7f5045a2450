import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../store/openSqliteStore.ts';
import { tenants } from '../store/repositories/tenants.ts';
import type { Store } from '../store/store.ts';
import { LeaseLostError, type NewJob, type Queue } from './queue.ts';
import { SqliteQueue } from './sqliteQueue.ts';

interface OpenedQueue {
  readonly store: Store;
  readonly queue: Queue;
}

/** What every queue promises. pg-boss is one more line here. */
const queues: readonly { name: string; open: (folder: string) => Promise<OpenedQueue> }[] = [
  {
    name: 'SQLite',
    open: async (folder) => {
      const store = await openSqliteStore(join(folder, 'queue.sqlite'));
      return { store, queue: new SqliteQueue(store, Date.now, 3) };
    },
  },
];

const job = (buildId: number, fields: Partial<NewJob> = {}): NewJob => ({
  kind: 'planBuild',
  tenantId: 1,
  group: `build:${buildId}`,
  payload: { buildId },
  priority: 0,
  ...fields,
});
const failure = { code: 'WORKER_CRASHED', message: 'gone' } as const;

describe.each(queues)('a queue on $name', ({ open }) => {
  let folder: string;
  let store: Store;
  let queue: Queue;
  const enqueue = (...jobs: NewJob[]) => store.transaction((transaction) => queue.enqueue(transaction, jobs));
  const countJobs = async () => (await store.database.selectFrom('job').select('id').execute()).length;
  const claimOne = async () => {
    const [claimed] = await queue.claim(1);
    if (claimed === undefined) throw new Error('nothing to claim');
    return claimed;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athanor-queue-'));
    ({ store, queue } = await open(folder));
    await tenants.insert(store.database, { id: 1, name: 'one', createdAt: 'now' });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives out jobs by priority, then in order of arrival, each once', async () => {
    await enqueue(job(1), job(2), job(3, { priority: 5 }));
    await enqueue(job(4, { priority: 5 }));
    const claimed = [...(await queue.claim(3)), ...(await queue.claim(3)), ...(await queue.claim(3))];
    expect(claimed.map(({ payload }) => 'buildId' in payload && payload.buildId)).toEqual([3, 4, 1, 2]);
  });

  it('has a job exactly when the transaction that enqueued it is committed', async () => {
    await store
      .transaction(async (transaction) => {
        await queue.enqueue(transaction, [job(1)]);
        throw new Error('rollback');
      })
      .catch(() => {});
    expect(await queue.claim(1)).toEqual([]);
  });

  it('tells of work after the commit and not before', async () => {
    let isCommitted = false;
    const told: boolean[] = [];
    queue.onWork(() => told.push(isCommitted));
    await store.transaction(async (transaction) => {
      await queue.enqueue(transaction, [job(1)]);
      await queue.enqueue(transaction, []);
      isCommitted = true;
    });
    expect(told).toEqual([true]);
  });

  it('keeps a result only under the lease it was made under', async () => {
    await enqueue(job(1));
    const late = await claimOne();
    await queue.release(late);
    const current = await claimOne();
    expect(current.fence).toBeGreaterThan(late.fence);

    const writeWith = (claim: typeof late, name: string) =>
      store.transaction(async (transaction) => {
        await tenants.insert(transaction, { id: 7, name, createdAt: 'now' });
        await queue.complete(transaction, claim);
      });
    await expect(writeWith(late, 'late')).rejects.toThrow(LeaseLostError);
    expect((await tenants.list(store.database)).map(({ id }) => id)).toEqual([1]);
    await writeWith(current, 'current');
    await expect(writeWith(current, 'twice')).rejects.toThrow();
    expect((await tenants.list(store.database)).map(({ name }) => name)).toEqual(['one', 'current']);
    expect(await queue.claim(1)).toEqual([]);
  });

  it('knows whether anything of a group waits or runs', async () => {
    const hasOpen = () => store.transaction((transaction) => queue.hasOpen(transaction, 'build:1'));
    await enqueue(job(2));
    expect(await hasOpen()).toBe(false);
    await enqueue(job(1, { priority: 1 }));
    expect(await hasOpen()).toBe(true);
    const claimed = await claimOne();
    expect(await hasOpen()).toBe(true);
    await store.transaction((transaction) => queue.complete(transaction, claimed));
    expect(await hasOpen()).toBe(false);
  });

  it('tries a failing job three times, and counts anew after progress was kept', async () => {
    const failNext = async () => {
      const claimed = await claimOne();
      return store.transaction((transaction) => queue.fail(transaction, claimed, failure));
    };
    await enqueue(job(1));
    expect([await failNext(), await failNext(), await failNext()]).toEqual(['again', 'again', 'failed']);
    expect(await queue.claim(1)).toEqual([]);

    await enqueue(job(2));
    await failNext();
    await failNext();
    const claimed = await claimOne();
    expect(claimed.attempts).toBe(2);
    await store.transaction((transaction) => queue.keepProgress(transaction, claimed));
    await queue.release(claimed);
    expect([await failNext(), await failNext(), await failNext()]).toEqual(['again', 'again', 'failed']);
  });

  it('cancels a group: what waits never runs, what runs cannot end', async () => {
    await enqueue(job(1), job(1), job(2));
    const running = await claimOne();
    await store.transaction((transaction) => queue.cancelGroup(transaction, 'build:1'));
    expect((await queue.claim(5)).map(({ payload }) => 'buildId' in payload && payload.buildId)).toEqual([2]);
    for (const end of [
      () => store.transaction((transaction) => queue.complete(transaction, running)),
      () => store.transaction((transaction) => queue.fail(transaction, running, failure)),
    ]) {
      await expect(end()).rejects.toThrow(LeaseLostError);
    }
    await queue.release(running);
    expect(await queue.claim(1)).toEqual([]);
  });

  it('queues what ran when the last process ended, and does not count that as an attempt', async () => {
    await enqueue(job(1), job(2));
    const before = await queue.claim(2);
    expect(await queue.recover()).toBe(2);
    const after = await queue.claim(2);
    expect(after.map(({ id, attempts }) => [id, attempts])).toEqual(before.map(({ id }) => [id, 0]));
    await expect(store.transaction((transaction) => queue.complete(transaction, before[0]!))).rejects.toThrow(
      LeaseLostError,
    );
  });

  it('forgets what ended long ago, and nothing that waits or runs', async () => {
    await enqueue(job(1), job(2), job(3));
    const [ended] = await queue.claim(2);
    await store.transaction((transaction) => queue.complete(transaction, ended!));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await queue.forget(60_000);
    expect(await countJobs()).toBe(3);
    await queue.forget(10);
    expect(await countJobs()).toBe(2);
    expect(await queue.recover()).toBe(1);
  });
});
