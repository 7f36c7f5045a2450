import type { Database } from '../../store/database.ts';
import { type BuildRow, type BuildTaskRow, builds } from '../../store/repositories/builds.ts';
import { type Builds, orderOf } from '../builds.ts';
import { groupOf } from '../groupOf.ts';

/** A session that is nearly ready becomes ready before others begin. */
const finishPriority = 20;
const fitPriority = 0;

/**
 * A task has landed or failed: enqueues what it made possible, and the finish when it was the last. The caller
 * holds the lock of the build, so that two tasks landing at once do not both think the other is still open.
 */
export async function enqueueNext(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  ended: BuildTaskRow,
): Promise<void> {
  const tasks = await builds.listTasks(transaction, build.id);
  const ready = tasks.filter((task) => task.after === ended.taskId && task.status === 'waiting');
  for (const { taskId } of ready)
    await builds.updateTask(transaction, build.id, taskId, { status: 'queued' });
  await enqueueTasks(service, transaction, build, ready);
  await enqueuePreview(service, transaction, build, tasks, ended);
  const isOver = tasks.every((task) => task.status === 'done' || task.status === 'failed');
  if (isOver) await enqueueFinish(service, transaction, build);
}

/** The first model of an automatic session with all of its fits, while others go on, becomes usable. */
async function enqueuePreview(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  tasks: readonly BuildTaskRow[],
  ended: BuildTaskRow,
): Promise<void> {
  if (build.modelId !== null || ended.status !== 'done') return;
  const { models, targets } = orderOf(build);
  const stands = (model: number): boolean => {
    const own = tasks.filter((task) => task.model === model);
    return (
      models[model]!.kind !== 'constant' &&
      own.length > 0 &&
      own.every(({ status }) => status === 'done') &&
      targets.every((_, target) => own.some((task) => task.target === target))
    );
  };
  const standing = models.flatMap((_, model) => (stands(model) ? [model] : []));
  const goesOn = tasks.some(({ status }) => status === 'waiting' || status === 'queued');
  if (!goesOn || standing.length !== 1 || standing[0] !== ended.model) return;
  await service.queue.enqueue(transaction, [
    {
      kind: 'previewBuild',
      tenantId: build.tenantId,
      group: groupOf(build.id),
      payload: { buildId: build.id, model: ended.model },
      priority: finishPriority,
    },
  ]);
}

export async function enqueueTasks(
  service: Builds,
  transaction: Database,
  build: BuildRow,
  tasks: readonly BuildTaskRow[],
): Promise<void> {
  await service.queue.enqueue(
    transaction,
    tasks.map(({ taskId }) => ({
      kind: 'fitTask' as const,
      tenantId: build.tenantId,
      group: groupOf(build.id),
      payload: { buildId: build.id, taskId },
      priority: fitPriority,
    })),
  );
}

export async function enqueueFinish(service: Builds, transaction: Database, build: BuildRow): Promise<void> {
  await service.queue.enqueue(transaction, [
    {
      kind: 'finishBuild',
      tenantId: build.tenantId,
      group: groupOf(build.id),
      payload: { buildId: build.id },
      priority: finishPriority,
    },
  ]);
}
