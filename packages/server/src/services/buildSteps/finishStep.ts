import type { BuildState, ErrorCode } from '@athanor/schema';
import type { FinishAnswer, FinishWork } from '../../jobs/kinds/finishBuild.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import { faultPoint } from '../../observe/faultPoint.ts';
import type { Database } from '../../store/database.ts';
import { type BuildRow, builds } from '../../store/repositories/builds.ts';
import { models } from '../../store/repositories/models.ts';
import { formatId } from '../../store/recordId.ts';
import { buildLogOf } from '../buildLogOf.ts';
import { type Builds, orderOf } from '../builds.ts';
import { keepBlobs } from '../keepBlobs.ts';
import { modelEnding, withResults } from '../modelEnding.ts';
import { askForCandidates } from './askForCandidates.ts';
import { artifactKey, keepModelFiles, type ModelBlobs, storeModels } from './keepModelFiles.ts';

/** All tasks have ended: judges the models, keeps their artifacts, and ends the build. */
export function finishStep(service: Builds): JobHandler<'finishBuild'> {
  const { store, blobs, queue, board } = service;
  return {
    async run(job, runInChild) {
      const { buildId } = job.payload;
      const build = await builds.find(store.database, buildId);
      if (build === undefined) throw new TypeError(`there is no build ${buildId} to finish`);
      const tasks = await builds.listTasks(store.database, buildId);
      await service.show(store.database, build);
      board.setStage(buildId, 'Judging the models');
      board.tell(build.sessionId, { type: 'progress' });

      const work: FinishWork = {
        kind: 'finishBuild',
        order: orderOf(build),
        tableHash: build.tableHash!,
        planHash: build.planHash!,
        resultHashes: tasks.flatMap(({ resultHash }) => resultHash ?? []),
        failures: tasks.flatMap(({ taskId, status, errorCode, errorMessage }) =>
          status === 'failed' ? [{ taskId, code: errorCode as ErrorCode, message: errorMessage! }] : [],
        ),
      };
      const outcome = (await runInChild(work, () => {})) as FinishAnswer;
      await keepBlobs(store, blobs, async (hold) => {
        const artifacts = await storeModels(hold, outcome.models);
        faultPoint('artifact.stored');
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const active = await builds.lockActive(transaction, buildId);
          if (active !== undefined) await land(service, transaction, active, outcome, artifacts);
        });
      });
    },

    async failed(transaction, job, failure) {
      const build = await builds.lockActive(transaction, job.payload.buildId);
      if (build !== undefined) await service.endBadly(transaction, build, { status: 'failed', ...failure });
    },
  };
}

/** Writes what came out: models, artifacts, registry, states. Records that a client has taken over are left alone. */
async function land(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  outcome: FinishAnswer,
  artifacts: ReadonlyMap<string, ModelBlobs>,
): Promise<void> {
  for (const { name, target, reason } of outcome.failed) {
    await service.say(transaction, build, 'combine', `${name} for ${target}: ${reason}`, 'BUILD_FAILED');
  }
  for (const warning of outcome.warnings) {
    await service.say(transaction, build, 'combine', `Warning: ${warning.message}`);
  }
  const chosen = outcome.metrics.defaultModel;
  const verdict = chosen === null ? '' : `, default ${chosen}. ${outcome.metrics.defaultReason}`;
  await service.say(
    transaction,
    build,
    'state',
    `Complete: ${artifacts.size} of ${orderOf(build).models.length} models${verdict}`,
  );
  await sayRepeated(service, transaction, build, artifacts);
  await builds.update(transaction, build.id, { status: 'complete', endedAt: service.now });
  const hashes = [...artifacts].map(([model, { artifact }]) => ({ model, sha256: artifact.hash }));
  const log = await buildLogOf(transaction, build, hashes);
  const results = { Metrics: outcome.metrics, BuildLogs: log };

  const insightId = artifacts.size === 0 ? null : await askForCandidates(service, transaction, build);
  for (const model of await models.listOfBuild(transaction, build.id)) {
    const blobs = artifacts.get(model.requestName!);
    const artifact = blobs?.artifact;
    if (blobs !== undefined) await keepModelFiles(transaction, model, blobs, service.now);
    const isGenerating = build.modelId !== null && insightId !== null;
    const state: BuildState =
      artifact === undefined ? 'Error' : isGenerating ? 'Generating Candidates' : 'Complete';
    await models.update(transaction, model.tenantId, model.id, {
      state,
      ...modelEnding(model, build, service.clock()),
      modelBinaryKey: artifact === undefined ? null : artifactKey(model),
      artifactHash: artifact?.hash ?? null,
      ...(build.modelId === null
        ? {}
        : {
            metadata: withResults(model, {
              ...results,
              ...(insightId === null ? {} : { candidatesInsightId: formatId('insight', insightId) }),
            }),
          }),
    });
  }
  await service.settleSession(transaction, build, results, chosen, insightId !== null);
  await service.dropIntermediates(transaction, build);
}

/** Whether a repeated build gave the bytes of the first one. */
async function sayRepeated(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  artifacts: ReadonlyMap<string, ModelBlobs>,
): Promise<void> {
  const { repeats } = orderOf(build);
  if (repeats === undefined) return;
  const others = repeats.artifacts.filter(
    ({ model, sha256 }) => artifacts.get(model)?.artifact.hash !== sha256,
  );
  const message =
    others.length === 0
      ? `Repeats ${repeats.sessionId} to the byte: ${repeats.artifacts.length} models`
      : `Differs from ${repeats.sessionId}, built by version ${repeats.version}: ${others.map(({ model }) => model).join(', ')}`;
  await service.say(transaction, build, 'combine', message);
}
