import { formatId } from '../store/recordId.ts';

/** Name of a smart dataset's matrix among the tenant's files. */
export function matrixKey(id: number): string {
  return `smartdatasets/${formatId('smartDataset', id)}/matrix.json`;
}
