import { z } from 'zod';
import { BuildState } from './buildState.ts';
import { DesignSettings } from './designSettings.ts';
import { DatasetId, ModelId, ModelSessionId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

export const modelTypes = ['Session', 'Detached'] as const;
export const ModelType = z.enum(modelTypes);
export type ModelType = z.infer<typeof ModelType>;

/**
 * What of a model's `Metadata` is a choice of how to build it; other keys are the user's own notes. Without choices the
 * best single model is built.
 */
export const ModelChoices = z
  .object({
    /** Kind of model in the engine's registry, e.g. `gaussianProcess`. */
    algorithm: z.string().optional(),
    /** Columns to learn from, whatever their roles; all inputs when left out. */
    inputs: z.array(z.string()).min(1).optional(),
    /** Hyperparameters to set, by the names of the model's spec. */
    hyperparameters: z.record(z.string(), z.unknown()).optional(),
    /** Inputs that may move the target one way only, all else being equal. */
    monotone: z.record(z.string(), z.enum(['increasing', 'decreasing'])).optional(),
    /** Column with the weight of each row. */
    weights: z.string().optional(),
    /** Experiments to propose once the model is there; their insight is in `candidatesInsightId`. */
    candidates: DesignSettings.optional(),
  })
  .meta({ id: 'ModelChoices' });
export type ModelChoices = z.infer<typeof ModelChoices>;

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
