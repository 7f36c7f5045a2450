import { type AuditAction, type AuditEntry, ProblemError } from '@athanor/schema';
import { parseRecordId } from '../store/recordId.ts';
import { audit, toAuditEntry } from '../store/repositories/audit.ts';
import type { Store } from '../store/store.ts';
import { hasRole } from './hasRole.ts';
import type { Caller } from './caller.ts';

/** Reading of the audit; it is written by recordAct, beside each act. */
export class AuditTrail {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Newest first; `lastKey` is absent on the last page. The story of one record is for everybody, deleted records
   * included.
   * @throws ProblemError ROLE_INSUFFICIENT for a look at everything by users below `privileged`.
   */
  async list(
    caller: Caller,
    filter: {
      record?: string | undefined;
      by?: string | undefined;
      action?: AuditAction | undefined;
      startKey?: string | undefined;
      limit: number;
    },
  ): Promise<{ Items: AuditEntry[]; lastKey?: string }> {
    const { record, by, action, startKey, limit } = filter;
    if (record === undefined && !hasRole(caller, 'privileged')) {
      throw ProblemError.of(
        'ROLE_INSUFFICIENT',
        'The audit of everything is for users of class privileged or above; name a record.',
        { field: 'query/record' },
      );
    }
    if (startKey !== undefined && !/^[1-9][0-9]{0,14}$/.test(startKey)) {
      throw ProblemError.of('FIELD_INVALID', 'query/startKey must be the lastKey of the page before', {
        field: 'query/startKey',
        value: startKey,
      });
    }
    const rows = await audit.list(this.#store.database, caller.tenantId, {
      ...(record === undefined
        ? {}
        : { record: /^[a-z]{3}\d+$/i.test(record) ? record.toUpperCase() : record }),
      // An id that cannot be one has done nothing.
      ...(by === undefined ? {} : { userId: parseRecordId('user', by) ?? 0 }),
      ...(action === undefined ? {} : { action }),
      ...(startKey === undefined ? {} : { before: Number(startKey) }),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    return {
      Items: page.map(toAuditEntry),
      ...(rows.length > limit ? { lastKey: String(page.at(-1)!.id) } : {}),
    };
  }
}
