import { z } from 'zod';
import { ProjectId, SmartDatasetId, TargetId } from './identifier.ts';
import { recordAuditFields } from './recordAudit.ts';
import { DataType, VariableType } from './variable.ts';
import { Warning } from './warning.ts';

export const smartDatasetStates = ['building', 'ready', 'failed'] as const;
export const SmartDatasetState = z.enum(smartDatasetStates);
export type SmartDatasetState = z.infer<typeof SmartDatasetState>;

/** Which experiments make a smart dataset. */
export const SmartDatasetScope = z
  .strictObject({
    projectIds: z.array(ProjectId).max(1000).default([]),
    targetIds: z.array(TargetId).max(1000).default([]),
    /** Only datasets assembled from these worksheets; null for all. */
    sheetIds: z.array(z.string().max(100)).max(1000).nullish(),
    targetParentIds: z.record(z.string(), z.string()).nullish(),
  })
  .meta({ id: 'SmartDatasetScope' });
export type SmartDatasetScope = z.infer<typeof SmartDatasetScope>;

/** A column of the experiment matrix. */
export const MatrixVariable = z
  .object({
    key: z.string(),
    name: z.string(),
    type: VariableType,
    data_type: DataType,
    unit: z.string().nullable(),
    /** Number of experiments that have a value. */
    count: z.int(),
  })
  .meta({ id: 'MatrixVariable' });
export type MatrixVariable = z.infer<typeof MatrixVariable>;

/** Where a target of the scope is in the matrix. */
export const MatrixTarget = z
  .object({
    targetId: TargetId,
    name: z.string(),
    /** Key of the variable that measures it; null when no column does. */
    variable: z.string().nullable(),
    /** Experiments with a value, measured under the target's conditions. */
    sampleCount: z.int(),
    /** Conditions whose parameter is no column of the matrix; they hold back every experiment. */
    unknownParameters: z.array(z.string()),
  })
  .meta({ id: 'MatrixTarget' });
export type MatrixTarget = z.infer<typeof MatrixTarget>;

/** What is known of a built matrix; `schema` on the wire is free-form because a client may write its own. */
export const MatrixSchema = z
  .object({
    rowCount: z.int(),
    variables: z.array(MatrixVariable),
    targets: z.array(MatrixTarget),
    datasets: z.array(z.object({ id: z.string(), name: z.string(), rowCount: z.int() })),
    /** What was converted, kept apart or left out: units and types that contradict each other, by name. */
    warnings: z.array(Warning),
  })
  .meta({ id: 'MatrixSchema' });
export type MatrixSchema = z.infer<typeof MatrixSchema>;

/** All experiments of a scope as one matrix. */
export const SmartDataset = z
  .object({
    id: SmartDatasetId,
    type: z.literal('smart'),
    parentId: ProjectId.optional(),
    buildState: SmartDatasetState.optional(),
    scope: SmartDatasetScope.optional(),
    schema: z.record(z.string(), z.unknown()).optional(),
    /** Name of the matrix in the file store, namespace `breakthrough`. */
    storageKey: z.string().optional(),
    /** Why the build failed. */
    failure: z.object({ code: z.string(), message: z.string() }).optional(),
    ...recordAuditFields,
  })
  .meta({ id: 'SmartDataset' });
export type SmartDataset = z.infer<typeof SmartDataset>;

export const SmartDatasetCreate = z.strictObject({
  scope: SmartDatasetScope,
  parentId: ProjectId.optional(),
});
export type SmartDatasetCreate = z.infer<typeof SmartDatasetCreate>;

export const aggregationLevels = ['inventory', 'lot', 'workflow', 'measurement'] as const;
export const AggregationLevel = z.enum(aggregationLevels);
export type AggregationLevel = z.infer<typeof AggregationLevel>;

/** Which experiment a row stands for; what a coarser level does not tell apart is absent. */
export const RecordIdentifier = z
  .object({
    type: z.string(),
    inventory_id: z.string(),
    key: z.string(),
    lot_id: z.string().optional(),
    workflow_interval: z.string().optional(),
    property_data_id: z.string().optional(),
  })
  .meta({ id: 'RecordIdentifier' });
export type RecordIdentifier = z.infer<typeof RecordIdentifier>;

/** A table as pandas writes it with orient="tight". */
export const TightFrame = z
  .object({
    index: z.array(z.string()),
    columns: z.array(z.string()),
    data: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))),
    index_names: z.array(z.string().nullable()),
    column_names: z.array(z.string().nullable()),
  })
  .meta({ id: 'TightFrame' });
export type TightFrame = z.infer<typeof TightFrame>;

/** The matrix at one level. Inside this one reply the wire is snake_case. */
export const SmartDatasetData = z
  .object({
    aggregate_by: AggregationLevel,
    identifiers: z.array(RecordIdentifier),
    variables: z.array(
      z.object({ key: z.string(), name: z.string(), type: VariableType, data_type: DataType }),
    ),
    /** Means of numbers; of everything else the most frequent value. */
    data: TightFrame,
    /** Standard deviation of the replicates (n − 1); null where there are fewer than two. */
    uncertainty: TightFrame,
    /** How many values each cell stands for. */
    counts: TightFrame,
  })
  .meta({ id: 'SmartDatasetData' });
export type SmartDatasetData = z.infer<typeof SmartDatasetData>;
