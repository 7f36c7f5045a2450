import { z } from 'zod';

/** Who did something and when; `at` is an ISO-8601 instant in UTC. */
export const AuditStamp = z
  .object({
    by: z.string(),
    byName: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'AuditStamp' });
export type AuditStamp = z.infer<typeof AuditStamp>;

/** Fields that every record carries on the wire. */
export const recordAuditFields = {
  status: z.enum(['active', 'inactive']),
  Created: AuditStamp,
  Updated: AuditStamp,
} as const;

/**
 * Read-only fields a client may send back when it creates a record from a fetched one. They are accepted so
 * that copying a record works, and have no effect: the server writes them itself.
 */
export const ignoredOnCreate = {
  status: z.unknown().optional(),
  Created: z.unknown().optional(),
  Updated: z.unknown().optional(),
} as const;
