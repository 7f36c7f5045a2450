import type { Services } from '../../services/services.ts';
import { JsonText, type RouteHandlers } from '../registerRoute.ts';

type SmartDatasetRoute =
  | 'createSmartDataset'
  | 'listSmartDatasets'
  | 'getSmartDataset'
  | 'patchSmartDataset'
  | 'deleteSmartDataset'
  | 'getSmartDatasetData';

export function smartDatasetHandlers({ smartDatasets }: Services): RouteHandlers<SmartDatasetRoute> {
  return {
    createSmartDataset: ({ caller, query, body }) =>
      smartDatasets.create(caller, body, query.build?.toLowerCase() !== 'false'),
    listSmartDatasets: ({ caller, query }) => smartDatasets.list(caller, query.startKey),
    getSmartDataset: ({ caller, params }) => smartDatasets.get(caller, params.smartDatasetId),
    patchSmartDataset: ({ caller, params, body }) => smartDatasets.patch(caller, params.smartDatasetId, body),
    deleteSmartDataset: ({ caller, params }) => smartDatasets.delete(caller, params.smartDatasetId),
    getSmartDatasetData: async ({ caller, params, query }) =>
      new JsonText(
        await smartDatasets.data(caller, params.smartDatasetId, query.aggregate_by, query.id, query.variable),
      ),
  };
}
