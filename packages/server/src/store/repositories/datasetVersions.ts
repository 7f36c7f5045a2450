import type { DatasetVersion } from '@athanor/schema';
import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import { formatId } from '../recordId.ts';
import type { DatasetVersionTable } from '../tables.ts';

export type DatasetVersionRow = Selectable<DatasetVersionTable>;

export const datasetVersions = {
  /** Newest first. */
  async list(database: Database, datasetId: number): Promise<DatasetVersionRow[]> {
    return database
      .selectFrom('datasetVersion')
      .selectAll()
      .where('datasetId', '=', datasetId)
      .orderBy('version', 'desc')
      .execute();
  },

  /** Versions, of whatever dataset, whose rows an insight has proposed; oldest first. */
  async listOfInsight(database: Database, tenantId: number, insightId: number): Promise<DatasetVersionRow[]> {
    return database
      .selectFrom('datasetVersion')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('insightId', '=', insightId)
      .orderBy('datasetId')
      .orderBy('version')
      .execute();
  },

  /** Were these ever the data of the dataset? */
  async has(database: Database, datasetId: number, dataHash: string): Promise<boolean> {
    const found = await database
      .selectFrom('datasetVersion')
      .select('version')
      .where('datasetId', '=', datasetId)
      .where('dataHash', '=', dataHash)
      .limit(1)
      .executeTakeFirst();
    return found !== undefined;
  },

  async insert(database: Database, row: DatasetVersionRow): Promise<void> {
    await database.insertInto('datasetVersion').values(row).execute();
  },
};

/** The version as it goes over the wire. */
export function toDatasetVersion(row: DatasetVersionRow): DatasetVersion {
  const { version, key, dataHash, rowCount, columnCount, rowsAdded } = row;
  return {
    datasetId: formatId('dataset', row.datasetId),
    version,
    key,
    ...(row.fileId === null ? {} : { versionId: String(row.fileId) }),
    dataHash,
    rowCount,
    columnCount,
    rowsAdded,
    ...(row.insightId === null ? {} : { insightId: formatId('insight', row.insightId) }),
    Created: { by: formatId('user', row.createdBy), byName: row.createdByName, at: row.createdAt },
  };
}
