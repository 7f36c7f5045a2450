import type { Dataset, DatasetReadOptions, DatasetReferences, VariableOverride } from '@athanor/schema';
import type { Selectable, Updateable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { DatasetTable } from '../tables.ts';

export type DatasetRow = Selectable<DatasetTable>;

export interface DatasetFilter {
  /** Only datasets with a greater number. */
  readonly from: number;
  readonly createdBy?: { readonly id: number | null; readonly name: string };
  readonly name?: string;
  readonly limit: number;
}

export const datasets = {
  async find(database: Database, tenantId: number, id: number): Promise<DatasetRow | undefined> {
    return database
      .selectFrom('dataset')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  /** Oldest first. */
  async list(database: Database, tenantId: number, filter: DatasetFilter): Promise<DatasetRow[]> {
    let query = database.selectFrom('dataset').selectAll().where('tenantId', '=', tenantId);
    const { from, createdBy, name, limit } = filter;
    if (from > 0) query = query.where('id', '>', from);
    if (name !== undefined) query = query.where('name', '=', name);
    if (createdBy !== undefined) {
      query =
        createdBy.id === null
          ? query.where('createdByName', '=', createdBy.name)
          : query.where('createdBy', '=', createdBy.id);
    }
    return query.orderBy('id').limit(limit).execute();
  },

  /** Datasets of a tenant that have data, oldest first. */
  async listWithData(database: Database, tenantId: number): Promise<DatasetRow[]> {
    return database
      .selectFrom('dataset')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('dataHash', 'is not', null)
      .orderBy('id')
      .execute();
  },

  /** Datasets of all tenants that have data and may have sessions or models that still wait for it. */
  async listAwaited(database: Database): Promise<Pick<DatasetRow, 'tenantId' | 'id'>[]> {
    return database
      .selectFrom('dataset')
      .select(['tenantId', 'id'])
      .where('dataHash', 'is not', null)
      .where(({ or, exists, selectFrom }) =>
        or([
          exists(
            selectFrom('modelSession')
              .select('modelSession.id')
              .whereRef('modelSession.datasetId', '=', 'dataset.id')
              .where('modelSession.state', '=', 'Queued'),
          ),
          exists(
            selectFrom('model')
              .select('model.id')
              .whereRef('model.datasetId', '=', 'dataset.id')
              .where('model.requestName', 'is not', null)
              .where('model.buildId', 'is', null),
          ),
        ]),
      )
      .execute();
  },

  /** Does any dataset, other than one, have its data under this key? */
  async hasKey(database: Database, tenantId: number, key: string, except = 0): Promise<boolean> {
    const row = await database
      .selectFrom('dataset')
      .select('id')
      .where('tenantId', '=', tenantId)
      .where('key', '=', key)
      .where('id', '!=', except)
      .executeTakeFirst();
    return row !== undefined;
  },

  async insert(database: Database, row: DatasetRow): Promise<void> {
    await database.insertInto('dataset').values(row).execute();
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<DatasetTable>,
  ): Promise<void> {
    await database
      .updateTable('dataset')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  },

  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('dataset').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },
};

/** The record as it goes over the wire. */
export function toDataset(row: DatasetRow): Dataset {
  const references = fromJson<DatasetReferences>(row.references);
  const report = fromJson<{ id: string }>(row.report);
  const readOptions = fromJson<DatasetReadOptions>(row.readOptions);
  return {
    albertId: formatId('dataset', row.id),
    name: row.name,
    ...(row.parentId === null ? {} : { parentId: row.parentId }),
    ...(row.key === null ? {} : { key: row.key }),
    ...(row.fileName === null ? {} : { fileName: row.fileName }),
    ...(report === null ? {} : { Report: report }),
    ...(references === null ? {} : { References: references }),
    ...(readOptions === null ? {} : { readOptions }),
    ...(row.dataHash === null ? {} : { dataHash: row.dataHash }),
    ...(row.rowCount === null ? {} : { rowCount: row.rowCount }),
    ...(row.columnCount === null ? {} : { columnCount: row.columnCount }),
    ...(row.dataHash === null || row.dataVersion === null ? {} : { dataVersion: row.dataVersion }),
    ...auditFields(row),
  };
}

/** What the user said about the columns. */
export function overridesOf(row: DatasetRow): VariableOverride[] {
  return fromJson<VariableOverride[]>(row.overrides);
}
