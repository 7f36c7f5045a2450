import type { Applicability, DesignMode } from '@athanor/schema';
import { chooseBatch, type BatchChoice } from '../acquisition/chooseBatch.ts';
import { gainOf, meetsCriterion, type ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import type { Surrogate } from '../acquisition/surrogate.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import { momentsOf } from '../posteriors/operations.ts';
import type { Generator } from '../random/generator.ts';
import { joinInputs } from './joinInputs.ts';
import { preselect } from './preselect.ts';
import { preselectSupported } from './preselectSupported.ts';
import { spacingRule } from './spacingRule.ts';

/** What is known when candidates are chosen. */
export interface SelectionContext {
  readonly objectives: readonly ResolvedObjective[];
  /** One an objective, in their order. */
  readonly surrogates: readonly Surrogate[];
  /** Rows measured. */
  readonly observed: Inputs;
  /** Their targets, NaN where not measured [objective][row]. */
  readonly observedTargets: readonly Float64Array[];
  /** Experiments under way; null for none. */
  readonly pending: Inputs | null;
  readonly mode: DesignMode;
  /** Least distance between two of a batch, in ranges of an input, times the root of the number of inputs; 0 for any. */
  readonly spacing: number;
  /** Rows whose ranges those are; the candidates by default. */
  readonly ranges?: Inputs;
  /** Share of a balanced batch that rests on what is known, 0 to 1; that of `chooseBatch` by default. */
  readonly exploitShare?: number;
  /** Whether that share goes by means; false where a batch is refined. By default as `chooseBatch` has it. */
  readonly goesByMeans?: boolean;
  /** Where each candidate lies to the data, for a batch of which a part rests on them [m]; inside by default. */
  readonly support?: readonly Applicability['class'][];
}

/** Draws of the targets over which gains are averaged. */
const drawCount = 256;
/** Candidates that get to the draws. */
const finalists = 360;
/** Measured rows that take part in the draws: the best; others are hardly ever the best in any draw. */
const maxMeasured = 40;

/**
 * Chooses `count` of m candidates: ranked through several lenses by their moments, the best of each compared over joint
 * draws. @returns places among the candidates, best first
 */
export function selectCandidates(
  candidates: Inputs,
  count: number,
  context: SelectionContext,
  generator: Generator,
): BatchChoice[] {
  const { surrogates } = context;
  const moments = surrogates.map((surrogate) => surrogate.screen(candidates));
  const { objectives, mode, exploitShare, goesByMeans, support } = context;
  const chosen = new Set(preselect(moments, objectives, Math.max(finalists, 4 * count), generator));
  if (support !== undefined)
    for (const wanted of ['inside', 'edge'] as const)
      for (const row of preselectSupported(moments, objectives, support, wanted, count, generator))
        chosen.add(row);
  const rows = Int32Array.from(chosen).sort();
  const final = takeInputRows(candidates, rows);
  const parts = [final];
  const measured = bestMeasured(context);
  if (context.pending !== null) parts.unshift(context.pending);
  if (measured.length > 0) parts.unshift(takeInputRows(context.observed, measured));
  const joint = joinInputs(parts);
  const draws = {
    values: surrogates.map((surrogate) =>
      surrogate.draw(joint, drawCount, generator.split(`draw ${surrogate.key}`)),
    ),
    noiseSd: surrogates.map((surrogate) => {
      const { modelSd, measurementSd } = momentsOf(surrogate.predict(joint));
      return measurementSd.map((sd, i) => Math.sqrt(Math.max(0, sd * sd - modelSd[i]! ** 2)));
    }),
    measured: measured.length,
    pending: context.pending?.rowCount ?? 0,
  };
  const isAllowed = spacingRule(final, context.spacing, context.ranges ?? final);
  return chooseBatch(objectives, draws, count, mode, generator, isAllowed, {
    ...(exploitShare !== undefined && { exploitShare }),
    ...(goesByMeans !== undefined && { goesByMeans }),
    support: (candidate) => support?.[rows[candidate]!] ?? 'inside',
  }).map((choice) => ({ ...choice, candidate: rows[choice.candidate]! }));
}

/** Measured rows that may be the best: by gain for one objective, in turn for several. */
function bestMeasured({ objectives, observed, observedTargets }: SelectionContext): Int32Array {
  const orders = objectives.map((objective, t) => {
    const y = observedTargets[t]!;
    const score = (i: number): number =>
      objective.goal === 'meet' ? (meetsCriterion(objective, y[i]!) ? 1 : 0) : gainOf(objective, y[i]!);
    return Int32Array.from({ length: observed.rowCount }, (_, i) => i)
      .filter((i) => !Number.isNaN(y[i]!))
      .sort((a, b) => score(b) - score(a));
  });
  const chosen = new Set<number>();
  for (let rank = 0; rank < observed.rowCount && chosen.size < maxMeasured; rank++)
    for (const order of orders) if (rank < order.length) chosen.add(order[rank]!);
  return Int32Array.from(chosen).sort();
}
