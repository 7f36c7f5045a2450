import {
  type BuildLogLine,
  type BuildState,
  type InsightCategory,
  type InsightRegistry,
  ProblemError,
} from '@athanor/schema';
import type { InsightAnswer, InsightProgress, InsightWork } from '../../jobs/kinds/computeInsight.ts';
import type { ClaimedJob, JobFailure, Queue } from '../../jobs/queue.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import { faultPoint } from '../../observe/faultPoint.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import type { Database } from '../../store/database.ts';
import { toJson } from '../../store/json.ts';
import { files } from '../../store/repositories/files.ts';
import { type InsightRow, insights, toInsight } from '../../store/repositories/insights.ts';
import { insightText } from '../../store/repositories/insightText.ts';
import type { Store } from '../../store/store.ts';
import { type Clock, toIso } from '../clock.ts';
import { endInsight, registryOf, withLine } from '../endInsight.ts';
import { insightOutputKey } from '../insightOutputKey.ts';
import { keepBlobs } from '../keepBlobs.ts';
import type { InsightComputations } from './insightComputation.ts';

export interface ComputeStepParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly computations: InsightComputations;
  /** Called with every end, in its transaction. */
  readonly onEnded: (transaction: Database, insightId: number) => Promise<void>;
}

/**
 * Computes an insight: Queued → Building Models → Generating Candidates → Complete, or Error with the reason in its log.
 * One whose models are being built waits for them in Building Models without a job of its own: a job that waits would
 * keep from work the process that builds them.
 */
export function computeStep(parts: ComputeStepParts): JobHandler<'computeInsight'> {
  const { store, blobs, queue, clock, computations, onEnded } = parts;

  const say = (registry: InsightRegistry, line: Omit<BuildLogLine, 'at'>): InsightRegistry =>
    withLine(registry, clock(), line);

  const begin = (job: ClaimedJob<'computeInsight'>): Promise<InsightRow | null> =>
    store.transaction(async (transaction) => {
      const row = await insights.lockOurs(transaction, job.payload.insightId);
      if (row === undefined) {
        await queue.complete(transaction, job);
        return null;
      }
      const waitsFor = await computations[row.category as InsightCategory]?.waitsFor?.(
        transaction,
        row.tenantId,
        toInsight(row),
      );
      const isWaiting = typeof waitsFor === 'string';
      let fresh = row;
      // Whatever state the last process left it in: those that wait are looked for in this one.
      if (row.state === 'Queued' || (isWaiting && row.state !== 'Building Models')) {
        const message = isWaiting ? `Waiting for the models of ${waitsFor}` : 'Started';
        fresh = {
          ...row,
          state: 'Building Models' satisfies BuildState,
          startTime: row.startTime ?? toIso(clock()),
          registry: toJson(say(registryOf(row), { stage: 'state', message })),
        };
        const { state, startTime, registry } = fresh;
        await insights.update(transaction, row.tenantId, row.id, { state, startTime, registry });
        await insightText.put(transaction, fresh);
      }
      if (!isWaiting) return fresh;
      await queue.complete(transaction, job);
      return null;
    });

  return {
    async run(job, runInChild) {
      const row = await begin(job);
      if (row === null) return;
      const insight = toInsight(row);
      const computation = computations[insight.category];
      if (computation === undefined) {
        throw ProblemError.of(
          'INSIGHT_NOT_COMPUTABLE',
          `Athanor cannot compute an insight of category ${insight.category}.`,
        );
      }
      const task = await computation.prepare(row.tenantId, insight);
      const work: InsightWork = { kind: 'computeInsight', category: insight.category, task };
      // Progress is written one after the other, and never after the end.
      let written = Promise.resolve();
      const answer = (await runInChild(work, (progress) => {
        written = written.then(() => writeProgress(progress as InsightProgress)).catch(() => {});
      })) as InsightAnswer;
      await written;

      await keepBlobs(store, blobs, async (hold) => {
        const outputs: StoredOutput[] = [];
        for (const { file, bytes, contentType } of answer.outputs)
          outputs.push({ key: insightOutputKey(row.id, file), contentType, ...(await hold.put(bytes)) });
        faultPoint('insight.stored');
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const now = await insights.lockOurs(transaction, row.id);
          if (now !== undefined) await land(transaction, now, answer, outputs);
        });
      });

      async function writeProgress({ state, stage, message }: InsightProgress): Promise<void> {
        await store.transaction(async (transaction) => {
          const now = await insights.lockOurs(transaction, row!.id);
          if (now === undefined) return;
          const registry = toJson(say(registryOf(now), { stage, message }));
          const fresh = { ...now, state: state ?? now.state, registry };
          await insights.update(transaction, now.tenantId, now.id, { state: fresh.state, registry });
          await insightText.put(transaction, fresh);
        });
      }
    },

    async failed(transaction, job, failure) {
      const row = await insights.lockOurs(transaction, job.payload.insightId);
      if (row !== undefined) await endBadly(transaction, row, failure);
    },
  };

  async function land(
    transaction: Database,
    row: InsightRow,
    { payload, metrics, lines }: InsightAnswer,
    outputs: readonly StoredOutput[],
  ): Promise<void> {
    for (const { key, contentType, hash, size } of outputs) {
      await files.insert(transaction, {
        tenantId: row.tenantId,
        namespace: 'breakthrough',
        name: key,
        hash,
        size,
        contentType,
        metadata: toJson([]),
        createdBy: row.createdBy,
        createdAt: toIso(clock()),
      });
    }
    let registry: InsightRegistry = { ...registryOf(row), Metrics: metrics };
    for (const line of lines) registry = say(registry, line);
    registry = say(registry, { stage: 'state', message: 'Complete' });
    const [first] = outputs;
    await endInsight(transaction, row, clock(), {
      state: 'Complete',
      registry: toJson(registry),
      rawPayload: toJson(payload),
      payloadType: 'Breakthrough',
      ...(first === undefined ? {} : { outputKey: first.key }),
    });
    await onEnded(transaction, row.id);
  }

  async function endBadly(
    transaction: Database,
    row: InsightRow,
    { code, message }: JobFailure,
  ): Promise<void> {
    const registry = toJson(say(registryOf(row), { stage: 'state', code, message }));
    await endInsight(transaction, row, clock(), { state: 'Error', registry });
    await onEnded(transaction, row.id);
  }
}

/** A file of the result, its bytes stored. */
interface StoredOutput {
  readonly key: string;
  readonly contentType: string;
  readonly hash: string;
  readonly size: number;
}
