import { z } from 'zod';
import { BuildState } from './buildState.ts';
import { DatasetId, ModelId, ModelSessionId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

export const modelTypes = ['Session', 'Detached'] as const;
export const ModelType = z.enum(modelTypes);
export type ModelType = z.infer<typeof ModelType>;

/** One trained (or to be trained) model; it predicts every target of its session. */
export const Model = z
  .object({
    id: ModelId,
    name: z.string(),
    datasetId: DatasetId.optional(),
    parentId: ModelSessionId.optional(),
    Metadata: z.record(z.string(), z.unknown()).optional(),
    type: ModelType,
    state: BuildState.optional(),
    target: z.array(z.string()).optional(),
    startTime: z.string().optional(),
    endTime: z.string().optional(),
    totalTime: z.string().optional(),
    /** Name of the artifact in the file store, namespace `breakthrough`. */
    modelBinaryKey: z.string().optional(),
    flag: z.boolean(),
    ...recordAuditFields,
  })
  .meta({ id: 'Model' });
export type Model = z.infer<typeof Model>;

export const ModelCreate = z.strictObject({
  name: z.string().min(1).max(500),
  datasetId: DatasetId.optional(),
  parentId: ModelSessionId.optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  type: ModelType.optional(),
  state: BuildState.optional(),
  target: z.array(z.string().min(1).max(500)).max(100).optional(),
  startTime: z.string().max(200).optional(),
  endTime: z.string().max(200).optional(),
  totalTime: z.string().max(200).optional(),
  modelBinaryKey: z.string().max(1024).optional(),
  flag: z.boolean().optional(),
  id: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type ModelCreate = z.infer<typeof ModelCreate>;
