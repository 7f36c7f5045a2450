import type { BuildState } from '@athanor/schema';
import type { FitAnswer, FitProgress, FitWork } from '../../jobs/kinds/fitTask.ts';
import type { ClaimedJob, JobFailure } from '../../jobs/queue.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import { faultPoint } from '../../observe/faultPoint.ts';
import type { Database } from '../../store/database.ts';
import { type BuildRow, type BuildTaskRow, builds } from '../../store/repositories/builds.ts';
import { type ModelRow, models } from '../../store/repositories/models.ts';
import { type Builds, orderOf } from '../builds.ts';
import { keepBlobs } from '../keepBlobs.ts';
import { enqueueNext } from './enqueueNext.ts';

/** Runs one fit task of a build and keeps its result. */
export function fitStep(service: Builds): JobHandler<'fitTask'> {
  const { store, blobs, queue, board } = service;
  return {
    async run(job, runInChild) {
      const { buildId, taskId } = job.payload;
      const begin = await store.transaction((transaction) => prepare(service, transaction, job));
      if (begin === null) return;
      const { build, task, start } = begin;
      const order = orderOf(build);
      const name = order.models[task.model]!.name;
      await service.show(store.database, build);
      board.setStage(buildId, `${name} for ${order.targets[task.target]}`);
      board.tell(build.sessionId, { type: 'progress' });

      const work: FitWork = {
        kind: 'fitTask',
        order,
        tableHash: build.tableHash!,
        planHash: build.planHash!,
        taskId,
        startHash: start?.resultHash ?? null,
      };
      const { result, seconds, failure } = (await runInChild(work, (progress) => {
        board.setTask(buildId, taskId, (progress as FitProgress).done / task.parts);
        board.tell(build.sessionId, { type: 'progress' });
        faultPoint('task.midway');
      })) as FitAnswer;

      await keepBlobs(store, blobs, async (hold) => {
        const { hash } = await hold.put(result);
        faultPoint('task.stored');
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const active = await builds.lockActive(transaction, buildId);
          if (active === undefined) return;
          const landed = { status: 'done', resultHash: hash, seconds };
          await builds.updateTask(transaction, buildId, taskId, landed);
          if (failure === null) {
            await sayWhenModelIsFitted(service, transaction, active, task.model);
          } else {
            await sayFailure(service, transaction, active, task, failure);
            await giveUpFollowers(service, transaction, task, failure);
          }
          await enqueueNext(service, transaction, active, { ...task, ...landed });
          store.afterCommit(transaction, () => {
            board.setTask(buildId, taskId, 1);
            board.tell(active.sessionId, { type: 'progress' });
          });
        });
        faultPoint('task.committed');
      });
    },

    async failed(transaction, job, failure) {
      const build = await builds.lockActive(transaction, job.payload.buildId);
      const task = await builds.findTask(transaction, job.payload.buildId, job.payload.taskId);
      if (build === undefined || task === undefined) return;
      await sayFailure(service, transaction, build, task, failure);
      await giveUp(service, transaction, build, task, failure);
    },
  };
}

interface Begin {
  readonly build: BuildRow;
  readonly task: BuildTaskRow;
  /** The task whose full fit this one starts from. */
  readonly start: BuildTaskRow | undefined;
}

/** Marks the model as being built. Null when there is nothing to do any more; the job is complete then. */
async function prepare(
  service: Builds,
  transaction: Database,
  job: ClaimedJob<'fitTask'>,
): Promise<Begin | null> {
  const { buildId, taskId } = job.payload;
  const build = await builds.lockActive(transaction, buildId);
  const task = await builds.findTask(transaction, buildId, taskId);
  if (build === undefined || task === undefined || task.status !== 'queued') {
    await service.queue.complete(transaction, job);
    return null;
  }
  const model = await findModel(transaction, build, task);
  if (model === undefined) {
    // Deleted, or a client drives the record now: nobody waits for this fit.
    await service.queue.complete(transaction, job);
    const reason = { code: 'CANCELLED', message: 'the record of the model is no longer built here' } as const;
    await giveUp(service, transaction, build, task, reason);
    return null;
  }
  if (model.state === 'Queued') {
    await models.update(transaction, model.tenantId, model.id, {
      state: 'Building Models' satisfies BuildState,
      startTime: service.now,
    });
  }
  const start = task.after === null ? undefined : await builds.findTask(transaction, buildId, task.after);
  return { build, task, start };
}

async function findModel(
  database: Database,
  build: BuildRow,
  task: BuildTaskRow,
): Promise<ModelRow | undefined> {
  const { name } = orderOf(build).models[task.model]!;
  return (await models.listOfBuild(database, build.id)).find((model) => model.requestName === name);
}

/** The task has no result and will have none; neither will those that start from it. */
async function giveUp(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  task: BuildTaskRow,
  { code, message }: JobFailure,
): Promise<void> {
  const failed = { status: 'failed', errorCode: code, errorMessage: message };
  await builds.updateTask(transaction, build.id, task.taskId, failed);
  await giveUpFollowers(service, transaction, task, { code, message });
  await enqueueNext(service, transaction, build, { ...task, ...failed });
  service.store.afterCommit(transaction, () => {
    service.board.setTask(build.id, task.taskId, 1);
    service.board.tell(build.sessionId, { type: 'progress' });
  });
}

/** Tasks that start from one without a fit will have no result either. */
async function giveUpFollowers(
  service: Builds,
  transaction: Database,
  task: BuildTaskRow,
  { code, message }: JobFailure,
): Promise<void> {
  for (const other of await builds.listTasks(transaction, task.buildId)) {
    if (other.after !== task.taskId) continue;
    const failed = { status: 'failed', errorCode: code, errorMessage: message };
    await builds.updateTask(transaction, task.buildId, other.taskId, failed);
    service.store.afterCommit(transaction, () => service.board.setTask(task.buildId, other.taskId, 1));
  }
}

async function sayFailure(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  task: BuildTaskRow,
  { code, message }: JobFailure,
): Promise<void> {
  const order = orderOf(build);
  const what = `${order.models[task.model]!.name} for ${order.targets[task.target]}`;
  await service.say(transaction, build, 'fit', `${what}: ${message}`, code);
}

async function sayWhenModelIsFitted(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  model: number,
): Promise<void> {
  const tasks = (await builds.listTasks(transaction, build.id)).filter((task) => task.model === model);
  if (!tasks.every((task) => task.status === 'done')) return;
  const fits = tasks.reduce((sum, task) => sum + task.parts, 0);
  const seconds = tasks.reduce((sum, task) => sum + (task.seconds ?? 0), 0);
  const { name } = orderOf(build).models[model]!;
  const fitWord = fits === 1 ? 'fit' : 'fits';
  await service.say(transaction, build, 'fit', `${name}: ${fits} ${fitWord} in ${seconds.toFixed(1)} s`);
}
