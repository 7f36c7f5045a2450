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

export const PredictReply = z
  .object({
    model: z.object({ id: z.string(), name: z.string() }),
    targets: z.array(
      z.object({ target: z.string(), unit: z.string().nullable(), predictions: z.array(Prediction) }),
    ),
    /** Per-row flags, e.g. `extrapolation`, `unseen_level`. */
    warnings: z.array(Warning),
  })
  .meta({ id: 'PredictReply' });
export type PredictReply = z.infer<typeof PredictReply>;
