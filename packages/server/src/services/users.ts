import { ProblemError, type User, UserClass } from '@athanor/schema';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { users } from '../store/repositories/users.ts';
import { auditFields } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import type { Caller } from './caller.ts';

export class Users {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, userId: string): Promise<User> {
    const id = parseRecordId('user', userId);
    const row = id === null ? undefined : await users.find(this.#store.database, caller.tenantId, id);
    if (row === undefined) {
      throw ProblemError.of('RECORD_NOT_FOUND', 'There is no such user.', { field: 'path/userId' });
    }
    return {
      albertId: formatId('user', row.id),
      name: row.name,
      ...(row.email === null ? {} : { email: row.email }),
      userClass: UserClass.parse(row.userClass),
      Roles: [],
      ...auditFields(row),
      status: row.status === 'active' ? 'active' : 'inactive',
    };
  }
}
