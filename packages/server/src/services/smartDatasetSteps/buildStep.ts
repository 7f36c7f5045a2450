import {
  type DatasetReferences,
  ProblemError,
  type SmartDatasetScope,
  type SmartDatasetState,
} from '@athanor/schema';
import type { MatrixAnswer, MatrixWork } from '../../jobs/kinds/buildSmartDataset.ts';
import type { Queue } from '../../jobs/queue.ts';
import type { JobHandler } from '../../jobs/runner.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import type { Database } from '../../store/database.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { formatId, parseRecordId } from '../../store/recordId.ts';
import { datasets } from '../../store/repositories/datasets.ts';
import { files } from '../../store/repositories/files.ts';
import { type SmartDatasetRow, smartDatasets } from '../../store/repositories/smartDatasets.ts';
import type { Store } from '../../store/store.ts';
import { type Clock, toIso } from '../clock.ts';
import { tableSourceOf } from '../datasets.ts';
import { collectAfterCommit, keepBlobs } from '../keepBlobs.ts';
import { matrixKey } from '../matrixKey.ts';
import { scopedTargets } from '../scopedTargets.ts';

export interface BuildMatrixParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly queue: Queue;
  readonly clock: Clock;
}

/** Builds the matrix of a smart dataset from the datasets that are in its scope now: building → ready or failed. */
export function buildStep(parts: BuildMatrixParts): JobHandler<'buildSmartDataset'> {
  const { store, blobs, queue, clock } = parts;
  return {
    async run(job, runInChild) {
      const row = await store.transaction(async (transaction) => {
        const found = await smartDatasets.findBuilding(transaction, job.payload.smartDatasetId);
        if (found === undefined) await queue.complete(transaction, job);
        return found;
      });
      if (row === undefined) return;
      const work = await orderOf(store.database, row);
      const { matrix, schema } = (await runInChild(work, () => {})) as MatrixAnswer;
      await keepBlobs(store, blobs, async (hold) => {
        const blob = await hold.put(matrix);
        await store.transaction(async (transaction) => {
          await queue.complete(transaction, job);
          const now = await smartDatasets.findBuilding(transaction, row.id);
          if (now === undefined) return;
          const file = { tenantId: row.tenantId, namespace: 'breakthrough', name: matrixKey(row.id) };
          const former = await files.delete(transaction, file);
          await files.insert(transaction, {
            ...file,
            ...blob,
            contentType: 'application/json',
            metadata: toJson([]),
            createdBy: row.updatedBy,
            createdAt: toIso(clock()),
          });
          await smartDatasets.update(transaction, row.tenantId, row.id, {
            buildState: 'ready' satisfies SmartDatasetState,
            schema: toJson(schema),
            storageKey: file.name,
            matrixHash: blob.hash,
          });
          collectAfterCommit(store, blobs, transaction, former);
        });
      });
    },

    async failed(transaction, job, { code, message }) {
      const row = await smartDatasets.findBuilding(transaction, job.payload.smartDatasetId);
      if (row === undefined) return;
      await smartDatasets.update(transaction, row.tenantId, row.id, {
        buildState: 'failed' satisfies SmartDatasetState,
        failure: toJson({ code, message }),
      });
    },
  };
}

/** Everything the matrix depends on. @throws ProblemError SMART_DATASET_EMPTY. */
async function orderOf(database: Database, row: SmartDatasetRow): Promise<MatrixWork> {
  const scope = fromJson<SmartDatasetScope>(row.scope);
  const projectIds = new Set(scope.projectIds);
  const sheetIds = scope.sheetIds ?? null;
  const found = await datasets.listWithData(database, row.tenantId);
  const sources = found.flatMap((dataset) => {
    const references = fromJson<DatasetReferences>(dataset.references);
    const isInProject =
      (dataset.parentId !== null && projectIds.has(dataset.parentId)) ||
      references?.project_ids.some((id) => projectIds.has(id)) === true;
    const isInSheets =
      sheetIds === null || references?.sheet_ids?.some((id) => sheetIds.includes(id)) === true;
    const source = tableSourceOf(dataset);
    if (!isInProject || !isInSheets || source === null) return [];
    return [{ datasetId: formatId('dataset', dataset.id), name: dataset.name, source }];
  });
  if (sources.length === 0) {
    throw ProblemError.of(
      'SMART_DATASET_EMPTY',
      `No dataset with data is in ${scope.projectIds.join(', ') || 'the scope, which names no project'}.`,
    );
  }
  const numbers = scope.targetIds.map((id) => parseRecordId('target', id)!);
  return {
    kind: 'buildSmartDataset',
    sources,
    targets: await scopedTargets(database, row.tenantId, numbers),
  };
}
