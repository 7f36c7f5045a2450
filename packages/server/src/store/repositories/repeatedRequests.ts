import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { RepeatedRequestTable } from '../tables.ts';

export type RepeatedRequestRow = Selectable<RepeatedRequestTable>;

export const repeatedRequests = {
  async find(
    database: Database,
    tenantId: number,
    clientId: string,
    key: string,
  ): Promise<RepeatedRequestRow | undefined> {
    return database
      .selectFrom('repeatedRequest')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('clientId', '=', clientId)
      .where('key', '=', key)
      .executeTakeFirst();
  },

  async insert(database: Database, row: RepeatedRequestRow): Promise<void> {
    await database.insertInto('repeatedRequest').values(row).execute();
  },

  async setAnswer(
    database: Database,
    tenantId: number,
    clientId: string,
    key: string,
    answer: string,
  ): Promise<void> {
    await database
      .updateTable('repeatedRequest')
      .set({ answer })
      .where('tenantId', '=', tenantId)
      .where('clientId', '=', clientId)
      .where('key', '=', key)
      .execute();
  },

  /** Forgets requests from before an instant. */
  async forget(database: Database, before: string): Promise<void> {
    await database.deleteFrom('repeatedRequest').where('at', '<', before).execute();
  },
};
