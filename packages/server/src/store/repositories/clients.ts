import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { ClientTable } from '../tables.ts';

export type ClientRow = Selectable<ClientTable>;

/** A client together with the user it acts for. */
export interface ClientWithUser extends ClientRow {
  readonly userName: string;
  readonly userClass: string;
  readonly userStatus: string;
  readonly tenantName: string;
}

export const clients = {
  async find(database: Database, clientId: string): Promise<ClientWithUser | undefined> {
    return withUsers(database).where('client.clientId', '=', clientId).executeTakeFirst();
  },

  /** Oldest first; of all tenants for null. */
  async list(database: Database, tenantId: number | null): Promise<ClientWithUser[]> {
    let query = withUsers(database);
    if (tenantId !== null) query = query.where('client.tenantId', '=', tenantId);
    return query.orderBy('client.createdAt').orderBy('client.clientId').execute();
  },

  async insert(database: Database, row: ClientRow): Promise<void> {
    await database.insertInto('client').values(row).execute();
  },

  async revoke(database: Database, tenantId: number, clientId: string, at: string): Promise<boolean> {
    const { numUpdatedRows } = await database
      .updateTable('client')
      .set({ revokedAt: at })
      .where('tenantId', '=', tenantId)
      .where('clientId', '=', clientId)
      .where('revokedAt', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  async revokeOfUser(database: Database, userId: number, at: string): Promise<void> {
    await database
      .updateTable('client')
      .set({ revokedAt: at })
      .where('userId', '=', userId)
      .where('revokedAt', 'is', null)
      .execute();
  },
};

function withUsers(database: Database) {
  return database
    .selectFrom('client')
    .innerJoin('user', 'user.id', 'client.userId')
    .innerJoin('tenant', 'tenant.id', 'client.tenantId')
    .selectAll('client')
    .select([
      'user.name as userName',
      'user.userClass as userClass',
      'user.status as userStatus',
      'tenant.name as tenantName',
    ]);
}
