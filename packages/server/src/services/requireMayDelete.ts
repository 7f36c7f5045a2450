import { ProblemError } from '@athanor/schema';
import type { Caller } from './caller.ts';
import { hasRole } from './hasRole.ts';

/** @throws ProblemError ROLE_INSUFFICIENT: a standard user deletes what is its own, a trusted one also what is not. */
export function requireMayDelete(caller: Caller, row: { readonly createdBy: number }): void {
  if (row.createdBy === caller.userId || hasRole(caller, 'trusted')) return;
  throw ProblemError.of(
    'ROLE_INSUFFICIENT',
    'Somebody else made this record; only users of class trusted or above may delete it.',
  );
}
