import type { UserClass } from '@athanor/schema';
import type { Author } from '../store/stamps.ts';

/** Who a request comes from: every service takes it, and sees nothing but the tenant's own records. */
export interface Caller extends Author {
  readonly tenantId: number;
  readonly userClass: UserClass;
  /** Credential the token was given for. */
  readonly clientId: string;
}
