import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { ClientTable } from '../tables.ts';

export type ClientRow = Selectable<ClientTable>;

/** A client together with the user it acts for. */
export interface ClientWithUser extends ClientRow {
  readonly userName: string;
  readonly userClass: string;
  readonly userStatus: string;
}

export const clients = {
  async find(database: Database, clientId: string): Promise<ClientWithUser | undefined> {
    return database
      .selectFrom('client')
      .innerJoin('user', 'user.id', 'client.userId')
      .selectAll('client')
      .select(['user.name as userName', 'user.userClass as userClass', 'user.status as userStatus'])
      .where('client.clientId', '=', clientId)
      .executeTakeFirst();
  },

  async list(database: Database, tenantId: number): Promise<ClientRow[]> {
    return database
      .selectFrom('client')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .orderBy('createdAt')
      .execute();
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
};
