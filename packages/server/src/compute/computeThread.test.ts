import { ProblemError } from '@athanor/schema';
import { afterEach, expect, it } from 'vitest';
import { ComputeThread, type ComputeOptions } from './computeThread.ts';

const threads: ComputeThread[] = [];

function makeThread(options: Partial<ComputeOptions> = {}): ComputeThread {
  const thread = new ComputeThread({
    entry: new URL('../../../../test/faults/misbehavingWorker.ts', import.meta.url),
    blobFolder: '',
    memoryMb: 64,
    maxSeconds: 20,
    idleMs: 60_000,
    cacheBytes: 0,
    ...options,
  });
  threads.push(thread);
  return thread;
}

/** Gives the number of the thread that answered. */
async function ask(thread: ComputeThread, fileName: string): Promise<number> {
  const source = { hash: '', fileName, readOptions: {}, overrides: [] };
  return (await thread.describeTable(source)).rowCount;
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return (error as ProblemError).code;
}

afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.close())));

it('starts with the first question and answers all in the same thread', async () => {
  const thread = makeThread();
  const answers = await Promise.all([ask(thread, 'a'), ask(thread, 'b'), ask(thread, 'c')]);
  expect(new Set(answers).size).toBe(1);
});

it('is replaced when it is stuck, and refuses what waited', async () => {
  // The limit is some times what a thread takes to start and answer on this machine as busy as it is.
  const start = performance.now();
  await ask(makeThread(), 'a');
  const thread = makeThread({ maxSeconds: Math.max(0.5, (8 * (performance.now() - start)) / 1000) });
  const first = await ask(thread, 'a');
  const codes = await Promise.all([codeOf(ask(thread, 'loop')), codeOf(ask(thread, 'behind it'))]);
  expect(codes).toEqual(['COMPUTE_UNAVAILABLE', 'COMPUTE_UNAVAILABLE']);
  expect(await ask(thread, 'a')).not.toBe(first);
});

it('is replaced when it runs out of memory, and the process lives on', async () => {
  const thread = makeThread();
  expect(await codeOf(ask(thread, 'exhaust'))).toBe('COMPUTE_UNAVAILABLE');
  expect(await ask(thread, 'a')).toBeGreaterThan(0);
});

it('is replaced when it fails, and says why to the log and not to the client', async () => {
  const thread = makeThread();
  await expect(ask(thread, 'throw')).rejects.toThrow(RangeError);
  await expect(ask(thread, 'fail')).rejects.toThrow('a bug');
  expect(await ask(thread, 'a')).toBeGreaterThan(0);
});

it('ends when nobody asks, and starts again', async () => {
  const thread = makeThread({ idleMs: 30 });
  const first = await ask(thread, 'a');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await ask(thread, 'a')).not.toBe(first);
});
