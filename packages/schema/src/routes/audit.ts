import { z } from 'zod';
import { AuditAction, AuditEntry } from '../records/auditEntry.ts';
import { integerQuery } from './integerQuery.ts';
import { defineRoute } from './route.ts';

export const auditRoutes = {
  listAudit: defineRoute({
    name: 'listAudit',
    method: 'GET',
    path: '/audit',
    summary: 'Who did what to which record, newest first; without a record for privileged users only.',
    tag: 'Audit',
    query: z.strictObject({
      /** Id of one record, e.g. `DST1`. */
      record: z.string().max(1100).optional(),
      /** Id of a user. */
      by: z.string().max(100).optional(),
      action: AuditAction.optional(),
      startKey: z.string().optional(),
      limit: integerQuery(1, 1000, 100),
    }),
    status: 200,
    reply: z.object({ Items: z.array(AuditEntry), lastKey: z.string().optional() }),
  }),
} as const;
