import { z } from 'zod';
import { DatasetId, InsightId } from './identifier.ts';
import { Coverage } from './metrics.ts';
import { InputRow, Prediction } from './prediction.ts';
import { Warning } from './warning.ts';

/** A candidate that was made and measured. */
export const MeasuredCandidate = z
  .object({
    rank: z.int(),
    /** Row of the table, from 1 on. */
    row: z.int(),
    /** Whether the row was said to be this candidate, or has its inputs to within a step. */
    matchedBy: z.enum(['mark', 'inputs']),
    inputs: InputRow,
    targets: z.array(
      z.object({
        target: z.string(),
        predicted: Prediction,
        /** Null when this target was not measured. */
        measured: z.number().nullable(),
        /** Measured less predicted mean, in the unit of the target. */
        error: z.number().nullable(),
        /** The error in predicted standard deviations. */
        standardizedError: z.number().nullable(),
        isInInterval: z.boolean().nullable(),
        /** Whether the measurement meets the criterion; null without criterion or measurement. */
        meetsCriterion: z.boolean().nullable(),
      }),
    ),
    /** Whether all criteria that were asked for are met; null while one of their targets is not measured. */
    meetsAll: z.boolean().nullable(),
  })
  .meta({ id: 'MeasuredCandidate' });
export type MeasuredCandidate = z.infer<typeof MeasuredCandidate>;

/** How the predictions of one target did, over the candidates with a measurement of it; in its unit. */
export const TargetOutcome = z
  .object({
    target: z.string(),
    /** Measured candidates with a value. */
    count: z.int(),
    /** Mean of measured less predicted: what the predictions were too low by. */
    meanError: z.number(),
    meanAbsoluteError: z.number(),
    rootMeanSquaredError: z.number(),
    /** Share of measurements inside their intervals, beside the level that was promised. */
    coverage: Coverage,
    /** Mean continuous ranked probability score of the predictions; lower is better. */
    crps: z.number(),
    /** What it would be on average if every promise held. */
    promisedCrps: z.number(),
    /** Spearman's, of predicted and measured; null below three candidates or where either is constant. */
    rankCorrelation: z.number().nullable(),
    /** Factor by which standard deviations should have been wider; drawn towards 1 when few are measured. */
    widening: z.number(),
    verdict: z.enum(['too_few', 'as_promised', 'too_sure', 'too_cautious', 'too_hopeful']),
    /** The verdict in words, with the figures in it. */
    reason: z.string(),
  })
  .meta({ id: 'TargetOutcome' });
export type TargetOutcome = z.infer<typeof TargetOutcome>;

/** Whether to go on, with the figures that say so. */
export const StopAdvice = z
  .object({
    /** `wait`: too little is measured yet to say. */
    verdict: z.enum(['go_on', 'stop', 'wait']),
    /** Stable, lower-case code of the reason, e.g. `goal_reached`, `no_improvement_expected`. */
    code: z.string(),
    /** One sentence for a person, with the figures in it. */
    reason: z.string(),
    /** What the verdict rests on, by name. */
    figures: z.record(z.string(), z.number()),
  })
  .meta({ id: 'StopAdvice' });
export type StopAdvice = z.infer<typeof StopAdvice>;

/** How proposals did against their predictions once they were measured. */
export const InsightOutcome = z
  .object({
    insightId: InsightId,
    /** Where the measurements are. */
    datasetId: DatasetId,
    proposed: z.int(),
    /** Best rank first; a candidate that was made several times comes several times. */
    measured: z.array(MeasuredCandidate),
    /** Without targets that nobody measured. */
    targets: z.array(TargetOutcome),
    /** How the promises that all criteria are met did; null without criteria or complete measurements. */
    criteria: z
      .object({
        count: z.int(),
        /** Candidates that met all. */
        met: z.int(),
        /** Sum of the promised probabilities. */
        promised: z.number(),
        /** Mean square of met less promised (Brier). */
        brier: z.number(),
      })
      .nullable(),
    stop: StopAdvice,
    warnings: z.array(Warning),
  })
  .meta({ id: 'InsightOutcome' });
export type InsightOutcome = z.infer<typeof InsightOutcome>;
