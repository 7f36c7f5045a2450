import { AuditAction, type AuditEntry } from '@athanor/schema';
import type { Insertable, Selectable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import type { AuditEntryTable } from '../tables.ts';

export type AuditRow = Selectable<AuditEntryTable>;

/** Append-only: the store itself refuses to change or delete an entry. */
export const audit = {
  async insert(database: Database, row: Insertable<AuditEntryTable>): Promise<void> {
    await database.insertInto('auditEntry').values(row).execute();
  },

  /** Newest first. */
  async list(
    database: Database,
    tenantId: number,
    filter: { before?: number; record?: string; userId?: number; action?: AuditAction; limit: number },
  ): Promise<AuditRow[]> {
    const { before, record, userId, action, limit } = filter;
    let query = database.selectFrom('auditEntry').selectAll().where('tenantId', '=', tenantId);
    if (before !== undefined) query = query.where('id', '<', before);
    if (record !== undefined) query = query.where('record', '=', record);
    if (userId !== undefined) query = query.where('userId', '=', userId);
    if (action !== undefined) query = query.where('action', '=', action);
    return query.orderBy('id', 'desc').limit(limit).execute();
  },
};

/** The entry as it goes over the wire. */
export function toAuditEntry(row: AuditRow): AuditEntry {
  return {
    number: row.id,
    at: row.at,
    by: formatId('user', row.userId),
    byName: row.userName,
    clientId: row.clientId,
    action: AuditAction.parse(row.action),
    kind: row.kind,
    record: row.record,
    before: fromJson<Record<string, unknown>>(row.before),
    after: fromJson<Record<string, unknown>>(row.after),
  };
}
