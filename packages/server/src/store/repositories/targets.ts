import type { TargetCriterion, Target, TargetParameter } from '@athanor/schema';
import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { TargetTable } from '../tables.ts';

export type TargetRow = Selectable<TargetTable>;

export const targets = {
  async find(database: Database, tenantId: number, id: number): Promise<TargetRow | undefined> {
    return database
      .selectFrom('target')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  /** Those of the numbers that exist, oldest first. */
  async findMany(database: Database, tenantId: number, ids: readonly number[]): Promise<TargetRow[]> {
    if (ids.length === 0) return [];
    return database
      .selectFrom('target')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', 'in', ids)
      .orderBy('id')
      .execute();
  },

  /** Oldest first. */
  async list(
    database: Database,
    tenantId: number,
    filter: { from: number; parentId?: number; limit: number },
  ): Promise<TargetRow[]> {
    let query = database.selectFrom('target').selectAll().where('tenantId', '=', tenantId);
    if (filter.from > 0) query = query.where('id', '>', filter.from);
    if (filter.parentId !== undefined) query = query.where('parentId', '=', filter.parentId);
    return query.orderBy('id').limit(filter.limit).execute();
  },

  async insert(database: Database, row: TargetRow): Promise<void> {
    await database.insertInto('target').values(row).execute();
  },

  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('target').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },
};

/** The record as it goes over the wire. */
export function toTarget(row: TargetRow): Target {
  const parameters = fromJson<TargetParameter[]>(row.parameters);
  const validation = fromJson<Record<string, unknown>[]>(row.validation);
  return {
    id: formatId('target', row.id),
    name: row.name,
    type: 'performance',
    ...(row.parentId === null ? {} : { parentId: formatId('project', row.parentId) }),
    dataTemplateId: row.dataTemplateId,
    dataColumnId: row.dataColumnId,
    ...(row.unitId === null ? {} : { unitId: row.unitId }),
    ...(parameters === null ? {} : { parameters }),
    targetValue: fromJson<TargetCriterion>(row.targetValue),
    isRequired: row.isRequired === 1,
    ...(validation === null ? {} : { validation }),
    ...auditFields(row),
  };
}
