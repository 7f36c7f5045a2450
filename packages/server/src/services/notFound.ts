import { ProblemError, type ProblemLocation } from '@athanor/schema';

/** The one answer for ids that are unknown, malformed or another tenant's. */
export function notFound(what: string, field: string): ProblemError {
  const location: ProblemLocation = { field };
  return ProblemError.of('RECORD_NOT_FOUND', `There is no such ${what}.`, location);
}
