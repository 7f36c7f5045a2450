import { isDeepStrictEqual } from 'node:util';
import type { AuditAction } from '@athanor/schema';
import type { Database } from '../store/database.ts';
import { toJson, toJsonOrNull } from '../store/json.ts';
import { audit } from '../store/repositories/audit.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Caller } from './caller.ts';
import { currentRequest } from './currentRequest.ts';

/** Something a caller did to a record. */
export interface Act {
  readonly action: AuditAction;
  readonly kind: string;
  /** Id of the record on the wire. */
  readonly record: string;
  /** The record as it was on the wire; null when it was made. */
  readonly before: object | null;
  /** The record as it is now; null when it was deleted. */
  readonly after: object | null;
}

/** Fields that say when and by whom, which the entry says itself. */
const stamps = new Set(['Created', 'Updated']);

/**
 * Writes an act into the audit, in the transaction that does it: neither is ever there without the other. Of an
 * update only what has changed is kept.
 */
export async function recordAct(
  transaction: Database,
  caller: Caller,
  at: string,
  { action, kind, record, before, after }: Act,
): Promise<void> {
  const [old, fresh] = before === null || after === null ? [before, after] : differenceOf(before, after);
  await audit.insert(transaction, {
    id: await takeNumbers(transaction, 'audit'),
    tenantId: caller.tenantId,
    at,
    userId: caller.userId,
    userName: caller.userName,
    clientId: caller.clientId,
    action,
    kind,
    record,
    before: toJsonOrNull(old),
    after: toJsonOrNull(fresh),
  });
  const request = currentRequest();
  if (request !== undefined && after !== null) request.answer = toJson(after);
}

function differenceOf(before: object, after: object): [object, object] {
  const old = before as Record<string, unknown>;
  const fresh = after as Record<string, unknown>;
  const changed = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (key) => !stamps.has(key) && !isDeepStrictEqual(old[key], fresh[key]),
  );
  const pick = (record: Record<string, unknown>) =>
    Object.fromEntries(changed.map((key) => [key, record[key] ?? null]));
  return [pick(old), pick(fresh)];
}
