import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { UserTable } from '../tables.ts';

export type UserRow = Selectable<UserTable>;

export const users = {
  async find(database: Database, tenantId: number, id: number): Promise<UserRow | undefined> {
    return database
      .selectFrom('user')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  async insert(database: Database, row: UserRow): Promise<void> {
    await database.insertInto('user').values(row).execute();
  },
};
