import { randomBytes } from 'node:crypto';
import { type ApiClient, type ApiClientCreate, ProblemError, UserClass } from '@athanor/schema';
import type { Database } from '../store/database.ts';
import { formatId } from '../store/recordId.ts';
import { clients, type ClientWithUser } from '../store/repositories/clients.ts';
import { tenants } from '../store/repositories/tenants.ts';
import type { UserRow } from '../store/repositories/users.ts';
import type { Store } from '../store/store.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Caller } from './caller.ts';
import { type Clock, toIso } from './clock.ts';
import { notFound } from './notFound.ts';
import { recordAct } from './recordAct.ts';
import { hashSecret, type SignIn } from './signIn.ts';
import { findUser, insertUser } from './users.ts';

/** The tenant that the first start made: its administrators look after all tenants. */
const firstTenantId = 1;

/** Credentials to sign in with, for people and programs. */
export class ApiClients {
  readonly #store: Store;
  readonly #signIn: SignIn;
  readonly #clock: Clock;

  constructor(store: Store, signIn: SignIn, clock: Clock) {
    this.#store = store;
    this.#signIn = signIn;
    this.#clock = clock;
  }

  /**
   * Makes a credential, and a user for it unless one is named.
   * @returns the credential with its secret, which is nowhere else
   * @throws ProblemError RECORD_NOT_FOUND for the user, ROLE_INSUFFICIENT for another tenant.
   */
  async create(caller: Caller, body: ApiClientCreate): Promise<ApiClient & { clientSecret: string }> {
    const at = toIso(this.#clock());
    const clientSecret = randomBytes(32).toString('base64url');
    const clientId = `athanor-${randomBytes(6).toString('hex')}`;
    return this.#store.transaction(async (transaction) => {
      const tenantId = await this.#tenantOf(transaction, caller, body.tenant, at);
      const user: UserRow =
        body.userId === undefined
          ? await insertUser(transaction, caller, at, tenantId, {
              name: body.name,
              email: null,
              userClass: body.userClass,
            })
          : await findUser(transaction, { tenantId }, body.userId, 'body/userId');
      await clients.insert(transaction, {
        clientId,
        tenantId,
        userId: user.id,
        name: body.name,
        secretHash: hashSecret(clientSecret),
        createdAt: at,
        revokedAt: null,
      });
      const after = toApiClient((await clients.find(transaction, clientId))!);
      const act = { action: 'create', kind: 'client', record: clientId, before: null, after } as const;
      await recordAct(transaction, caller, at, act);
      return { ...after, clientSecret };
    });
  }

  /** Oldest first. */
  async list(caller: Caller): Promise<ApiClient[]> {
    const rows = await clients.list(
      this.#store.database,
      caller.tenantId === firstTenantId ? null : caller.tenantId,
    );
    return rows.map(toApiClient);
  }

  /** Ends a credential and its tokens. @throws ProblemError RECORD_NOT_FOUND, USER_NOT_REMOVABLE for one's own. */
  async revoke(caller: Caller, clientId: string): Promise<void> {
    const at = toIso(this.#clock());
    await this.#store.transaction(async (transaction) => {
      const row = await clients.find(transaction, clientId);
      const isMine =
        row !== undefined && (caller.tenantId === firstTenantId || row.tenantId === caller.tenantId);
      if (!isMine) throw notFound('client', 'path/clientId');
      if (clientId === caller.clientId) {
        throw ProblemError.of(
          'USER_NOT_REMOVABLE',
          'A client cannot revoke itself.',
          { field: 'path/clientId' },
          'Revoke it with another administrator’s client.',
        );
      }
      if (row.revokedAt !== null) return;
      await clients.revoke(transaction, row.tenantId, clientId, at);
      const before = toApiClient(row);
      const after = { ...before, revokedAt: at };
      await recordAct(transaction, caller, at, {
        action: 'revoke',
        kind: 'client',
        record: clientId,
        before,
        after,
      });
    });
    this.#signIn.forgetTrusted();
  }

  async #tenantOf(
    transaction: Database,
    caller: Caller,
    name: string | undefined,
    at: string,
  ): Promise<number> {
    const all = await tenants.list(transaction);
    const known = all.find((tenant) => tenant.name === name);
    if (name === undefined || known?.id === caller.tenantId) return caller.tenantId;
    if (caller.tenantId !== firstTenantId) {
      throw ProblemError.of(
        'ROLE_INSUFFICIENT',
        'Only administrators of the first tenant may make clients of another one.',
        { field: 'body/tenant' },
      );
    }
    if (known !== undefined) return known.id;
    const id = await takeNumbers(transaction, 'tenant');
    await tenants.insert(transaction, { id, name, createdAt: at });
    return id;
  }
}

function toApiClient(row: ClientWithUser): ApiClient {
  return {
    clientId: row.clientId,
    name: row.name,
    userId: formatId('user', row.userId),
    userName: row.userName,
    userClass: UserClass.parse(row.userClass),
    tenant: row.tenantName,
    createdAt: row.createdAt,
    revokedAt: row.revokedAt,
  };
}
