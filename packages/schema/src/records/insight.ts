import { z } from 'zod';
import { BuildState } from './buildState.ts';
import { DatasetId, InsightId, ModelId, ModelSessionId, ProjectId, SmartDatasetId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

export const insightCategories = [
  'Optimizer',
  'Custom Optimizer',
  'Impact Chart',
  'Molecule',
  'Smart DOE',
  'Generate',
] as const;
export const InsightCategory = z.enum(insightCategories);
export type InsightCategory = z.infer<typeof InsightCategory>;

export const InsightPayloadType = z.enum(['Breakthrough', 'Alberto']);

const FreeForm = z.record(z.string(), z.unknown());

export const InsightRegistry = z
  .strictObject({
    BuildLogs: FreeForm.nullish(),
    Metrics: FreeForm.nullish(),
    /** What the insight was asked to do. */
    Settings: FreeForm.nullish(),
  })
  .meta({ id: 'InsightRegistry' });
export type InsightRegistry = z.infer<typeof InsightRegistry>;

const insightFields = {
  name: z.string().min(1).max(500),
  category: InsightCategory,
  /** `tags`, a list of texts in it, is what a search by tag looks at. */
  Metadata: FreeForm.optional(),
  /** Posted as `Queued` it is computed here; in any other state it is a client's own record. */
  state: BuildState.optional(),
  parentId: ProjectId.optional(),
  datasetId: DatasetId.optional(),
  modelSessionId: ModelSessionId.optional(),
  modelId: ModelId.optional(),
  /** Name of the result in the file store, namespace `breakthrough`. */
  outputKey: z.string().max(1024).optional(),
  startTime: z.string().max(200).optional(),
  endTime: z.string().max(200).optional(),
  totalTime: z.string().max(200).optional(),
  RawPayload: FreeForm.optional(),
  payloadType: InsightPayloadType.optional(),
  Registry: InsightRegistry.optional(),
  contentEdited: z.boolean().optional(),
};

/** Something Breakthrough found out: an optimizer's result, an impact chart, proposed experiments. */
export const Insight = z
  .object({
    albertId: InsightId,
    ...insightFields,
    /** What a design run designs on. */
    smartDatasetId: SmartDatasetId.optional(),
    ...recordAuditFields,
  })
  .meta({ id: 'Insight' });
export type Insight = z.infer<typeof Insight>;

export const InsightCreate = z.strictObject({
  ...insightFields,
  smartDatasetId: SmartDatasetId.optional(),
  albertId: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type InsightCreate = z.infer<typeof InsightCreate>;

/** What insights can be ordered by. */
export const insightSortKeys = [
  'createdAt',
  'updatedAt',
  'name',
  'category',
  'state',
  'startTime',
  'endTime',
] as const;
export type InsightSortKey = (typeof insightSortKeys)[number];
