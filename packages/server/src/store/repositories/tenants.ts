import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { TenantTable } from '../tables.ts';

export type TenantRow = Selectable<TenantTable>;

export const tenants = {
  async list(database: Database): Promise<TenantRow[]> {
    return database.selectFrom('tenant').selectAll().orderBy('id').execute();
  },

  async insert(database: Database, row: TenantRow): Promise<void> {
    await database.insertInto('tenant').values(row).execute();
  },
};
