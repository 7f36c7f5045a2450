import {
  type PatchBody,
  ProblemError,
  type SearchBody,
  type User,
  UserClass,
  type UserCreate,
} from '@athanor/schema';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { formatId, parseRecordId } from '../store/recordId.ts';
import { clients } from '../store/repositories/clients.ts';
import { type UserRow, users } from '../store/repositories/users.ts';
import { auditFields, creationStamps, updateStamps } from '../store/stamps.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import { applyPatch, type PatchableAttributes } from './applyPatch.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { pageSize, type PageWindow, readPage } from './readPage.ts';
import { recordFinder } from './recordFinder.ts';
import { recordAct } from './recordAct.ts';
import type { SignIn } from './signIn.ts';

const patchable: PatchableAttributes = {
  name: { schema: z.string().min(1).max(500), isRequired: true },
  email: { schema: z.email().max(320) },
  status: { schema: z.enum(['active', 'inactive']), isRequired: true },
  userClass: { schema: UserClass, isRequired: true },
};

/** People and programs of a tenant; what they may do is told by their class. */
export class Users {
  readonly #store: Store;
  readonly #signIn: SignIn;
  readonly #clock: Clock;

  constructor(store: Store, signIn: SignIn, clock: Clock) {
    this.#store = store;
    this.#signIn = signIn;
    this.#clock = clock;
  }

  async create(caller: Caller, body: UserCreate): Promise<User> {
    const at = toIso(this.#clock());
    return this.#store.transaction((transaction) =>
      insertUser(transaction, caller, at, caller.tenantId, {
        name: body.name,
        email: body.email ?? null,
        userClass: body.userClass ?? 'standard',
      }).then(toUser),
    );
  }

  /** Oldest first; `lastKey` is absent on the last page. There are no roles, so a filter by role finds nobody. */
  async list(
    caller: Caller,
    filter: {
      startKey?: string | undefined;
      status?: 'active' | 'inactive' | undefined;
      type?: 'role' | undefined;
      id: readonly string[];
    },
  ): Promise<{ Items: User[]; lastKey?: string }> {
    const { startKey, status, type, id } = filter;
    if (type === 'role' && id.length > 0) return { Items: [] };
    const read = (window: PageWindow) =>
      users.list(this.#store.database, caller.tenantId, {
        ...window,
        ...(status === undefined ? {} : { status }),
        ...(id.length === 0 ? {} : { ids: id.map((one) => parseRecordId('user', one) ?? 0) }),
      });
    return readPage('user', startKey, read, toUser);
  }

  async search(
    caller: Caller,
    { text, status, order, offset, limit }: SearchBody,
  ): Promise<{ Items: Omit<User, 'Roles'>[]; offset: number; total: number }> {
    const start = offset ?? 0;
    const { rows, total } = await users.search(this.#store.database, caller.tenantId, {
      text: text ?? '',
      statuses: status === undefined || status === null ? [] : [status].flat(),
      order: order ?? 'desc',
      offset: start,
      limit: limit ?? pageSize,
    });
    // A search hit has `role` where a user has `Roles`.
    return { Items: rows.map(toUser).map(({ Roles: _, ...user }) => user), offset: start, total };
  }

  /** @throws ProblemError RECORD_NOT_FOUND. */
  async get(caller: Caller, userId: string): Promise<User> {
    return toUser(await findUser(this.#store.database, caller, userId));
  }

  /** @throws ProblemError of the patch, USER_NOT_REMOVABLE for the last administrator. */
  async patch(caller: Caller, userId: string, patch: PatchBody): Promise<User> {
    const user = await this.#store.transaction(async (transaction) => {
      const row = await findUser(transaction, caller, userId);
      const changes = applyPatch({ ...toUser(row) }, patch, patchable);
      if (changes.size === 0) return row;
      const text = (attribute: string, present: string): string =>
        (changes.get(attribute) as string | undefined) ?? present;
      return this.#change(transaction, caller, row, 'update', {
        name: text('name', row.name),
        email: changes.has('email') ? ((changes.get('email') as string | undefined) ?? null) : row.email,
        status: text('status', row.status),
        userClass: text('userClass', row.userClass),
      });
    });
    this.#signIn.forgetTrusted();
    return toUser(user);
  }

  /** Makes a user inactive, so that old records keep a name, and ends its clients. @throws ProblemError USER_NOT_REMOVABLE. */
  async delete(caller: Caller, userId: string): Promise<void> {
    await this.#store.transaction(async (transaction) => {
      const row = await findUser(transaction, caller, userId);
      await this.#change(transaction, caller, row, 'delete', { status: 'inactive' });
      await clients.revokeOfUser(transaction, row.id, toIso(this.#clock()));
    });
    this.#signIn.forgetTrusted();
  }

  async #change(
    transaction: Database,
    caller: Caller,
    row: UserRow,
    action: 'update' | 'delete',
    changes: Partial<UserRow>,
  ): Promise<UserRow> {
    const at = toIso(this.#clock());
    const fresh = { ...row, ...changes, ...updateStamps(caller, at) };
    const wasAdministrator = row.userClass === 'admin' && row.status === 'active';
    const isAdministrator = fresh.userClass === 'admin' && fresh.status === 'active';
    if (
      wasAdministrator &&
      !isAdministrator &&
      (await users.countAdministrators(transaction, row.tenantId)) < 2
    ) {
      throw ProblemError.of('USER_NOT_REMOVABLE', 'The last administrator stays.');
    }
    await users.update(transaction, row.tenantId, row.id, fresh);
    const before = toUser(row);
    const after = toUser(fresh);
    await recordAct(transaction, caller, at, {
      action,
      kind: 'user',
      record: before.albertId,
      before,
      after: action === 'delete' ? null : after,
    });
    return fresh;
  }
}

/** Makes a user of a tenant. */
export async function insertUser(
  transaction: Database,
  caller: Caller,
  at: string,
  tenantId: number,
  fields: Pick<UserRow, 'name' | 'email' | 'userClass'>,
): Promise<UserRow> {
  const row: UserRow = {
    id: await takeNumbers(transaction, 'user'),
    tenantId,
    ...fields,
    status: 'active',
    ...creationStamps(caller, at),
  };
  await users.insert(transaction, row);
  const after = toUser(row);
  const act = { action: 'create', kind: 'user', record: after.albertId, before: null, after } as const;
  await recordAct(transaction, caller, at, act);
  return row;
}

/** @throws ProblemError RECORD_NOT_FOUND. */
export const findUser = recordFinder('user', users.find, 'path/userId');

/** The record as it goes over the wire. */
function toUser(row: UserRow): User {
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
