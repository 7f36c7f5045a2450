import type { ErrorCode, ProblemLocation } from '@athanor/schema';

/**
 * A refusal by the engine: bad input, never a bug. The code is one of the shared error table, the location a place
 * in the user's file or request; the server turns it into a problem document without knowing more.
 */
export class EngineError extends Error {
  readonly code: ErrorCode;
  readonly location: ProblemLocation;
  /** A more exact remedy than the usual one of the code. */
  readonly fix: string | undefined;

  constructor(code: ErrorCode, message: string, location: ProblemLocation = {}, fix?: string) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.location = location;
    this.fix = fix;
  }
}
