import { type BuildLogLine, type BuildState, type InsightRegistry, ProblemError } from '@athanor/schema';
import type { InsightAnswer, InsightProgress, InsightWork } from '../../jobs/kinds/computeInsight.ts';
import type { ClaimedJob, JobFailure, Queue } from '../../jobs/queue.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import type { Database } from '../../store/database.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { files } from '../../store/repositories/files.ts';
import { type InsightRow, insights, toInsight } from '../../store/repositories/insights.ts';
import { insightText } from '../../store/repositories/insightText.ts';
import type { Store } from '../../store/store.ts';
import { type Clock, toIso } from '../clock.ts';
import { formatSeconds } from '../formatSeconds.ts';
import { insightOutputKey } from '../insightOutputKey.ts';
import { keepBlobs } from '../keepBlobs.ts';
import { secondsBetween } from '../modelEnding.ts';
import type { InsightComputations } from './insightComputation.ts';

export interface ComputeStepParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly computations: InsightComputations;
}

/** Computes an insight: Queued → Building Models → Generating Candidates → Complete, or Error with the reason in its log. */
export function computeStep(parts: ComputeStepParts): JobHandler<'computeInsight'> {
  const { store, blobs, queue, clock, computations } = parts;

  const say = (registry: InsightRegistry, line: Omit<BuildLogLine, 'at'>): InsightRegistry => {
    const lines = (registry.BuildLogs?.['lines'] ?? []) as BuildLogLine[];
    const logged = [...lines, { at: toIso(clock()), ...line }];
    return { ...registry, BuildLogs: { ...registry.BuildLogs, lines: logged } };
  };

  const begin = (job: ClaimedJob<'computeInsight'>): Promise<InsightRow | null> =>
    store.transaction(async (transaction) => {
      const row = await insights.lockOurs(transaction, job.payload.insightId);
      if (row === undefined) {
        await queue.complete(transaction, job);
        return null;
      }
      if (row.state !== 'Queued') return row;
      const started = {
        state: 'Building Models' satisfies BuildState,
        startTime: toIso(clock()),
        registry: toJson(say(registryOf(row), { stage: 'state', message: 'Started' })),
      };
      const fresh = { ...row, ...started };
      await insights.update(transaction, row.tenantId, row.id, started);
      await insightText.put(transaction, fresh);
      return fresh;
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
        const output = answer.output === null ? null : await hold.put(answer.output.bytes);
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const now = await insights.lockOurs(transaction, row.id);
          if (now !== undefined) await land(transaction, now, answer, output);
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
    { payload, metrics, lines, output }: InsightAnswer,
    blob: { hash: string; size: number } | null,
  ): Promise<void> {
    const key = insightOutputKey(row.id);
    if (blob !== null) {
      await files.insert(transaction, {
        tenantId: row.tenantId,
        namespace: 'breakthrough',
        name: key,
        ...blob,
        contentType: output!.contentType,
        metadata: toJson([]),
        createdBy: row.createdBy,
        createdAt: toIso(clock()),
      });
    }
    let registry: InsightRegistry = { ...registryOf(row), Metrics: metrics };
    for (const line of lines) registry = say(registry, line);
    registry = say(registry, { stage: 'state', message: 'Complete' });
    await end(transaction, row, {
      state: 'Complete',
      registry: toJson(registry),
      rawPayload: toJson(payload),
      payloadType: 'Breakthrough',
      ...(blob === null ? {} : { outputKey: key }),
    });
  }

  async function endBadly(
    transaction: Database,
    row: InsightRow,
    { code, message }: JobFailure,
  ): Promise<void> {
    const registry = say(registryOf(row), { stage: 'state', code, message });
    await end(transaction, row, { state: 'Error', registry: toJson(registry) });
  }

  async function end(
    transaction: Database,
    row: InsightRow,
    changes: Partial<InsightRow> & { readonly state: BuildState },
  ): Promise<void> {
    const now = clock();
    const startTime = row.startTime ?? row.createdAt;
    const fresh: InsightRow = {
      ...row,
      ...changes,
      startTime,
      endTime: toIso(now),
      totalTime: formatSeconds(secondsBetween(startTime, now)),
    };
    await insights.update(transaction, row.tenantId, row.id, fresh);
    await insightText.put(transaction, fresh);
  }
}

function registryOf(row: InsightRow): InsightRegistry {
  return fromJson<InsightRegistry>(row.registry) ?? {};
}
