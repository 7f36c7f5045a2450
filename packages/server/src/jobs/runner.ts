import { ProblemError } from '@athanor/schema';
import type { Log } from '../observe/log.ts';
import { faultPoint } from '../observe/faultPoint.ts';
import type { Store } from '../store/store.ts';
import type { ChildPool } from './childPool.ts';
import { JobError } from './jobError.ts';
import { type ClaimedJob, type JobFailure, type JobKind, LeaseLostError, type Queue } from './queue.ts';

/** Does work in a job process. */
export type RunInChild = (work: unknown, onProgress: (progress: unknown) => void) => Promise<unknown>;

/** What the server does for one kind of job. Thin: it hands the payload to a service. */
export interface JobHandler<Kind extends JobKind> {
  /** Does the job and completes it in the transaction that writes its result. */
  run(job: ClaimedJob<Kind>, runInChild: RunInChild): Promise<void>;
  /** Writes what the end of a job without result means, in the transaction that ends it. */
  failed(
    transaction: Parameters<Queue['fail']>[0],
    job: ClaimedJob<Kind>,
    failure: JobFailure,
  ): Promise<void>;
}

export type JobHandlers = { readonly [Kind in JobKind]: JobHandler<Kind> };

/** Jobs that have ended are kept so long, for whoever looks into what happened. */
const keepEndedMs = 7 * 24 * 3600 * 1000;
/** How long to wait when the store or the disk is in trouble. */
const troubleMs = 1_000;

/** Takes jobs from the queue, as many at once as there are processes, and brings each to an end. */
export class Runner {
  readonly #store: Store;
  readonly #queue: Queue;
  readonly #pool: ChildPool;
  readonly #handlers: JobHandlers;
  readonly #log: Log;
  readonly #size: number;
  readonly #running = new Map<number, { job: ClaimedJob; abort: AbortController; ended: Promise<void> }>();
  #isClaiming = false;
  /** Work came while claiming, so one more look is needed. */
  #hasMore = false;
  #isStopped = false;

  constructor(store: Store, queue: Queue, pool: ChildPool, handlers: JobHandlers, size: number, log: Log) {
    this.#store = store;
    this.#queue = queue;
    this.#pool = pool;
    this.#handlers = handlers;
    this.#size = size;
    this.#log = log;
  }

  /** Brings back what a former process left running, and starts. */
  async start(): Promise<void> {
    const recovered = await this.#queue.recover();
    if (recovered > 0) this.#log.info({ jobs: recovered }, 'jobs of the last run are queued again');
    await this.#queue.forget(keepEndedMs);
    this.#queue.onWork(() => this.#fill());
    await this.#fill();
  }

  /** Stops what runs for a group, at once; call it after the cancellation is committed. */
  stopGroup(group: string): void {
    for (const { job, abort } of this.#running.values()) if (job.group === group) abort.abort();
  }

  /** Takes no more jobs and hands the running ones back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const running = [...this.#running.values()];
    await Promise.all(running.map(({ job }) => this.#queue.release(job)));
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #fill(): Promise<void> {
    this.#hasMore = true;
    if (this.#isClaiming) return;
    this.#isClaiming = true;
    try {
      while (this.#hasMore && !this.#isStopped && this.#running.size < this.#size) {
        this.#hasMore = false;
        const jobs = await this.#queue.claim(this.#size - this.#running.size);
        if (jobs.length > 0) faultPoint('job.claimed');
        for (const job of jobs) this.#run(job);
      }
    } catch (error) {
      this.#log.error({ err: error }, 'jobs could not be claimed');
      setTimeout(() => this.#fill(), troubleMs).unref();
    } finally {
      this.#isClaiming = false;
    }
  }

  #run(job: ClaimedJob): void {
    const abort = new AbortController();
    const ended = this.#attempt(job, abort.signal).finally(() => {
      this.#running.delete(job.id);
      return this.#fill();
    });
    this.#running.set(job.id, { job, abort, ended });
  }

  async #attempt(job: ClaimedJob, signal: AbortSignal): Promise<void> {
    // The union of handlers is called with the kind it belongs to; the compiler cannot see that pairing.
    const handler = this.#handlers[job.kind] as JobHandler<JobKind>;
    try {
      await handler.run(job, (work, onProgress) => this.#pool.run(work, { signal, onProgress }));
    } catch (error) {
      if (error instanceof LeaseLostError || signal.aborted) return;
      await this.#fail(job, handler, error);
    }
  }

  async #fail(job: ClaimedJob, handler: JobHandler<JobKind>, error: unknown): Promise<void> {
    // A refusal of the input is final: the same input would be refused again.
    const isRefusal = error instanceof ProblemError;
    const failure = toFailure(error);
    const details = { jobId: job.id, kind: job.kind, group: job.group, code: failure.code };
    if (!isRefusal) this.#log.warn({ ...details, err: error }, 'a job failed');
    if (isStorageTrouble(error)) {
      this.#releaseLater(job);
      return;
    }
    try {
      await this.#store.transaction(async (transaction) => {
        if (isRefusal) {
          await this.#queue.complete(transaction, job);
          await handler.failed(transaction, job, failure);
          return;
        }
        const next = await this.#queue.fail(transaction, job, failure);
        if (next === 'failed') await handler.failed(transaction, job, failure);
      });
    } catch (second) {
      if (second instanceof LeaseLostError) return;
      this.#log.error({ ...details, err: second }, 'the failure of a job could not be written');
      this.#releaseLater(job);
    }
  }

  /** The store or the disk is in trouble, which is not the job's fault: it is tried again when that may have passed. */
  #releaseLater(job: ClaimedJob): void {
    const release = async (): Promise<void> => {
      if (this.#isStopped) return;
      try {
        await this.#queue.release(job);
        await this.#fill();
      } catch {
        this.#releaseLater(job);
      }
    };
    setTimeout(() => release(), troubleMs).unref();
  }
}

function isStorageTrouble(error: unknown): boolean {
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || code.startsWith('SQLITE_');
}

function toFailure(error: unknown): JobFailure {
  if (error instanceof JobError || error instanceof ProblemError) {
    return { code: error.code, message: error.message };
  }
  return { code: 'BUILD_FAILED', message: error instanceof Error ? error.message : String(error) };
}
