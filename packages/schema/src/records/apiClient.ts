import { z } from 'zod';
import { UserId } from './identifier.ts';
import { UserClass } from './user.ts';

/** A credential to sign in with. Its secret is shown once, when it is made. */
export const ApiClient = z
  .object({
    clientId: z.string(),
    name: z.string(),
    userId: UserId,
    userName: z.string(),
    userClass: UserClass,
    tenant: z.string(),
    createdAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiClient' });
export type ApiClient = z.infer<typeof ApiClient>;

export const ApiClientCreate = z.strictObject({
  /** What it is for, e.g. `nightly import`. */
  name: z.string().min(1).max(200),
  userClass: UserClass.default('standard'),
  /** User that it acts for; absent to make one of the client's name. */
  userId: UserId.optional(),
  /** Tenant by name, made when there is none; only administrators of the first tenant may name another than theirs. */
  tenant: z.string().min(1).max(200).optional(),
});
export type ApiClientCreate = z.infer<typeof ApiClientCreate>;
