import { workerData } from 'node:worker_threads';

/** How often to look for the parent. */
export const parentWatchdogMs = 1_000;

// An orphan gets another parent; its work would never be asked for again.
setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, parentWatchdogMs);
