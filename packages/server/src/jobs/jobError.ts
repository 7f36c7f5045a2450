import type { ErrorCode } from '@athanor/schema';

/** Why the process of a job gave no result. */
export type JobErrorCode = Extract<
  ErrorCode,
  'WORKER_CRASHED' | 'WORKER_OUT_OF_MEMORY' | 'WORKER_TIMEOUT' | 'BUILD_FAILED' | 'CANCELLED'
>;

/** A job's process ended, or its program failed, before there was a result. Another attempt may succeed. */
export class JobError extends Error {
  readonly code: JobErrorCode;

  constructor(code: JobErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'JobError';
    this.code = code;
  }
}
