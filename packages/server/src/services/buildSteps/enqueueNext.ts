import type { Database } from '../../store/database.ts';
import { type BuildRow, type BuildTaskRow, builds } from '../../store/repositories/builds.ts';
import { type Builds, groupOf } from '../builds.ts';

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
  const isOver = tasks.every((task) => task.status === 'done' || task.status === 'failed');
  if (isOver) await enqueueFinish(service, transaction, build);
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
