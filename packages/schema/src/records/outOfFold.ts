import { z } from 'zod';

/**
 * What a model said of rows while they were held out, calibrated, in the unit of the target: the points of a parity
 * plot. All lists are of one length, a row each.
 */
export const OutOfFoldPredictions = z
  .object({
    target: z.string(),
    unit: z.string().nullable(),
    /** Nominal coverage of the intervals. */
    level: z.number(),
    /** 1-based data rows (the header is not counted). */
    rows: z.array(z.int()),
    measured: z.array(z.number()),
    mean: z.array(z.number()),
    /** Standard deviation of a new measurement. */
    standardDeviation: z.array(z.number()),
    /** Calibrated z-scores, Phi^-1 of the share predicted below what was measured; older models lack them. */
    zScores: z.array(z.number()).optional(),
    lower: z.array(z.number()),
    upper: z.array(z.number()),
  })
  .meta({ id: 'OutOfFoldPredictions' });
export type OutOfFoldPredictions = z.infer<typeof OutOfFoldPredictions>;

export const OutOfFoldReply = z
  .object({ targets: z.array(OutOfFoldPredictions) })
  .meta({ id: 'OutOfFoldReply' });
export type OutOfFoldReply = z.infer<typeof OutOfFoldReply>;
