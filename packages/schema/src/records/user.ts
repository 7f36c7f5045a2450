import { z } from 'zod';
import { UserId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

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

export const UserCreate = z.strictObject({
  name: z.string().min(1).max(500),
  email: z.email().max(320).nullish(),
  userClass: UserClass.nullish(),
  Roles: z
    .array(z.record(z.string(), z.unknown()))
    .max(0, 'must be empty: Athanor has user classes only')
    .nullish(),
  Location: z.null().optional(),
  witnesser: z.null().optional(),
  Metadata: z.null().optional(),
  albertId: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type UserCreate = z.infer<typeof UserCreate>;
