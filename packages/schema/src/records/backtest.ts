import { z } from 'zod';
import { designModes } from './objective.ts';
import { Warning } from './warning.ts';

const Policy = z.enum(designModes);

/** A table to replay as campaigns: `Registry.Settings.backtest` of an Optimizer. */
export const BacktestSettings = z
  .strictObject({
    target: z.string().min(1),
    /** Default `maximize`. */
    goal: z.enum(['maximize', 'minimize']).optional(),
    /** Default: all of them. */
    policies: z.array(Policy).min(1).max(designModes.length).optional(),
    /** Rows tried first, at random; default 5. */
    startCount: z.int().min(2).max(1000).optional(),
    /** Default 5. */
    batchSize: z.int().min(1).max(100).optional(),
    /** Rows tried in all; default 50. */
    budget: z.int().min(3).max(1000).optional(),
    /** Campaigns of each policy, from other starts; default 5. */
    campaigns: z.int().min(1).max(100).optional(),
  })
  .meta({ id: 'BacktestSettings' });
export type BacktestSettings = z.infer<typeof BacktestSettings>;

/** What a replay leaves in `RawPayload`: how soon each policy would have found the best rows of the table. */
export const BacktestPayload = z
  .object({
    version: z.literal(1),
    method: z.literal('backtest'),
    seed: z.union([z.int(), z.string()]),
    target: z.string(),
    goal: z.enum(['maximize', 'minimize']),
    startCount: z.int(),
    batchSize: z.int(),
    budget: z.int(),
    campaigns: z.int(),
    /** Rows with a value of the target. */
    rowCount: z.int(),
    /** Means over campaigns; `random` is what chance expects. */
    policies: z.array(
      z.object({
        policy: z.enum([...designModes, 'random']),
        /** Best value after 1, 2 … experiments. */
        best: z.array(z.number()),
        /** Between these are the middle 80 % of the campaigns; of chance, what it gives in 80 % of them. */
        bestLower: z.array(z.number()).optional(),
        bestUpper: z.array(z.number()).optional(),
        /** Share of the best twentieth of the table found after 1, 2 … experiments. */
        topFound: z.array(z.number()),
        /** Share found after 20 experiments over that of chance. */
        enhancement: z.number(),
        /** Experiments by which chance finds half of the best twentieth over those of the policy; null when it never does. */
        acceleration: z.number().nullable(),
      }),
    ),
    bestPolicy: z.enum([...designModes, 'random']),
    warnings: z.array(Warning),
  })
  .meta({ id: 'BacktestPayload' });
export type BacktestPayload = z.infer<typeof BacktestPayload>;
