import { decodeTaskResult, previewSession, type SessionOutcome, type TaskResult } from '@athanor/engine';
import type { BuildOrder } from '../../compute/buildOrder.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import { version } from '../../version.ts';
import { loadBuild } from './loadBuild.ts';

/** Make a model of a build usable while the others are being fitted. */
export interface PreviewWork {
  readonly kind: 'previewBuild';
  readonly order: BuildOrder;
  readonly tableHash: string;
  readonly planHash: string;
  /** Index into the models of the order. */
  readonly model: number;
  /** Results of all tasks of that model. */
  readonly resultHashes: readonly string[];
}

export type PreviewAnswer = SessionOutcome;

export async function previewBuild(blobs: BlobStore, work: PreviewWork): Promise<PreviewAnswer> {
  const { request, plan } = await loadBuild(blobs, work);
  const results: TaskResult[] = [];
  for (const hash of work.resultHashes) results.push(decodeTaskResult(await blobs.read(hash)));
  return previewSession(request, plan, results, work.model, { version, dataHash: work.order.source.hash });
}
