import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InsightCategory } from '@athanor/schema';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { InsightAnswer, InsightProgress, InsightWork } from '../../jobs/kinds/computeInsight.ts';
import type { ClaimedJob } from '../../jobs/queue.ts';
import type { RunInChild } from '../../jobs/runner.ts';
import { SqliteQueue } from '../../jobs/sqliteQueue.ts';
import { FileBlobStore } from '../../store/blobs/fileBlobStore.ts';
import { openSqliteStore } from '../../store/openSqliteStore.ts';
import { files } from '../../store/repositories/files.ts';
import { insights, toInsight } from '../../store/repositories/insights.ts';
import { tenants } from '../../store/repositories/tenants.ts';
import type { Store } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import { Insights } from '../insights.ts';
import { computeStep } from './computeStep.ts';

const caller: Caller = { tenantId: 1, userId: 1, userName: 'Ada', userClass: 'admin', clientId: 'c' };
const answer: InsightAnswer = {
  payload: { candidates: [1, 2] },
  metrics: { score: 0.5 },
  lines: [{ stage: 'combine', message: 'Two candidates' }],
  outputs: [{ file: 'result.csv', bytes: new TextEncoder().encode('{}'), contentType: 'text/csv' }],
};

let folder: string;
let store: Store;
let queue: SqliteQueue;
let service: Insights;
let now = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-insight-'));
  store = await openSqliteStore(join(folder, 'store.sqlite'));
  await tenants.insert(store.database, { id: 1, name: 'one', createdAt: '2026-01-01T00:00:00.000Z' });
  now = Date.parse('2026-01-01T00:00:00.000Z');
  queue = new SqliteQueue(store, () => now, 3);
  service = new Insights(store, blobStore(), queue, () => now);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const blobStore = () => new FileBlobStore(join(folder, 'blobs'), join(folder, 'temporary'));

async function queueOne(category: InsightCategory = 'Generate'): Promise<ClaimedJob<'computeInsight'>> {
  await service.create(caller, { name: 'x', category, state: 'Queued', Registry: { Settings: { n: 2 } } });
  const [job] = await queue.claim(1);
  return job as ClaimedJob<'computeInsight'>;
}

const step = (waitsFor: string | null = null) =>
  computeStep({
    store,
    blobs: blobStore(),
    queue,
    clock: () => now,
    computations: {
      Generate: {
        waitsFor: async () => waitsFor,
        prepare: async (tenantId, insight) => ({ tenantId, of: insight.albertId }),
      },
    },
    onEnded: async () => {},
  });

const read = async () => toInsight((await insights.find(store.database, 1, 1))!);

it('walks an insight through its states and keeps payload, metrics, log and file', async () => {
  const { mkdir } = await import('node:fs/promises');
  for (const name of ['blobs', 'temporary']) await mkdir(join(folder, name));
  const states: (string | undefined)[] = [];
  const runInChild: RunInChild = async (work, onProgress) => {
    expect(work).toEqual({
      kind: 'computeInsight',
      category: 'Generate',
      task: { tenantId: 1, of: 'INS1' },
    } satisfies InsightWork);
    states.push((await read()).state);
    now += 1500;
    const progress: InsightProgress = {
      state: 'Generating Candidates',
      stage: 'design',
      message: 'Searching',
    };
    onProgress(progress);
    await new Promise((resolve) => setTimeout(resolve, 50));
    states.push((await read()).state);
    return answer;
  };
  await step().run(await queueOne(), runInChild);
  const insight = await read();
  expect([...states, insight.state]).toEqual(['Building Models', 'Generating Candidates', 'Complete']);
  expect(insight).toMatchObject({
    RawPayload: answer.payload,
    payloadType: 'Breakthrough',
    totalTime: '1.5 s',
    outputKey: 'insights/INS1/result.csv',
    Registry: { Settings: { n: 2 }, Metrics: answer.metrics },
  });
  const lines = insight.Registry!.BuildLogs!['lines'] as { message: string }[];
  expect(lines.map(({ message }) => message)).toEqual(['Started', 'Searching', 'Two candidates', 'Complete']);
  const file = { tenantId: 1, namespace: 'breakthrough', name: insight.outputKey! };
  expect((await files.find(store.database, file))?.size).toBe(2);
});

it('waits without a job for models that are being built, from whatever state, and goes on when they are', async () => {
  const mustNotRun = () => Promise.reject(new Error('must not run'));
  await step('MDS1').run(await queueOne(), mustNotRun);
  expect((await read()).state).toBe('Building Models');
  expect((await read()).Registry!.BuildLogs!['lines']).toMatchObject([
    { message: 'Waiting for the models of MDS1' },
  ]);
  const goOn = () =>
    store.transaction((transaction) =>
      // Of another session: nothing of this one waits for it.
      service.goOn(transaction, { tenantId: 1, sessionId: 7, modelId: null }),
    );
  await goOn();
  expect(await queue.claim(1)).toEqual([]);
  const setState = (state: string, modelSessionId: number | null) =>
    store.transaction((transaction) => insights.update(transaction, 1, 1, { state, modelSessionId }));
  await store.database.executeQuery(sql`pragma foreign_keys = off`.compile(store.database));
  await setState('Building Models', 7);
  await goOn();
  await goOn();
  const [again, ...others] = await queue.claim(5);
  expect(others).toEqual([]);
  // A former process had come further than that.
  await setState('Generating Candidates', 7);
  await step('MDS7').run(again as ClaimedJob<'computeInsight'>, mustNotRun);
  expect((await read()).state).toBe('Building Models');
});

it('keeps nothing when a client has taken the record over meanwhile', async () => {
  const job = await queueOne();
  const runInChild: RunInChild = async () => {
    await service.patch(caller, 'INS1', {
      data: [{ operation: 'update', attribute: 'state', newValue: 'Complete' }],
    });
    return { ...answer, outputs: [] };
  };
  await expect(step().run(job, runInChild)).rejects.toThrow('no longer held');
  expect(await read()).toMatchObject({ state: 'Complete' });
  expect((await read()).RawPayload).toBeUndefined();
});

it('does nothing for an insight that is gone', async () => {
  const job = await queueOne();
  await store.transaction(async (transaction) => insights.delete(transaction, 1, 1));
  await step().run(job, () => Promise.reject(new Error('must not run')));
  expect(await queue.claim(1)).toEqual([]);
});

it('ends with the code of the refusal in its log', async () => {
  const job = await queueOne('Molecule');
  const error = await step()
    .run(job, () => Promise.reject(new Error('must not run')))
    .catch((reason: unknown) => reason as { code: string; message: string });
  expect(error).toMatchObject({ code: 'INSIGHT_NOT_COMPUTABLE' });
  await store.transaction((transaction) =>
    step().failed(transaction, job, { code: 'INSIGHT_NOT_COMPUTABLE', message: 'cannot' }),
  );
  const { state, Registry } = await read();
  expect(state).toBe('Error');
  expect((Registry!.BuildLogs!['lines'] as object[]).at(-1)).toMatchObject({
    code: 'INSIGHT_NOT_COMPUTABLE',
    message: 'cannot',
  });
});
