import type { Services } from '../../services/services.ts';
import type { RouteHandlers } from '../registerRoute.ts';

type DatasetRoute =
  | 'createDataset'
  | 'listDatasets'
  | 'getDataset'
  | 'patchDataset'
  | 'deleteDataset'
  | 'listVariables'
  | 'patchVariables'
  | 'getDatasetProfile'
  | 'listRows'
  | 'addRows'
  | 'listDatasetVersions';

export function datasetHandlers({ datasets, addedRows }: Services): RouteHandlers<DatasetRoute> {
  return {
    createDataset: ({ caller, body }) => datasets.create(caller, body),
    listDatasets: ({ caller, query }) => datasets.list(caller, query),
    getDataset: ({ caller, params }) => datasets.get(caller, params.datasetId),
    patchDataset: ({ caller, params, body }) => datasets.patch(caller, params.datasetId, body),
    deleteDataset: ({ caller, params }) => datasets.delete(caller, params.datasetId),
    listVariables: async ({ caller, params }) => ({
      variables: await datasets.listVariables(caller, params.datasetId),
    }),
    patchVariables: async ({ caller, params, body }) => ({
      variables: await datasets.patchVariables(caller, params.datasetId, body.variables),
    }),
    getDatasetProfile: ({ caller, params }) => datasets.profile(caller, params.datasetId),
    listRows: ({ caller, params, query }) =>
      datasets.listRows(caller, params.datasetId, query.offset, query.limit),
    addRows: ({ caller, params, body }) => addedRows.add(caller, params.datasetId, body),
    listDatasetVersions: async ({ caller, params }) => ({
      Items: await addedRows.listVersions(caller, params.datasetId),
    }),
  };
}
