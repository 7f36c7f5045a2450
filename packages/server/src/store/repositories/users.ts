import { type Selectable, sql, type SqlBool, type Updateable } from 'kysely';
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

  /** Oldest first. */
  async list(
    database: Database,
    tenantId: number,
    filter: { from: number; status?: string; ids?: readonly number[]; limit: number },
  ): Promise<UserRow[]> {
    const { from, status, ids, limit } = filter;
    let query = database.selectFrom('user').selectAll().where('tenantId', '=', tenantId);
    if (from > 0) query = query.where('id', '>', from);
    if (status !== undefined) query = query.where('status', '=', status);
    if (ids !== undefined) query = query.where('id', 'in', ids);
    return query.orderBy('id').limit(limit).execute();
  },

  /** Those whose name or email contains `text`. */
  async search(
    database: Database,
    tenantId: number,
    wanted: {
      text: string;
      statuses: readonly string[];
      order: 'asc' | 'desc';
      offset: number;
      limit: number;
    },
  ): Promise<{ rows: UserRow[]; total: number }> {
    const text = wanted.text.toLowerCase();
    let query = database
      .selectFrom('user')
      .where('tenantId', '=', tenantId)
      .where(
        sql<SqlBool>`(instr(lower(name), ${text}) > 0 or instr(lower(coalesce(email, '')), ${text}) > 0)`,
      );
    if (wanted.statuses.length > 0) query = query.where('status', 'in', wanted.statuses);
    const { total } = await query
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await query
      .selectAll()
      .orderBy('id', wanted.order)
      .offset(wanted.offset)
      .limit(wanted.limit)
      .execute();
    return { rows, total };
  },

  async countAdministrators(database: Database, tenantId: number): Promise<number> {
    const { total } = await database
      .selectFrom('user')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .where('tenantId', '=', tenantId)
      .where('userClass', '=', 'admin')
      .where('status', '=', 'active')
      .executeTakeFirstOrThrow();
    return total;
  },

  async insert(database: Database, row: UserRow): Promise<void> {
    await database.insertInto('user').values(row).execute();
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<UserTable>,
  ): Promise<void> {
    await database
      .updateTable('user')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  },
};
