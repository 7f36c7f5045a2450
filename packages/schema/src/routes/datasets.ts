import { z } from 'zod';
import { Dataset, DatasetCreate } from '../records/dataset.ts';
import { DatasetRowsAdd, DatasetRowsAdded, DatasetVersion } from '../records/datasetRows.ts';
import { PatchBody } from '../records/patch.ts';
import { CellValue } from '../records/prediction.ts';
import { DatasetProfile } from '../records/profile.ts';
import { Variable, VariableOverride } from '../records/variable.ts';
import { integerQuery } from './integerQuery.ts';
import { defineRoute } from './route.ts';

const params = z.object({ datasetId: z.string() });

export const datasetRoutes = {
  createDataset: defineRoute({
    name: 'createDataset',
    method: 'POST',
    path: '/btdataset',
    summary: 'Create a dataset; with a key, its file is read and judged at once.',
    tag: 'Datasets',
    body: DatasetCreate,
    status: 201,
    reply: Dataset,
  }),
  listDatasets: defineRoute({
    name: 'listDatasets',
    method: 'GET',
    path: '/btdataset',
    summary: 'List datasets, oldest first, 100 a page.',
    tag: 'Datasets',
    query: z.strictObject({
      startKey: z.string().optional(),
      createdBy: z.string().optional(),
      name: z.string().optional(),
    }),
    status: 200,
    reply: z.object({ Items: z.array(Dataset), lastKey: z.string().optional() }),
  }),
  getDataset: defineRoute({
    name: 'getDataset',
    method: 'GET',
    path: '/btdataset/:datasetId',
    summary: 'Read a dataset.',
    tag: 'Datasets',
    params,
    status: 200,
    reply: Dataset,
  }),
  patchDataset: defineRoute({
    name: 'patchDataset',
    method: 'PATCH',
    path: '/btdataset/:datasetId',
    summary: 'Change name, key, fileName or References.',
    tag: 'Datasets',
    params,
    body: PatchBody,
    status: 200,
    reply: Dataset,
  }),
  deleteDataset: defineRoute({
    name: 'deleteDataset',
    method: 'DELETE',
    path: '/btdataset/:datasetId',
    summary: 'Delete a dataset; refused while a session uses it.',
    tag: 'Datasets',
    params,
    status: 204,
  }),
  listVariables: defineRoute({
    name: 'listVariables',
    method: 'GET',
    path: '/btdataset/:datasetId/variables',
    summary: 'What each column was taken for.',
    tag: 'Datasets',
    params,
    status: 200,
    reply: z.object({ variables: z.array(Variable) }),
  }),
  patchVariables: defineRoute({
    name: 'patchVariables',
    method: 'PATCH',
    path: '/btdataset/:datasetId/variables',
    summary: 'Say what columns really are; null takes an override back.',
    tag: 'Datasets',
    params,
    body: z.strictObject({ variables: z.array(VariableOverride).max(2000) }),
    status: 200,
    reply: z.object({ variables: z.array(Variable) }),
  }),
  getDatasetProfile: defineRoute({
    name: 'getDatasetProfile',
    method: 'GET',
    path: '/btdataset/:datasetId/profile',
    summary: 'What the table looks like, with everything that deserves a look.',
    tag: 'Datasets',
    params,
    status: 200,
    reply: DatasetProfile,
  }),
  listRows: defineRoute({
    name: 'listRows',
    method: 'GET',
    path: '/btdataset/:datasetId/rows',
    summary: 'Read rows of the table as parsed; missing cells are null.',
    tag: 'Datasets',
    params,
    query: z.strictObject({
      offset: integerQuery(0, Number.MAX_SAFE_INTEGER, 0),
      limit: integerQuery(1, 1000, 100),
    }),
    status: 200,
    reply: z.object({
      columns: z.array(z.string()),
      rows: z.array(z.array(CellValue)),
      offset: z.int(),
      total: z.int(),
    }),
  }),
  addRows: defineRoute({
    name: 'addRows',
    method: 'POST',
    path: '/btdataset/:datasetId/rows',
    summary: 'Add measured results as a new version of the data; on request, build its sessions anew.',
    tag: 'Datasets',
    params,
    body: DatasetRowsAdd,
    status: 201,
    reply: DatasetRowsAdded,
  }),
  listDatasetVersions: defineRoute({
    name: 'listDatasetVersions',
    method: 'GET',
    path: '/btdataset/:datasetId/versions',
    summary: 'The data as they were, newest first.',
    tag: 'Datasets',
    params,
    status: 200,
    reply: z.object({ Items: z.array(DatasetVersion) }),
  }),
} as const;
