import { type ErrorCode } from './errors.ts';
import { problemItem, type ProblemItem, type ProblemLocation } from './problem.ts';

/** A refusal on its way to the caller. Thrown by services, turned into `application/problem+json` at the edge. */
export class ProblemError extends Error {
  readonly items: readonly ProblemItem[];

  constructor(items: readonly ProblemItem[], options?: { cause?: unknown }) {
    super(items[0]?.message ?? 'problem', options);
    this.name = 'ProblemError';
    this.items = items;
  }

  /** The one-complaint case. */
  static of(code: ErrorCode, message: string, location?: ProblemLocation, fix?: string): ProblemError {
    return new ProblemError([problemItem(code, message, location, fix)]);
  }

  get code(): ErrorCode {
    return this.items[0]!.code;
  }
}
