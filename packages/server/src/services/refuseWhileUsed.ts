import { type ErrorCode, ProblemError } from '@athanor/schema';

/** How many of the records that stand in the way are named. */
const namedAtMost = 10;

/** @throws ProblemError naming the records that still use one; `code` RECORD_IN_USE unless told otherwise. */
export function refuseWhileUsed(
  kind: string,
  users: readonly string[],
  code: ErrorCode = 'RECORD_IN_USE',
): void {
  if (users.length === 0) return;
  const more = users.length > namedAtMost ? ' and more' : '';
  throw ProblemError.of(code, `The ${kind} is used by ${users.slice(0, namedAtMost).join(', ')}${more}.`);
}
