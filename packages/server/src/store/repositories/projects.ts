import type { Project } from '@athanor/schema';
import { type Selectable, sql, type Updateable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { ProjectTable } from '../tables.ts';

export type ProjectRow = Selectable<ProjectTable>;

export const projects = {
  async find(database: Database, tenantId: number, id: number): Promise<ProjectRow | undefined> {
    return database
      .selectFrom('project')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  /** Oldest first. */
  async list(
    database: Database,
    tenantId: number,
    filter: { from: number; limit: number },
  ): Promise<ProjectRow[]> {
    let query = database.selectFrom('project').selectAll().where('tenantId', '=', tenantId);
    if (filter.from > 0) query = query.where('id', '>', filter.from);
    return query.orderBy('id').limit(filter.limit).execute();
  },

  /** Those whose description contains `text`, newest first unless told otherwise. */
  async search(
    database: Database,
    tenantId: number,
    wanted: { text: string; order: 'asc' | 'desc'; offset: number; limit: number },
  ): Promise<{ rows: ProjectRow[]; total: number }> {
    const query = database
      .selectFrom('project')
      .where('tenantId', '=', tenantId)
      .where(sql<number>`instr(lower(description), ${wanted.text.toLowerCase()})`, '>', 0);
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

  async insert(database: Database, row: ProjectRow): Promise<void> {
    await database.insertInto('project').values(row).execute();
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<ProjectTable>,
  ): Promise<void> {
    await database
      .updateTable('project')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  },

  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('project').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },
};

/** The record as it goes over the wire. */
export function toProject(row: ProjectRow): Project {
  return {
    albertId: formatId('project', row.id),
    description: row.description,
    class: row.class as Project['class'],
    ...(row.state === null ? {} : { state: row.state }),
    ...fromJson<object>(row.kept),
    ...auditFields(row),
  };
}
