import { z } from 'zod';
import { UserId } from './identifier.ts';

export const auditActions = ['create', 'update', 'delete', 'build', 'cancel', 'upload', 'revoke'] as const;
export const AuditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof AuditAction>;

/** One act: who did what to which record, and what it was before and after. Never changed, never deleted. */
export const AuditEntry = z
  .object({
    /** Grows with time. */
    number: z.int(),
    at: z.iso.datetime(),
    by: UserId,
    byName: z.string(),
    /** Credential that was used. */
    clientId: z.string(),
    action: AuditAction,
    /** Kind of record, e.g. `dataset`. */
    kind: z.string(),
    /** Id of the record, e.g. `DST1`. */
    record: z.string(),
    /** The record (of an update, only what changed) before; null when it was made. */
    before: z.record(z.string(), z.unknown()).nullable(),
    /** The same after; null when it was deleted. */
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;
