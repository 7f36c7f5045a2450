import { z } from 'zod';
import { ComparisonOperator } from './targetCriterion.ts';
import { SmartDatasetId, TargetId } from './identifier.ts';
import { DesignMode } from './objective.ts';
import { InputRow } from './prediction.ts';
import { SearchSpace } from './searchSpace.ts';

/** Limits and defaults of a run, by method. */
export const designRunLimits = {
  generate: { generated: { default: 100_000, max: 100_000 }, selected: { default: 20, max: 100 } },
  space_filling: {
    generated: { default: 10_000, max: Number.MAX_SAFE_INTEGER },
    selected: { default: 20, max: 100 },
  },
} as const;
export type DesignMethod = keyof typeof designRunLimits;

export const designRunViolationCodes = [
  'invalid_settings',
  'dataset_not_ready',
  'objective_out_of_scope',
  'no_performance_targets',
  'invalid_objective',
  'insufficient_training_data',
  'infeasible_design_space',
  'model_training_error',
  'optimization_system_mismatch',
  'internal',
  'job_timeout',
] as const;
export const DesignRunViolationCode = z.enum(designRunViolationCodes);
export type DesignRunViolationCode = z.infer<typeof DesignRunViolationCode>;

export const DesignRunViolation = z
  .object({ code: DesignRunViolationCode, message: z.string(), targetId: TargetId.optional() })
  .meta({ id: 'DesignRunViolation' });
export type DesignRunViolation = z.infer<typeof DesignRunViolation>;

export const DesignRunValidation = z
  .object({
    valid: z.boolean(),
    violations: z.array(DesignRunViolation),
    /** Measured experiments by target; null while the dataset is not ready. */
    targetSampleCounts: z.record(z.string(), z.int()).nullable(),
  })
  .meta({ id: 'DesignRunValidation' });
export type DesignRunValidation = z.infer<typeof DesignRunValidation>;

/** Numbers out of their range are a violation that validation names, and not a malformed request. */
const DesignRunSettings = z.strictObject({
  numCandidatesGenerated: z.number().nullish(),
  numCandidatesSelected: z.number().nullish(),
});

/** Like a criterion, with a weight; whether the value makes sense is told by validation. */
export const DesignObjective = z
  .strictObject({
    operator: ComparisonOperator,
    value: z.unknown(),
    /** How much it counts beside the other objectives: exponent of its score. Default 1. */
    weight: z.number().nullish(),
  })
  .meta({ id: 'DesignObjective' });
export type DesignObjective = z.infer<typeof DesignObjective>;

const commonFields = {
  smartDatasetId: SmartDatasetId,
  name: z.string().min(1).max(255).nullish(),
  settings: DesignRunSettings.nullish(),
  /** Chat session to notify; Athanor has none and keeps it with the settings. */
  session: z.record(z.string(), z.unknown()).nullish(),
  /** Where to look; absent for what the experiments span. */
  space: SearchSpace.nullish(),
  /** Experiments under way: neither proposed again nor crowded. */
  pending: z.array(InputRow).max(10_000).nullish(),
  /** Seed of all randomness of the run; the same seed gives the same candidates. Default 1. */
  seed: z.int().min(0).max(4294967295).nullish(),
};

export const DesignRunRequest = z
  .discriminatedUnion('method', [
    z.strictObject({
      method: z.literal('generate'),
      ...commonFields,
      /** By target; absent to take every target of the scope with its own criterion. */
      objectives: z.record(TargetId, DesignObjective).nullish(),
      /** How daring; default `balanced`. */
      mode: DesignMode.nullish(),
      /** 0 takes the best whatever they have in common, 1 spreads them; default 0.5. */
      diversity: z.number().min(0).max(1).nullish(),
    }),
    z.strictObject({
      method: z.literal('space_filling'),
      ...commonFields,
      /** Only experiments with a value of these targets count as known. */
      anchorTargets: z.array(TargetId).max(1000).nullish(),
    }),
  ])
  .meta({ id: 'DesignRunRequest' });
export type DesignRunRequest = z.infer<typeof DesignRunRequest>;

/** A checked run in full, as it is kept in `Registry.Settings` of its insight: the same order, the same candidates. */
export const DesignRunOrder = z
  .object({
    method: z.enum(['generate', 'space_filling']),
    smartDatasetId: SmartDatasetId,
    numCandidatesGenerated: z.int(),
    numCandidatesSelected: z.int(),
    seed: z.int(),
    objectives: z.array(
      z.object({
        targetId: TargetId,
        variable: z.string(),
        operator: ComparisonOperator,
        value: z.unknown(),
        weight: z.number(),
        isRequired: z.boolean(),
      }),
    ),
    anchorTargets: z.array(TargetId).nullable(),
    space: SearchSpace.optional(),
    pending: z.array(InputRow).optional(),
    mode: DesignMode.optional(),
    diversity: z.number().optional(),
    session: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'DesignRunOrder' });
export type DesignRunOrder = z.infer<typeof DesignRunOrder>;
