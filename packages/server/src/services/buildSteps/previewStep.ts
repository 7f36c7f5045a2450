import type { PreviewAnswer, PreviewWork } from '../../jobs/kinds/previewBuild.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import { toJson } from '../../store/json.ts';
import { builds } from '../../store/repositories/builds.ts';
import { models } from '../../store/repositories/models.ts';
import { modelSessions } from '../../store/repositories/modelSessions.ts';
import { buildLogOf } from '../buildLogOf.ts';
import { type Builds, orderOf } from '../builds.ts';
import { keepBlobs } from '../keepBlobs.ts';
import { artifactKey, keepModelFiles, storeModels } from './keepModelFiles.ts';

/**
 * The first model of a session has all of its fits: it answers from now on, marked as provisional, until the session ends
 * and names its default. Where it cannot, nothing is lost: the end of the build does it all again.
 */
export function previewStep(service: Builds): JobHandler<'previewBuild'> {
  const { store, blobs, queue } = service;
  return {
    async run(job, runInChild) {
      const { buildId, model } = job.payload;
      const build = await store.transaction(async (transaction) => {
        const active = await builds.lockActive(transaction, buildId);
        if (active === undefined) await queue.complete(transaction, job);
        return active;
      });
      if (build === undefined) return;
      const order = orderOf(build);
      const tasks = (await builds.listTasks(store.database, buildId)).filter((task) => task.model === model);
      const work: PreviewWork = {
        kind: 'previewBuild',
        order,
        tableHash: build.tableHash!,
        planHash: build.planHash!,
        model,
        resultHashes: tasks.flatMap(({ resultHash }) => resultHash ?? []),
      };
      const outcome = (await runInChild(work, () => {})) as PreviewAnswer;
      await keepBlobs(store, blobs, async (hold) => {
        const stored = await storeModels(hold, outcome.models);
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const active = await builds.lockActive(transaction, buildId);
          if (active === undefined || active.sessionId === null) return;
          const { name } = order.models[model]!;
          const row = (await models.listOfBuild(transaction, buildId)).find(
            (one) => one.requestName === name,
          );
          const session = await modelSessions.find(transaction, active.tenantId, active.sessionId);
          const bytes = stored.get(name);
          if (
            row === undefined ||
            bytes === undefined ||
            session === undefined ||
            session.defaultModel !== null
          )
            return;
          await keepModelFiles(transaction, row, bytes, service.now);
          await models.update(transaction, row.tenantId, row.id, {
            modelBinaryKey: artifactKey(row),
            artifactHash: bytes.artifact.hash,
          });
          await service.say(
            transaction,
            active,
            'combine',
            `${name} can predict already; it is provisional until the session is complete`,
          );
          const registry = {
            Metrics: outcome.metrics,
            BuildLogs: await buildLogOf(transaction, active),
          };
          await modelSessions.update(transaction, session.tenantId, session.id, {
            defaultModel: row.name,
            ...(session.registryByClient === 0 ? { registry: toJson(registry) } : {}),
          });
          store.afterCommit(transaction, () => service.board.tell(active.sessionId, { type: 'progress' }));
        });
      });
    },

    // The build goes on without it.
    async failed() {},
  };
}
