/** A process's share of a session: plans when told to, then fits the tasks it is sent, one by one. */
import { parentPort, workerData } from 'node:worker_threads';
import { decodePlan, decodeTable, encodeTaskResult, fitTask, type BuildRequest } from '@athanor/engine';

const { order, table, plan } = workerData as {
  order: Omit<BuildRequest, 'table'>;
  table: Uint8Array;
  plan: Uint8Array;
};
const request: BuildRequest = { ...order, table: decodeTable(table) };
const decoded = decodePlan(plan);
const clock = (): number => performance.now() / 1000;

parentPort!.on('message', ({ taskId, start }: { taskId: string; start: never }) => {
  const task = decoded.tasks.find(({ id }) => id === taskId)!;
  const result = fitTask(request, decoded, task, start, clock, () => {});
  parentPort!.postMessage({ taskId, bytes: encodeTaskResult(result) });
});
