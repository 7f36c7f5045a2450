import { z } from 'zod';
import { DatasetId, ProjectId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

/** Where a dataset was assembled from. Inside this one object the wire is snake_case, unlike everywhere else. */
export const DatasetReferences = z
  .strictObject({
    project_ids: z.array(z.string()),
    data_column_ids: z.array(z.string()).nullish(),
    target_ids: z.array(z.string()).nullish(),
    sheet_ids: z.array(z.string()).nullish(),
    filter: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({ id: 'DatasetReferences' });
export type DatasetReferences = z.infer<typeof DatasetReferences>;

/** How to read the data file, where that cannot be told from its bytes. */
export const DatasetReadOptions = z
  .strictObject({
    /** Sheet of a workbook. */
    sheet: z.string().max(200).optional(),
    decimalMark: z.enum(['.', ',']).optional(),
  })
  .meta({ id: 'DatasetReadOptions' });
export type DatasetReadOptions = z.infer<typeof DatasetReadOptions>;

const ReportLink = z.object({ id: z.string() });

/** A dataset: the pointer to a table of experiments and what is known of its columns. */
export const Dataset = z
  .object({
    albertId: DatasetId,
    name: z.string(),
    parentId: ProjectId.optional(),
    /** Name of the data file in the file store, namespace `breakthrough`. */
    key: z.string().optional(),
    fileName: z.string().optional(),
    Report: ReportLink.optional(),
    References: DatasetReferences.optional(),
    readOptions: DatasetReadOptions.optional(),
    /** SHA-256 of the data file, hexadecimal; absent while the dataset has no data. */
    dataHash: z.string().optional(),
    rowCount: z.int().optional(),
    columnCount: z.int().optional(),
    /** Which version of its data this is, from 1 on; absent while the dataset has no data. */
    dataVersion: z.int().optional(),
    ...recordAuditFields,
  })
  .meta({ id: 'Dataset' });
export type Dataset = z.infer<typeof Dataset>;

export const DatasetCreate = z.strictObject({
  name: z.string().min(1).max(500),
  parentId: ProjectId.optional(),
  key: z.string().min(1).max(1024).optional(),
  fileName: z.string().max(500).optional(),
  Report: ReportLink.optional(),
  References: DatasetReferences.optional(),
  readOptions: DatasetReadOptions.optional(),
  albertId: z.unknown().optional(),
  dataVersion: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type DatasetCreate = z.infer<typeof DatasetCreate>;
