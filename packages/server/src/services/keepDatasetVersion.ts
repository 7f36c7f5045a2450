import type { Database } from '../store/database.ts';
import { toJsonOrNull } from '../store/json.ts';
import type { DatasetRow } from '../store/repositories/datasets.ts';
import { datasetVersions } from '../store/repositories/datasetVersions.ts';
import { files } from '../store/repositories/files.ts';

/** What is known of rows that made a new version. */
export interface GrowthOfData {
  readonly rowsAdded: number;
  readonly insightId: number | null;
  readonly ranks: readonly (number | null)[] | null;
}

/** Keeps the present data of a dataset as its version `dataVersion`, in the transaction that gives it these data. */
export async function keepDatasetVersion(
  transaction: Database,
  row: DatasetRow,
  growth: GrowthOfData | null,
): Promise<void> {
  const { tenantId, key, dataHash, rowCount, columnCount, dataVersion } = row;
  if (key === null || dataHash === null || dataVersion === null) return;
  const file = await files.find(transaction, { tenantId, namespace: 'breakthrough', name: key });
  await datasetVersions.insert(transaction, {
    datasetId: row.id,
    version: dataVersion,
    tenantId,
    fileId: file?.hash === dataHash ? file.id : null,
    key,
    dataHash,
    rowCount: rowCount ?? 0,
    columnCount: columnCount ?? 0,
    rowsAdded: growth?.rowsAdded ?? null,
    insightId: growth?.insightId ?? null,
    ranks: toJsonOrNull(growth?.ranks ?? null),
    createdBy: row.updatedBy,
    createdByName: row.updatedByName,
    createdAt: row.updatedAt,
  });
}
