import type { MatrixSchema } from '@athanor/schema';
import { encodeMatrix } from '../../compute/matrix/experimentMatrix.ts';
import { joinTables, type SourceTable } from '../../compute/matrix/joinTables.ts';
import type { ScopedTarget } from '../../compute/matrix/locateTargets.ts';
import { readTypedTable } from '../../compute/readTypedTable.ts';
import type { TableSource } from '../../compute/tableSource.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';

/** Put the experiments of several datasets into one matrix. */
export interface MatrixWork {
  readonly kind: 'buildSmartDataset';
  readonly sources: readonly {
    readonly datasetId: string;
    readonly name: string;
    readonly source: TableSource;
  }[];
  readonly targets: readonly ScopedTarget[];
}

export interface MatrixAnswer {
  /** The matrix, encoded. */
  readonly matrix: Uint8Array;
  readonly schema: MatrixSchema;
}

export async function buildMatrix(blobs: BlobStore, { sources, targets }: MatrixWork): Promise<MatrixAnswer> {
  const tables: SourceTable[] = [];
  for (const { datasetId, name, source } of sources) {
    tables.push({ datasetId, name, table: await readTypedTable(blobs, source) });
  }
  const matrix = joinTables(tables, targets);
  return { matrix: encodeMatrix(matrix), schema: matrix.schema };
}
