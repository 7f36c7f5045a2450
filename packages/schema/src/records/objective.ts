import { z } from 'zod';
import { Criterion } from './criterion.ts';

export const objectiveGoals = ['maximize', 'minimize', 'match', 'meet'] as const;

/**
 * What is wanted of one target. `maximize` and `minimize` go on beyond every limit; `match` comes near `value`; `meet`
 * only asks for the criterion. A criterion may go with any of them, e.g. the highest strength with at most 5 % water.
 */
export const Objective = z
  .strictObject({
    target: z.string().min(1),
    goal: z.enum(objectiveGoals),
    /** What `match` comes near. */
    value: z.number().optional(),
    criterion: Criterion.optional(),
    /** How far from a value still counts as meeting `eq`, `in-set` or `match`; default: a twentieth of the range seen. */
    tolerance: z.number().positive().optional(),
    /** How much this objective counts among others; default 1. */
    weight: z.number().positive().max(1000).optional(),
    /** A required criterion must be met with the probability of its model; one only wished for counts half as much. */
    isRequired: z.boolean().optional(),
  })
  .meta({ id: 'Objective' });
export type Objective = z.infer<typeof Objective>;

/**
 * How daring proposals are: `exploit` takes what is surely good within what the data support, `balanced` half of that and
 * half of what is expected to improve most, `explore` what may be best for all that is known, `thompson` what is best in
 * one of the worlds that the data allow.
 */
export const designModes = ['exploit', 'balanced', 'explore', 'thompson'] as const;
export const DesignMode = z.enum(designModes);
export type DesignMode = z.infer<typeof DesignMode>;
