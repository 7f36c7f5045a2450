import type { ErrorCode } from '@athanor/schema';
import type { Database } from '../store/database.ts';

/** The kinds of jobs; jobs/kinds has one file for each. */
export const jobKinds = [
  'planBuild',
  'fitTask',
  'previewBuild',
  'finishBuild',
  'computeInsight',
  'buildSmartDataset',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** What each kind of job is told. Everything else is in the store. */
export interface JobPayloads {
  planBuild: { readonly buildId: number };
  fitTask: { readonly buildId: number; readonly taskId: string };
  previewBuild: { readonly buildId: number; readonly model: number };
  finishBuild: { readonly buildId: number };
  computeInsight: { readonly insightId: number };
  buildSmartDataset: { readonly smartDatasetId: number };
}

export interface NewJob<Kind extends JobKind = JobKind> {
  readonly kind: Kind;
  readonly tenantId: number;
  /** Jobs that are cancelled together. */
  readonly group: string;
  readonly payload: JobPayloads[Kind];
  /** Higher runs first; equal ones run in order of arrival. */
  readonly priority: number;
}

/** A job that this process may run until its lease is lost. */
export interface ClaimedJob<Kind extends JobKind = JobKind> extends NewJob<Kind> {
  readonly id: number;
  /** Failed attempts before this one, since the last durable progress. */
  readonly attempts: number;
  /** Number of the lease. */
  readonly fence: number;
}

export interface JobFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The job is not (or no longer) this claim's: cancelled, or given to somebody else. Its result must not be kept. */
export class LeaseLostError extends Error {
  constructor(job: { readonly id: number; readonly fence: number }) {
    super(`job ${job.id} is no longer held under lease ${job.fence}`);
    this.name = 'LeaseLostError';
  }
}

/**
 * Durable work. A job is enqueued in the transaction that writes the record it is for, and completed in the
 * transaction that writes its result, so that neither is ever there without the other.
 */
export interface Queue {
  enqueue(transaction: Database, jobs: readonly NewJob[]): Promise<void>;
  /** Takes up to `limit` waiting jobs, most important first. */
  claim(limit: number): Promise<ClaimedJob[]>;
  /** @throws LeaseLostError, which rolls the transaction back. */
  complete(transaction: Database, job: ClaimedJob): Promise<void>;
  /**
   * Ends an attempt that failed: another one follows unless there have been too many.
   * @returns whether the job will be tried again
   * @throws LeaseLostError
   */
  fail(transaction: Database, job: ClaimedJob, failure: JobFailure): Promise<'again' | 'failed'>;
  /** Notes that something of the job's work is kept, so that failures before it no longer count. @throws LeaseLostError */
  keepProgress(transaction: Database, job: ClaimedJob): Promise<void>;
  /** Gives a job back untried, e.g. because the server stops. Does nothing when the lease is lost. */
  release(job: ClaimedJob): Promise<void>;
  /** Cancels all waiting and running jobs of a group; results of the running ones will be refused. */
  cancelGroup(transaction: Database, group: string): Promise<void>;
  /** Whether any job of a group waits or runs. */
  hasOpen(transaction: Database, group: string): Promise<boolean>;
  /** At start: jobs that ran when the last process ended wait again. That was no attempt. @returns how many */
  recover(): Promise<number>;
  /** Forgets jobs that ended more than `milliseconds` ago. */
  forget(milliseconds: number): Promise<void>;
  /** Calls `listener` when there may be something to claim. */
  onWork(listener: () => void): void;
}
