import type { Database } from '../store/database.ts';
import { parseRecordId } from '../store/recordId.ts';
import { type SmartDatasetRow, smartDatasets } from '../store/repositories/smartDatasets.ts';
import type { Caller } from './caller.ts';
import { notFound } from './notFound.ts';

/** @throws ProblemError RECORD_NOT_FOUND, the same for unknown, malformed and foreign ids. */
export async function findSmartDataset(
  database: Database,
  caller: Pick<Caller, 'tenantId'>,
  smartDatasetId: string,
  field: string,
): Promise<SmartDatasetRow> {
  const id = parseRecordId('smartDataset', smartDatasetId);
  const row = id === null ? undefined : await smartDatasets.find(database, caller.tenantId, id);
  if (row === undefined) throw notFound('smart dataset', field);
  return row;
}
