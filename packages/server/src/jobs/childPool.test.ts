import { afterEach, expect, it } from 'vitest';
import { ProblemError } from '@athanor/schema';
import { ChildPool, type ChildPoolOptions } from './childPool.ts';
import { JobError } from './jobError.ts';

const pools: ChildPool[] = [];
const outputs: string[] = [];

function makePool(options: Partial<ChildPoolOptions> = {}): ChildPool {
  const pool = new ChildPool({
    entry: new URL('../../../../test/faults/misbehavingChild.ts', import.meta.url),
    args: [],
    size: 1,
    memoryMb: 64,
    maxSeconds: 20,
    logBytes: 64 * 1024,
    idleMs: 60_000,
    onOutput: (text) => outputs.push(text),
    ...options,
  });
  pools.push(pool);
  return pool;
}

function run(pool: ChildPool, deed: string, signal = new AbortController().signal): Promise<unknown> {
  return pool.run(deed, { signal, onProgress: () => {} });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(JobError);
  return (error as JobError).code;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, milliseconds = 5_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  outputs.length = 0;
});

it('starts a process for the first work, uses it again, and passes progress on', async () => {
  const pool = makePool();
  expect(pool.pids).toEqual([]);
  const progress: unknown[] = [];
  const first = (await pool.run('answer', {
    signal: new AbortController().signal,
    onProgress: (one) => progress.push(one),
  })) as { pid: number };
  expect(progress).toEqual([{ done: 1 }]);
  const second = (await run(pool, 'answer')) as { pid: number };
  expect(second.pid).toBe(first.pid);
});

it('ends an idle process, so that an idle server stays small', async () => {
  const pool = makePool({ idleMs: 50 });
  const { pid } = (await run(pool, 'answer')) as { pid: number };
  await until(() => !isAlive(pid));
  expect(pool.pids).toEqual([]);
});

it('gives a process nothing of the server’s environment', async () => {
  process.env['ATHANOR_TEST_SECRET'] = 'hunter2';
  const { environment } = (await run(makePool(), 'answer')) as { environment: string[] };
  expect(environment).not.toContain('ATHANOR_TEST_SECRET');
  expect(environment).not.toContain('HOME');
});

it.each([
  ['make code from strings', 'runStrings', /Code generation from strings/],
  ['write files', 'write', /Access to this API has been restricted/],
  ['start programs', 'spawn', /Access to this API has been restricted/],
])('does not let a job %s', async (_name, deed, message) => {
  const error = await run(makePool(), deed).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'BUILD_FAILED', message: expect.stringMatching(message) as string });
});

it('passes a refusal of the input on with its place and remedy', async () => {
  const error = await run(makePool(), 'refuse').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).items).toEqual([
    {
      code: 'TARGET_UNKNOWN',
      message: 'The target is not a column.',
      location: { column: 'strength' },
      fix: 'Name another.',
    },
  ]);
});

it('survives a program that throws, and goes on with the same process', async () => {
  const pool = makePool();
  const error = await run(pool, 'throw').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'BUILD_FAILED', message: 'index 7 of 5' });
  await run(pool, 'answer');
});

it.each([
  ['exhaustHeap', 'WORKER_OUT_OF_MEMORY'],
  ['exhaustBuffers', 'WORKER_OUT_OF_MEMORY'],
  ['abort', 'WORKER_CRASHED'],
  ['exit', 'WORKER_CRASHED'],
])('row 99: a job that does %s ends as %s, and the next one gets a new process', async (deed, code) => {
  const pool = makePool();
  expect(await codeOf(run(pool, deed))).toBe(code);
  await run(pool, 'answer');
});

it('row 99: a job that loops forever is stopped at its time limit', async () => {
  // The limit is some times what a process takes to start and answer on this machine as busy as it is.
  const start = performance.now();
  await run(makePool(), 'answer');
  const pool = makePool({ maxSeconds: Math.max(1, (8 * (performance.now() - start)) / 1000) });
  expect(await codeOf(run(pool, 'loop'))).toBe('WORKER_TIMEOUT');
  await run(pool, 'answer');
});

it('row 99: a job may print 100 MB and neither fails nor fills the memory of the server', async () => {
  const pool = makePool({ logBytes: 1024 });
  const before = process.memoryUsage.rss();
  expect(await run(pool, 'chatter')).toBe('done');
  expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 1024 * 1024);
});

it('kills a job that is cancelled, however busy it is', async () => {
  const pool = makePool();
  const { pid } = (await run(pool, 'answer')) as { pid: number };
  const abort = new AbortController();
  const work = run(pool, 'loop', abort.signal);
  setTimeout(() => abort.abort(), 50);
  expect(await codeOf(work)).toBe('CANCELLED');
  await until(() => !isAlive(pid), 2_000);
});

it('says that a process which is killed from outside has crashed', async () => {
  const pool = makePool();
  const work = run(pool, 'loop');
  await until(() => pool.pids.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(pool.pids[0]!, 'SIGKILL');
  expect(await codeOf(work)).toBe('WORKER_CRASHED');
});
