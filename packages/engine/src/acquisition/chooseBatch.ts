import type { Applicability, DesignMode } from '@athanor/schema';
import type { Generator } from '../random/generator.ts';
import { BatchRace, type JointDraws } from './batchRace.ts';
import type { FallingOrder } from './fallingOrder.ts';
import type { ResolvedObjective } from './resolvedObjective.ts';

export interface BatchChoice {
  /** Place among the candidates, from 0. */
  readonly candidate: number;
  /** Expected gain of the batch by this one, in the unit of gain; comparable within a batch. */
  readonly value: number;
}

/** The part of a batch that rests on what is known. */
export interface KnownShare {
  /** Of a balanced batch, 0 to 1; all of `exploit`. */
  readonly exploitShare?: number;
  /** Whether that part of a balanced batch goes by means, or by what it adds like the rest. */
  readonly goesByMeans?: boolean;
  /** Whether the data support what is predicted of a candidate. */
  readonly support?: (candidate: number) => Applicability['class'];
}

/**
 * Share of a balanced batch that goes to the best means of one objective, among what the data support, before the rest
 * is chosen for what it adds to them. Improvement alone sends a batch apart, and models of few rows are not so good that
 * their means need no trial.
 */
const defaultExploitShare = 0.5;

/**
 * Chooses candidates one after the other, each for what it adds to those before it, to pending experiments and to what
 * was measured, over joint draws of the noise-free targets: noisy expected improvement (Letham et al. 2019) for one
 * objective, hypervolume improvement (Daulton et al. 2021) for two to four, the chance that one of the batch meets all
 * criteria for none. `balanced` takes the first half of a batch, rounded down, among what the data support, by means when
 * there is one objective and nothing else is asked for (a portfolio of acquisitions, after Hoffman, Brochu & de Freitas
 * 2011). `exploit` goes by means alone, among what the data support as long as there is some, `explore` by upper
 * confidence bounds over the same draws (Wilson et al. 2017, eq. 10), `thompson` takes the best of one draw each.
 *
 * @param isAllowed whether a candidate may join those chosen, e.g. by distance
 * @returns fewer than `count` when no more are allowed
 */
export function chooseBatch(
  objectives: readonly ResolvedObjective[],
  draws: JointDraws,
  count: number,
  mode: DesignMode,
  generator: Generator,
  isAllowed: (candidate: number, chosen: readonly number[]) => boolean,
  { exploitShare = defaultExploitShare, goesByMeans = true, support = () => 'inside' }: KnownShare = {},
): BatchChoice[] {
  const race = new BatchRace(objectives, draws, mode, generator);
  const chosen: BatchChoice[] = [];
  const places: number[] = [];
  const isOut = new Uint8Array(race.candidateCount);
  const share = mode === 'exploit' ? 1 : mode === 'balanced' ? exploitShare : 0;
  const supportedCount = Math.floor(share * count);
  /** The best by some order of those wanted that is allowed; -1 for none. */
  const pick = (order: FallingOrder, isWanted: (candidate: number) => boolean): number => {
    for (;;) {
      const best = order.best((i) => isOut[i] === 0 && isWanted(i));
      if (best < 0 || isAllowed(best, places)) return best;
      isOut[best] = 1;
    }
  };
  const { values } = race;
  const means = mode === 'balanced' && goesByMeans ? race.means() : null;
  const orders = means === null ? [values] : [means, values];
  while (chosen.length < count) {
    race.renew();
    means?.expire(0);
    let best = -1;
    if (chosen.length < supportedCount)
      for (const order of orders)
        for (const wanted of ['inside', 'edge'])
          if (best < 0) best = pick(order, (i) => support(i) === wanted);
    if (best < 0) best = pick(values, () => true);
    if (best < 0) break;
    isOut[best] = 1;
    places.push(best);
    chosen.push({ candidate: best, value: values.at(best) });
    race.take(best);
  }
  return chosen;
}
