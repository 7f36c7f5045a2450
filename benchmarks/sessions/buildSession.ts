/** Our session without the server around it: the plan's tasks on two threads, then the combination. */
import { Worker } from 'node:worker_threads';
import {
  combineSession,
  decodeTaskResult,
  defaultPortfolio,
  encodePlan,
  encodeTable,
  planBuild,
  type BuildPlan,
  type BuildRequest,
  type FitTask,
  type PlainData,
  type SessionOutcome,
  type Table,
  type TaskResult,
} from '@athanor/engine';

export interface BuiltSession {
  readonly request: BuildRequest;
  readonly plan: BuildPlan;
  readonly results: readonly TaskResult[];
  readonly outcome: SessionOutcome;
  /** Wall-clock seconds from the typed table to the artifacts, threads' start included. */
  readonly seconds: number;
  /** Until the first model had all of its fits. */
  readonly firstModelSeconds: number;
  /** Of one processor, by model. */
  readonly modelSeconds: { readonly [model: string]: number };
  readonly combineSeconds: number;
}

const threadCount = 2;

/** The automatic session of a table, seed 1. */
export async function buildSession(
  table: Table,
  target: string,
  models?: BuildRequest['models'],
): Promise<BuiltSession> {
  const began = performance.now();
  const chosen = { table, targets: [target], ignore: [], group: null };
  const order = {
    ...chosen,
    models: models ?? defaultPortfolio(chosen),
    question: 'interpolate' as const,
    seed: 1,
  };
  const plan = planBuild(order);
  const results: TaskResult[] = [];
  let firstModelSeconds = Infinity;
  await runTasks(order, plan, (result) => {
    results.push(result);
    const { model } = plan.tasks.find(({ id }) => id === result.taskId)!;
    const own = plan.tasks.filter((task) => task.model === model);
    if (own.every(({ id }) => results.some(({ taskId }) => taskId === id)))
      firstModelSeconds = Math.min(firstModelSeconds, (performance.now() - began) / 1000);
  });
  const combineBegan = performance.now();
  const outcome = combineSession(order, plan, results);
  const ended = performance.now();
  const modelSeconds: { [model: string]: number } = {};
  for (const { taskId, parts } of results) {
    const { name } = plan.models[plan.tasks.find(({ id }) => id === taskId)!.model]!;
    modelSeconds[name] = parts.reduce((sum, { seconds }) => sum + seconds, modelSeconds[name] ?? 0);
  }
  return {
    request: order,
    plan,
    results,
    outcome,
    seconds: (ended - began) / 1000,
    firstModelSeconds,
    modelSeconds,
    combineSeconds: (ended - combineBegan) / 1000,
  };
}

/** Hands the tasks to the threads in the order of the plan, each as soon as what it starts from is there. */
async function runTasks(
  { table, ...order }: BuildRequest,
  plan: BuildPlan,
  onResult: (result: TaskResult) => void,
): Promise<void> {
  const waiting = [...plan.tasks];
  const fitted = new Map<string, PlainData>();
  const data = { order, table: encodeTable(table), plan: encodePlan(plan) };
  const next = (): FitTask | undefined => {
    const index = waiting.findIndex(({ after }) => after === null || fitted.has(after));
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };
  const threads = Array.from({ length: threadCount }, () => {
    const worker = new Worker(new URL('fitWorker.ts', import.meta.url), { workerData: data });
    return { worker, isBusy: false };
  });
  let open = waiting.length;
  await new Promise<void>((resolve, reject) => {
    const feed = (): void => {
      for (const thread of threads) {
        if (thread.isBusy) continue;
        const task = next();
        if (task === undefined) return;
        thread.isBusy = true;
        const start = task.after === null ? null : fitted.get(task.after)!;
        thread.worker.postMessage({ taskId: task.id, start });
      }
    };
    for (const thread of threads) {
      thread.worker.on('error', reject);
      thread.worker.on('message', ({ taskId, bytes }: { taskId: string; bytes: Uint8Array }) => {
        thread.isBusy = false;
        const result = decodeTaskResult(bytes);
        const full = result.parts.find((part) => 'fitted' in part);
        // Without a fit those that wait for it have nothing to start from and start afresh.
        fitted.set(taskId, full === undefined ? null : (full as { fitted: PlainData }).fitted);
        onResult(result);
        if (--open === 0) resolve();
        else feed();
      });
    }
    feed();
  });
  await Promise.all(threads.map(({ worker }) => worker.terminate()));
}
