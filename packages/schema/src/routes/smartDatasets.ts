import { z } from 'zod';
import { PatchBody } from '../records/patch.ts';
import {
  AggregationLevel,
  SmartDataset,
  SmartDatasetCreate,
  SmartDatasetData,
} from '../records/smartDataset.ts';
import { listQuery } from './listQuery.ts';
import { defineRoute } from './route.ts';

const params = z.object({ smartDatasetId: z.string() });
/** Whose permissions to borrow; Athanor's permissions are those of the tenant, so it changes nothing. */
const parentId = z.string().max(100).optional();
/** Python writes its booleans with a capital letter. */
const flag = z
  .string()
  .regex(/^(true|false)$/i, 'must be true or false')
  .optional();

export const smartDatasetRoutes = {
  createSmartDataset: defineRoute({
    name: 'createSmartDataset',
    method: 'POST',
    path: '/smartdatasets',
    summary: 'Create a smart dataset and build its matrix, unless build=false.',
    tag: 'Smart datasets',
    query: z.strictObject({ build: flag }),
    body: SmartDatasetCreate,
    status: 201,
    reply: SmartDataset,
  }),
  listSmartDatasets: defineRoute({
    name: 'listSmartDatasets',
    method: 'GET',
    path: '/smartdatasets',
    summary: 'List smart datasets, oldest first, 100 a page.',
    tag: 'Smart datasets',
    query: z.strictObject({ startKey: z.string().optional() }),
    status: 200,
    reply: z.object({ Items: z.array(SmartDataset), lastKey: z.string().optional() }),
  }),
  getSmartDataset: defineRoute({
    name: 'getSmartDataset',
    method: 'GET',
    path: '/smartdatasets/:smartDatasetId',
    summary: 'Read a smart dataset.',
    tag: 'Smart datasets',
    params,
    query: z.strictObject({ parentId }),
    status: 200,
    reply: SmartDataset,
  }),
  patchSmartDataset: defineRoute({
    name: 'patchSmartDataset',
    method: 'PATCH',
    path: '/smartdatasets/:smartDatasetId',
    summary:
      'Change the scope, which builds the matrix anew; or buildState, storageKey, schema by an outside worker.',
    tag: 'Smart datasets',
    params,
    body: PatchBody,
    status: 200,
    reply: SmartDataset,
  }),
  deleteSmartDataset: defineRoute({
    name: 'deleteSmartDataset',
    method: 'DELETE',
    path: '/smartdatasets/:smartDatasetId',
    summary: 'Delete a smart dataset and its matrix; refused while a design run works on it.',
    tag: 'Smart datasets',
    params,
    status: 204,
  }),
  getSmartDatasetData: defineRoute({
    name: 'getSmartDatasetData',
    method: 'GET',
    path: '/smartdatasets/:smartDatasetId/experiments/data',
    summary: 'Read the matrix at a level: means, their uncertainty and counts.',
    tag: 'Smart datasets',
    params,
    query: z.strictObject({
      aggregate_by: AggregationLevel.default('measurement'),
      parentId,
      id: listQuery(z.string().max(500)),
      variable: listQuery(z.string().max(500)),
    }),
    status: 200,
    reply: SmartDatasetData,
  }),
} as const;
