import { z } from 'zod';
import { BuildState } from './buildState.ts';
import { DesignSettings } from './designSettings.ts';
import { DatasetId, ModelId, ModelSessionId } from './identifier.ts';
import { ignoredOnCreate, recordAuditFields } from './recordAudit.ts';

/** `userModel`: the models are the user's own; `albertModel`: the automatic portfolio. */
export const sessionCategories = ['userModel', 'albertModel'] as const;
export const SessionCategory = z.enum(sessionCategories);
export type SessionCategory = z.infer<typeof SessionCategory>;

/**
 * Logs and metrics of a session. Free-form on the wire because an outside worker may write its own; sessions that
 * Athanor builds follow `SessionMetrics` and `BuildLog`.
 */
export const SessionRegistry = z
  .strictObject({
    BuildLogs: z.record(z.string(), z.unknown()).nullish(),
    Metrics: z.record(z.string(), z.unknown()).nullish(),
  })
  .meta({ id: 'SessionRegistry' });
export type SessionRegistry = z.infer<typeof SessionRegistry>;

/** How to answer "how good will this be?": see docs/notation.md, folds. */
export const foldQuestions = ['interpolate', 'new_ingredient', 'new_region'] as const;
export const FoldQuestion = z.enum(foldQuestions);
export type FoldQuestion = z.infer<typeof FoldQuestion>;

/** Choices of a build that a user may make; the defaults are right for most tables. */
export const BuildOptions = z
  .strictObject({
    /** Columns to leave out, by key. */
    ignore: z.array(z.string()).max(2000).optional(),
    /** Column whose equal values must stay together in cross-validation (batch, lot, author). */
    group: z.string().optional(),
    question: FoldQuestion.optional(),
    /** Seed of all randomness of the build; same data and seed give the same models. Default 1. */
    seed: z.int().min(0).max(4294967295).optional(),
    /**
     * Experiments to propose as the last step of the build: an Optimizer, or with a space of its own a Custom Optimizer.
     * Its insight is in `albertModelDetails.candidates`.
     */
    candidates: DesignSettings.refine(
      ({ objectives }) => objectives !== undefined,
      'must say objectives: what is wanted of which target',
    ).optional(),
  })
  .meta({ id: 'BuildOptions' });
export type BuildOptions = z.infer<typeof BuildOptions>;

/** A model session: the models of one table, built and judged together. */
export const ModelSession = z
  .object({
    id: ModelSessionId,
    name: z.string(),
    category: SessionCategory,
    datasetId: DatasetId,
    /** Name of the model that answers when none is named. */
    defaultModel: z.string().optional(),
    /** Wall time of the build, e.g. `23.4 s`. */
    totalTime: z.string().optional(),
    modelCount: z.int().optional(),
    target: z.array(z.string()).optional(),
    Registry: SessionRegistry.optional(),
    /** For clients without a list call: state of the build and the ids of the models. */
    albertModelDetails: z.record(z.string(), z.unknown()).optional(),
    flag: z.boolean(),
    state: BuildState,
    buildOptions: BuildOptions,
    /** The session that this one follows: built anew on more data, or repeated. */
    parentSessionId: ModelSessionId.optional(),
    ...recordAuditFields,
  })
  .meta({ id: 'ModelSession' });
export type ModelSession = z.infer<typeof ModelSession>;

export const ModelSessionCreate = z.strictObject({
  name: z.string().min(1).max(500),
  category: SessionCategory,
  datasetId: DatasetId,
  defaultModel: z.string().max(200).optional(),
  totalTime: z.string().max(200).optional(),
  modelCount: z.int().min(0).optional(),
  target: z.array(z.string().min(1).max(500)).max(100).optional(),
  Registry: SessionRegistry.optional(),
  albertModelDetails: z.record(z.string(), z.unknown()).optional(),
  flag: z.boolean().optional(),
  buildOptions: BuildOptions.optional(),
  id: z.unknown().optional(),
  state: z.unknown().optional(),
  parentSessionId: z.unknown().optional(),
  ...ignoredOnCreate,
});
export type ModelSessionCreate = z.infer<typeof ModelSessionCreate>;

/** One line of `albertModelDetails.models`. */
export const SessionModelSummary = z.object({
  id: ModelId,
  name: z.string(),
  /** Absent when a client created the model without one. */
  state: BuildState.optional(),
});
export type SessionModelSummary = z.infer<typeof SessionModelSummary>;
