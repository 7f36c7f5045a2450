import { z } from 'zod';
import { BacktestSettings } from './backtest.ts';
import { DesignMode, Objective } from './objective.ts';
import { InputRow } from './prediction.ts';
import { SearchSpace } from './searchSpace.ts';

/**
 * What an insight of the categories Optimizer, Custom Optimizer and Smart DOE is asked to do: `Registry.Settings`. Keys
 * that are not here are kept and change nothing.
 */
export const DesignSettings = z
  .looseObject({
    /** What is wanted; an optimizer needs at least one, a Smart DOE has none. */
    objectives: z.array(Objective).min(1).max(50).optional(),
    /** Where to look; default: what the table spans. A Custom Optimizer has one of its own. */
    space: SearchSpace.optional(),
    mode: DesignMode.optional(),
    /** Candidates to compare; default 100 000. */
    numCandidatesGenerated: z.int().min(1).max(100_000).optional(),
    /** Experiments to propose; default 20. */
    numCandidatesSelected: z.int().min(1).max(100).optional(),
    /** 0 takes the best whatever they have in common, 1 spreads them; default 0.5. */
    diversity: z.number().min(0).max(1).optional(),
    /** Experiments under way. */
    pending: z.array(InputRow).max(10_000).optional(),
    /** Columns to leave out. */
    ignore: z.array(z.string()).optional(),
    /** How a Smart DOE plans; default `space_filling`. */
    method: z.enum(['space_filling', 'first_design', 'd_optimal', 'i_optimal']).optional(),
    /** Effects that an optimal design tells apart; default `quadratic`. */
    terms: z.enum(['linear', 'interactions', 'quadratic']).optional(),
    /** Of an Optimizer: replay the table instead of proposing experiments. */
    backtest: BacktestSettings.optional(),
    seed: z.int().min(0).max(4294967295).optional(),
  })
  .meta({ id: 'DesignSettings' });
export type DesignSettings = z.infer<typeof DesignSettings>;
