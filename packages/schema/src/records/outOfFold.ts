import { z } from 'zod';

/** What a model said of one target in rows it was not fitted to: columns of a plot, in the unit of the target. */
export const OutOfFoldTarget = z.object({
  target: z.string(),
  unit: z.string().nullable(),
  /** Nominal coverage of `lower` to `upper`. */
  level: z.number(),
  /** Rows of the table, the first below the header being 1; those that were held out at least once. */
  rows: z.array(z.int()),
  measured: z.array(z.number()),
  /** Means over repeats of the cross-validation, calibrated by other rows, and so are the following. */
  mean: z.array(z.number()),
  standardDeviation: z.array(z.number()),
  lower: z.array(z.number()),
  upper: z.array(z.number()),
});
export type OutOfFoldTarget = z.infer<typeof OutOfFoldTarget>;

export const OutOfFoldPredictions = z
  .object({ targets: z.array(OutOfFoldTarget) })
  .meta({ id: 'OutOfFoldPredictions' });
export type OutOfFoldPredictions = z.infer<typeof OutOfFoldPredictions>;
