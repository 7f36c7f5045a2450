import { combineSession, decodeTaskResult, type SessionOutcome, type TaskResult } from '@athanor/engine';
import type { ErrorCode } from '@athanor/schema';
import type { BuildOrder } from '../../compute/buildOrder.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import { version } from '../../version.ts';
import { loadBuild } from './loadBuild.ts';

/** Judge and combine what the fits of a build gave. */
export interface FinishWork {
  readonly kind: 'finishBuild';
  readonly order: BuildOrder;
  readonly tableHash: string;
  readonly planHash: string;
  readonly resultHashes: readonly string[];
  /** Tasks without a result, and why. */
  readonly failures: readonly {
    readonly taskId: string;
    readonly code: ErrorCode;
    readonly message: string;
  }[];
}

export type FinishAnswer = SessionOutcome;

export async function finishBuild(blobs: BlobStore, work: FinishWork): Promise<FinishAnswer> {
  const { request, plan } = await loadBuild(blobs, work);
  const results: TaskResult[] = [];
  for (const hash of work.resultHashes) results.push(decodeTaskResult(await blobs.read(hash)));
  for (const { taskId, code, message } of work.failures) {
    results.push({ taskId, parts: [], failure: { code, message } });
  }
  return combineSession(request, plan, results, { version, dataHash: work.order.source.hash });
}
