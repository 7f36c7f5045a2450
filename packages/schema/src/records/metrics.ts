import { z } from 'zod';
import { Warning } from './warning.ts';

/** Nominal levels at which coverage is always reported. */
export const coverageLevels = [0.5, 0.8, 0.9, 0.95] as const;

/** Share of held-out values inside the interval that predictions give at a nominal level, with its 95 % Wilson interval. */
export const Coverage = z.object({
  level: z.number(),
  observed: z.number(),
  lower: z.number(),
  upper: z.number(),
});
export type Coverage = z.infer<typeof Coverage>;

/**
 * How one model does on one target, always on rows it was not fitted on (out-of-fold), calibrated, in the unit of
 * the target.
 */
export const ModelMetrics = z.object({
  /** Root mean squared error. */
  rmse: z.number(),
  /** Mean absolute error. */
  mae: z.number(),
  /** Share of variance explained, against the mean of all rows; may be negative. */
  r2: z.number(),
  /** Rank correlation of prediction and measurement; null when either is constant. */
  spearman: z.number().nullable(),
  /** Continuous ranked probability score; lower is better; equals MAE for a certain prediction. */
  crps: z.number(),
  /** Mean negative log predictive density. */
  nll: z.number(),
  coverage: z.array(Coverage),
  /** Area between nominal and observed coverage, 0 is perfect, above 0.1 is poor. */
  miscalibrationArea: z.number(),
  /** Factor by which the model's standard deviation is widened, from refitted out-of-fold residuals. */
  standardDeviationScale: z.number(),
  /** Seconds of one processor spent on all fits of this model and target. */
  fitSeconds: z.number(),
});
export type ModelMetrics = z.infer<typeof ModelMetrics>;

/** A line of the leaderboard. */
export const LeaderboardEntry = z.object({
  model: z.string(),
  /** Kind of model in the engine's registry, e.g. `gaussianProcess`. */
  kind: z.string(),
  rank: z.int(),
  isDefault: z.boolean(),
  /**
   * Whether the choice of models was made anew without the rows that each score rests on, so that the scores do not owe
   * anything to having won on them: true for the ensemble and for the default.
   */
  isCorrectedForChoice: z.boolean(),
  metrics: ModelMetrics,
  /** Weights of the members of an ensemble, the largest first; null for other models. */
  weights: z.array(z.object({ model: z.string(), weight: z.number() })).nullable(),
});
export type LeaderboardEntry = z.infer<typeof LeaderboardEntry>;

export const TargetMetrics = z.object({
  target: z.string(),
  unit: z.string().nullable(),
  /** Rows with a value of this target. */
  rows: z.int(),
  /** Number of groups that folds keep together. */
  groups: z.int(),
  folds: z.int(),
  repeats: z.int(),
  /** Standard deviation of repeated measurements, when the table has at least three spare ones. */
  pureError: z.number().nullable(),
  /** Highest R2 any model could reach given `pureError`. */
  noiseCeilingR2: z.number().nullable(),
  /** Best first. */
  leaderboard: z.array(LeaderboardEntry),
  warnings: z.array(Warning),
});
export type TargetMetrics = z.infer<typeof TargetMetrics>;

/** What `Registry.Metrics` holds for a session that Athanor built. */
export const SessionMetrics = z.object({
  /** Whether the build goes on and this is only what stands so far: the first model, without others to compare it with. */
  isProvisional: z.boolean(),
  defaultModel: z.string().nullable(),
  /** Why it is the default, in one sentence. */
  defaultReason: z.string(),
  targets: z.array(TargetMetrics),
});
export type SessionMetrics = z.infer<typeof SessionMetrics>;
