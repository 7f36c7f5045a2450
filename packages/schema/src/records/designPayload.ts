import { z } from 'zod';
import { DesignMode, Objective } from './objective.ts';
import { InputRow, Prediction } from './prediction.ts';
import { SearchSpace } from './searchSpace.ts';
import { Warning } from './warning.ts';

/** Why nothing can be proposed: things that cannot hold together, and the least change that helps. */
export const SpaceConflict = z
  .object({
    /** Each a smallest set of places in the search space, e.g. `constraints/2`, of which one must give. */
    conflicts: z.array(z.object({ paths: z.array(z.string()), message: z.string() })),
    relaxations: z.array(z.object({ path: z.string(), advice: z.string() })),
  })
  .meta({ id: 'SpaceConflict' });
export type SpaceConflict = z.infer<typeof SpaceConflict>;

/** How far a candidate is from what the models have seen: 1 amid the data, below 0.3 outside. */
export const Applicability = z
  .object({ score: z.number(), class: z.enum(['inside', 'edge', 'outside']), reasons: z.array(z.string()) })
  .meta({ id: 'Applicability' });
export type Applicability = z.infer<typeof Applicability>;

/** One proposed experiment and all that is known of it. Predictions and scores are absent from a design without models. */
export const Candidate = z
  .object({
    /** Best first, from 1. */
    rank: z.int(),
    /** What to weigh in and set; obeys every constraint exactly. */
    inputs: InputRow,
    predictions: z.array(
      z.object({
        target: z.string(),
        prediction: Prediction,
        /** That a new measurement meets the objective's criterion; null without one. */
        probability: z.number().nullable(),
      }),
    ),
    /** That a new measurement meets all criteria, with the correlation of the models' errors; null without any. */
    probabilityOfAll: z.number().nullable(),
    /** The same as if errors were independent. */
    probabilityOfAllIndependent: z.number().nullable(),
    /** Value of the acquisition function; comparable within one batch. Null without models. */
    score: z.number().nullable(),
    /** Share of the batch's expected improvement; null without models. */
    shareOfImprovement: z.number().nullable(),
    /** Whether it is proposed for what is known of it or for what is not. */
    reason: z.enum(['exploit', 'explore', 'spread']),
    applicability: Applicability.nullable(),
    /** Nearest measured row, 1-based in the table, distance in ranges of an input, and what differs. */
    nearest: z
      .object({
        row: z.int(),
        distance: z.number(),
        differences: z.array(
          z.object({
            key: z.string(),
            measured: z.union([z.number(), z.string(), z.null()]),
            proposed: z.union([z.number(), z.string(), z.null()]),
          }),
        ),
      })
      .nullable(),
    /** Cost by the space's budget; null without prices. */
    cost: z.number().nullable(),
    /** Distance to the limit of every numeric constraint and bound that is within a twentieth of its range. */
    slack: z.array(z.object({ path: z.string(), slack: z.number() })),
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof Candidate>;

/** What a design run leaves in `RawPayload`. */
export const DesignPayload = z
  .object({
    version: z.literal(1),
    method: z.enum(['generate', 'optimize', 'space_filling', 'd_optimal', 'i_optimal', 'first_design']),
    seed: z.union([z.int(), z.string()]),
    mode: DesignMode.nullable(),
    space: SearchSpace,
    objectives: z.array(Objective),
    /** Different feasible candidates that were compared. */
    generated: z.int(),
    /**
     * A picture of them, `ComparedCandidates`, in the file of this name beside `outputKey`, and how many it shows. Absent
     * where nothing was compared by models, and from payloads that former versions left.
     */
    compared: z.object({ shown: z.int(), file: z.string() }).optional(),
    candidates: z.array(Candidate),
    /** Figures of merit of a design without models, e.g. `dEfficiency`. */
    figures: z.record(z.string(), z.number()),
    warnings: z.array(Warning),
  })
  .meta({ id: 'DesignPayload' });
export type DesignPayload = z.infer<typeof DesignPayload>;

/** Kinds of file that candidates are written to. */
export const candidateFormats = ['csv', 'xlsx', 'parquet'] as const;
export type CandidateFormat = (typeof candidateFormats)[number];
export const candidateContentTypes: Readonly<Record<CandidateFormat, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};
