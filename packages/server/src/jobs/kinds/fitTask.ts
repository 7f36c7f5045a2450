import {
  decodeTaskResult,
  encodeTaskResult,
  fitTask,
  type PlainData,
  type TaskResult,
} from '@athanor/engine';
import type { BuildOrder } from '../../compute/buildOrder.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import { loadBuild } from './loadBuild.ts';

/** Run one fit task of a plan. */
export interface FitWork {
  readonly kind: 'fitTask';
  readonly order: BuildOrder;
  readonly tableHash: string;
  readonly planHash: string;
  readonly taskId: string;
  /** Result of the task whose full fit this one starts from. */
  readonly startHash: string | null;
}

export interface FitProgress {
  /** Fits done. */
  readonly done: number;
}

export interface FitAnswer {
  /** The task's result, encoded. */
  readonly result: Uint8Array;
  readonly seconds: number;
  /** Why the model cannot be built for the target; the result says so too. */
  readonly failure: TaskResult['failure'];
}

export async function fitOneTask(
  blobs: BlobStore,
  work: FitWork,
  report: (progress: FitProgress) => void,
): Promise<FitAnswer> {
  const { request, plan } = await loadBuild(blobs, work);
  const task = plan.tasks.find((one) => one.id === work.taskId);
  if (task === undefined) throw new TypeError(`the plan has no task ${work.taskId}`);
  const start = work.startHash === null ? null : await readFitted(blobs, work.startHash);
  const clock = (): number => performance.now() / 1000;
  const begin = clock();
  let done = 0;
  const result = fitTask(request, plan, task, start, clock, () => report({ done: (done += 1) }));
  return { result: encodeTaskResult(result), seconds: clock() - begin, failure: result.failure };
}

/** What a task found on all rows. */
async function readFitted(blobs: BlobStore, hash: string): Promise<PlainData> {
  const { parts } = decodeTaskResult(await blobs.read(hash));
  const full = parts.find((part) => 'fitted' in part);
  if (full === undefined) throw new TypeError('the task to start from has no fit on all rows');
  return full.fitted;
}
