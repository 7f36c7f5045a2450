import { z } from 'zod';
import { Warning } from './warning.ts';

/** Value of one cell of a row to predict; null and absent both mean missing. */
export const CellValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type CellValue = z.infer<typeof CellValue>;

/** Column key to value. Order is free; unknown columns are refused by name. */
export const InputRow = z.record(z.string(), CellValue);
export type InputRow = z.infer<typeof InputRow>;

export const maxPredictionRows = 100_000;

export const PredictRequest = z.strictObject({
  rows: z.array(InputRow).max(maxPredictionRows),
  /** Id or name of a model of the session; default: the session's default model. */
  model: z.string().optional(),
  /** Targets to predict; default: all. */
  targets: z.array(z.string()).optional(),
  /** Nominal coverage of the interval, between 0.01 and 0.999; default 0.9. */
  level: z.number().min(0.01).max(0.999).optional(),
});
export type PredictRequest = z.infer<typeof PredictRequest>;

/** How far a row is from the experiments that a model has learnt from. */
export const ApplicabilityJudgement = z
  .object({
    /**
     * 1 near the experiments, 0 far from them; null where held-out experiments that were farther from the others were not
     * predicted worse, so that the distance says nothing in this project.
     */
    score: z.number().nullable(),
    /** `inside` from 0.7 on, `outside` below 0.3, `unknown` without a score. */
    class: z.enum(['inside', 'edge', 'outside', 'unknown']),
    /** Why it is not inside, the weightiest first. */
    reasons: z.array(z.string()),
    /** The nearest experiment: row of the table from 1 on (the header is not counted), distance in ranges of the inputs. */
    nearest: z.object({ row: z.int(), distance: z.number() }),
  })
  .meta({ id: 'ApplicabilityJudgement' });
export type ApplicabilityJudgement = z.infer<typeof ApplicabilityJudgement>;

/** Calibrated prediction of one target for one row, in the unit of the target. */
export const Prediction = z
  .object({
    mean: z.number(),
    /** Standard deviation of a new measurement (model and noise together). */
    standardDeviation: z.number(),
    /** Standard deviation of the noise-free property: what more experiments could reduce. */
    modelStandardDeviation: z.number(),
    interval: z.object({ lower: z.number(), upper: z.number(), level: z.number() }),
  })
  .meta({ id: 'Prediction' });
export type Prediction = z.infer<typeof Prediction>;

/** A prediction, and how far it may be trusted. */
export const JudgedPrediction = Prediction.extend({ applicability: ApplicabilityJudgement }).meta({
  id: 'JudgedPrediction',
});
export type JudgedPrediction = z.infer<typeof JudgedPrediction>;

export const PredictReply = z
  .object({
    model: z.object({ id: z.string(), name: z.string() }),
    targets: z.array(
      z.object({ target: z.string(), unit: z.string().nullable(), predictions: z.array(JudgedPrediction) }),
    ),
    /** Per-row flags, e.g. `extrapolation`, `unseen_level`. */
    warnings: z.array(Warning),
  })
  .meta({ id: 'PredictReply' });
export type PredictReply = z.infer<typeof PredictReply>;
