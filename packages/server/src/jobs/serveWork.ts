import { Worker } from 'node:worker_threads';
import type { ErrorCode, ProblemLocation } from '@athanor/schema';
import type { ChildMessage, WorkMessage } from './childMessages.ts';

/** Does one piece of work; `report` tells the parent how far it is. */
export type DoWork = (work: unknown, report: (progress: unknown) => void) => unknown;

/**
 * Makes this process a job process: it does what its parent sends, answers, and ends when the parent goes. Call it
 * once, from the entry file of the child.
 */
export function serveWork(doWork: DoWork): void {
  if (process.send === undefined) throw new Error('this file is started by the Athanor server, not by hand');
  const send = (message: ChildMessage): void => {
    process.send!(message);
  };
  // Without work the event loop sees the parent go; during a long computation only another thread can.
  process.once('disconnect', () => process.exit(0));
  startWatchdog();

  process.on('message', (message: WorkMessage) => {
    void (async () => {
      try {
        send({
          type: 'done',
          result: await doWork(message.work, (progress) => send({ type: 'progress', progress })),
        });
      } catch (error) {
        send(toMessage(error));
      }
    })();
  });
}

function startWatchdog(): void {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const watchdog = new Worker(new URL(`./parentWatchdog.${extension}`, import.meta.url), {
    workerData: process.ppid,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    execArgv: [],
  });
  watchdog.unref();
}

function toMessage(error: unknown): ChildMessage {
  if (!(error instanceof Error)) return { type: 'failed', message: String(error), stack: '' };
  if (error.name === 'EngineError') {
    const { code, location, fix } = error as Error & {
      code: ErrorCode;
      location: ProblemLocation;
      fix: string | undefined;
    };
    return { type: 'refused', code, message: error.message, location, fix };
  }
  return { type: 'failed', message: error.message, stack: error.stack ?? '' };
}
