import type { AuditStamp } from '@athanor/schema';
import { formatId } from './recordId.ts';

/** Who writes. */
export interface Author {
  readonly userId: number;
  readonly userName: string;
}

/** Columns for a new record. */
export function creationStamps(author: Author, at: string) {
  return {
    createdBy: author.userId,
    createdByName: author.userName,
    createdAt: at,
    ...updateStamps(author, at),
  };
}

/** Columns for a changed record. */
export function updateStamps(author: Author, at: string) {
  return { updatedBy: author.userId, updatedByName: author.userName, updatedAt: at };
}

/** The fields every record carries on the wire. */
export function auditFields(row: ReturnType<typeof creationStamps>): {
  status: 'active';
  Created: AuditStamp;
  Updated: AuditStamp;
} {
  return {
    status: 'active',
    Created: { by: formatId('user', row.createdBy), byName: row.createdByName, at: row.createdAt },
    Updated: { by: formatId('user', row.updatedBy), byName: row.updatedByName, at: row.updatedAt },
  };
}
