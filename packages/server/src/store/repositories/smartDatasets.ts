import type { SmartDataset, SmartDatasetScope } from '@athanor/schema';
import type { Selectable, Updateable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { SmartDatasetTable } from '../tables.ts';

export type SmartDatasetRow = Selectable<SmartDatasetTable>;

export const smartDatasets = {
  async find(database: Database, tenantId: number, id: number): Promise<SmartDatasetRow | undefined> {
    return database
      .selectFrom('smartDataset')
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
  ): Promise<SmartDatasetRow[]> {
    let query = database.selectFrom('smartDataset').selectAll().where('tenantId', '=', tenantId);
    if (filter.from > 0) query = query.where('id', '>', filter.from);
    return query.orderBy('id').limit(filter.limit).execute();
  },

  /** The one whose matrix this server is building; undefined when nobody waits for it any more. */
  async findBuilding(database: Database, id: number): Promise<SmartDatasetRow | undefined> {
    return database
      .selectFrom('smartDataset')
      .selectAll()
      .where('id', '=', id)
      .where('isOurs', '=', 1)
      .where('buildState', '=', 'building')
      .executeTakeFirst();
  },

  async insert(database: Database, row: SmartDatasetRow): Promise<void> {
    await database.insertInto('smartDataset').values(row).execute();
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<SmartDatasetTable>,
  ): Promise<void> {
    await database
      .updateTable('smartDataset')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  },

  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('smartDataset').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },
};

/** The record as it goes over the wire. */
export function toSmartDataset(row: SmartDatasetRow): SmartDataset {
  const schema = fromJson<Record<string, unknown>>(row.schema);
  const failure = fromJson<{ code: string; message: string }>(row.failure);
  return {
    id: formatId('smartDataset', row.id),
    type: 'smart',
    ...(row.parentId === null ? {} : { parentId: formatId('project', row.parentId) }),
    ...(row.buildState === null ? {} : { buildState: row.buildState as SmartDataset['buildState'] }),
    scope: fromJson<SmartDatasetScope>(row.scope),
    ...(schema === null ? {} : { schema }),
    ...(row.storageKey === null ? {} : { storageKey: row.storageKey }),
    ...(failure === null ? {} : { failure }),
    ...auditFields(row),
  };
}
