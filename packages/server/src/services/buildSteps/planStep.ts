import type { BuildState } from '@athanor/schema';
import type { PlanAnswer, PlanWork } from '../../jobs/kinds/planBuild.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import { toJson } from '../../store/json.ts';
import { builds } from '../../store/repositories/builds.ts';
import { modelSessions } from '../../store/repositories/modelSessions.ts';
import { type Builds, orderOf } from '../builds.ts';
import { keepBlobs } from '../keepBlobs.ts';
import { enqueueFinish, enqueueTasks } from './enqueueNext.ts';

/** Reads the table, plans the build, and turns the plan into jobs. */
export function planStep(service: Builds): JobHandler<'planBuild'> {
  const { store, blobs, queue, board } = service;
  return {
    async run(job, runInChild) {
      const { buildId } = job.payload;
      const build = await store.transaction(async (transaction) => {
        const active = await builds.lockActive(transaction, buildId);
        if (active === undefined) await queue.complete(transaction, job);
        if (active === undefined || active.startedAt !== null) return active;
        const started = { ...active, startedAt: service.now };
        await builds.update(transaction, buildId, { startedAt: started.startedAt });
        if (active.sessionId !== null) {
          const state: BuildState = 'Building Models';
          await modelSessions.update(transaction, active.tenantId, active.sessionId, { state });
        }
        await service.say(transaction, started, 'plan', 'Reading the table');
        return started;
      });
      if (build === undefined) return;
      await service.show(store.database, build);
      board.tell(build.sessionId, { type: 'progress' });

      const order = orderOf(build);
      const molecules = await service.compute.describeMolecules(order.source);
      const work: PlanWork = { kind: 'planBuild', order, molecules };
      const { table, plan, summary } = (await runInChild(work, () => {})) as PlanAnswer;
      await keepBlobs(store, blobs, async (hold) => {
        const { hash: tableHash } = await hold.put(table);
        const { hash: planHash } = await hold.put(plan);
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const active = await builds.lockActive(transaction, buildId);
          if (active === undefined) return;
          await builds.update(transaction, buildId, { tableHash, planHash, summary: toJson(summary) });
          const rows = summary.tasks.map(
            ({ id, model, target, after, parts, estimatedSeconds }, position) => ({
              buildId,
              taskId: id,
              position,
              model,
              target,
              after,
              parts,
              estimatedSeconds,
              status: after === null ? 'queued' : 'waiting',
              resultHash: null,
              seconds: null,
              errorCode: null,
              errorMessage: null,
            }),
          );
          await builds.insertTasks(transaction, rows);
          for (const { stage, message } of summary.story) {
            await service.say(transaction, active, stage, message);
          }
          for (const target of summary.targets) {
            await service.say(
              transaction,
              active,
              'plan',
              `${target.key}: ${target.rows} rows in ${target.groups} groups, ${target.folds} folds × ${target.repeats}`,
            );
          }
          for (const warning of summary.warnings) {
            await service.say(transaction, active, 'plan', `Warning: ${warning.message}`);
          }
          const open = rows.filter((row) => row.status === 'queued');
          if (open.length === 0) await enqueueFinish(service, transaction, active);
          else await enqueueTasks(service, transaction, active, open);
          // Whoever asks next puts it up again, with its tasks.
          store.afterCommit(transaction, () => {
            board.takeDown(buildId);
            board.tell(active.sessionId, { type: 'progress' });
          });
        });
      });
    },

    async failed(transaction, job, failure) {
      const build = await builds.lockActive(transaction, job.payload.buildId);
      if (build !== undefined) await service.endBadly(transaction, build, { status: 'failed', ...failure });
    },
  };
}
