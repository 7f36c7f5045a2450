import { z } from 'zod';

/** Name of the file, beside that of the candidates. */
export const comparedFile = 'compared.json';

const Numbers = z.array(z.number());

/**
 * The experiments that a design compared before it chose, as a bounded picture: columns of one length, a row for each
 * experiment shown. All of them obey every constraint.
 */
export const ComparedCandidates = z
  .object({
    version: z.literal(1),
    /** Different experiments that were drawn and compared. */
    count: z.int(),
    /** So many of the first rows stand for all: taken at even steps. The others are there for lying on the front. */
    evenCount: z.int(),
    /** What to weigh in and set, by key of the variable. */
    inputs: z.record(z.string(), z.array(z.union([z.number(), z.string(), z.null()]))),
    /** What the models expect of a new measurement, in units of the target. */
    predictions: z.array(z.object({ target: z.string(), mean: Numbers, standardDeviation: Numbers })),
    /** That a new measurement meets all criteria; null without any. */
    probabilityOfAll: Numbers.nullable(),
    /**
     * Whether no other row has means at least as good in everything that is to be maximised, minimised or matched, and as
     * good a chance to meet the criteria where there are any; of equal rows the first.
     */
    isOnFront: z.array(z.boolean()),
  })
  .meta({ id: 'ComparedCandidates' });
export type ComparedCandidates = z.infer<typeof ComparedCandidates>;
