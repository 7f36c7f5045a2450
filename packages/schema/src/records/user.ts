import { z } from 'zod';
import { UserId } from './identifier.ts';
import { recordAuditFields } from './recordAudit.ts';

/** Permission tiers of the public client, weakest first. */
export const userClasses = ['guest', 'standard', 'trusted', 'privileged', 'admin'] as const;
export const UserClass = z.enum(userClasses);
export type UserClass = z.infer<typeof UserClass>;

export const User = z
  .object({
    albertId: UserId,
    name: z.string(),
    email: z.string().optional(),
    userClass: UserClass,
    Roles: z.array(z.object({ id: z.string(), name: z.string() })),
    ...recordAuditFields,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;
