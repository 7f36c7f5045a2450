import type { PosteriorMoments } from '../posteriors/operations.ts';
import { normalCdf } from '../special/normalCdf.ts';
import type { Generator } from '../random/generator.ts';
import { exponentOf, type ResolvedObjective } from './resolvedObjective.ts';

/** One way to look at candidates: how optimistic, and what counts how much. */
export interface Lens {
  /** Standard deviations added to the mean. */
  readonly optimism: number;
  /** One an objective that is optimised; sum to 1. */
  readonly weights: readonly number[];
}

const optimisms = [0, 0.5, 1, 2, 3];

/** Lenses that together find whatever any acquisition may want: several optimisms, several trade-offs. */
export function chooseLenses(objectives: readonly ResolvedObjective[], generator: Generator): Lens[] {
  const count = objectives.filter(({ goal }) => goal !== 'meet').length;
  if (count <= 1) return optimisms.map((optimism) => ({ optimism, weights: [1] }));
  return Array.from({ length: 12 }, (_, i) => {
    const parts = Array.from({ length: count }, (_, k) =>
      i < count ? (k === i ? 8 : 1) : -Math.log(1 - generator.uniform()),
    );
    const sum = parts.reduce((total, part) => total + part, 0);
    return { optimism: i % 2 === 0 ? 0.5 : 2, weights: parts.map((part) => part / sum) };
  });
}

/**
 * Scores of m candidates through each lens [lens][m]: optimistic gains by the augmented Chebyshev sum (Knowles 2006,
 * ParEGO, eq. 2) and the logarithm of the probability of the criteria. For ranking only.
 *
 * @param moments one an objective, in their order
 */
export function screenCandidates(
  objectives: readonly ResolvedObjective[],
  moments: readonly PosteriorMoments[],
  lenses: readonly Lens[],
): Float64Array[] {
  const views = new Map<number, View>();
  return lenses.map(({ optimism, weights }) => {
    let view = views.get(optimism);
    if (view === undefined) views.set(optimism, (view = viewOf(objectives, moments, optimism)));
    const { gains, logProbability } = view;
    return logProbability.map((log, i) => {
      if (gains.length === 0) return log;
      let least = Infinity;
      let sum = 0;
      for (let k = 0; k < gains.length; k++) {
        const weighted = weights[k]! * gains[k]![i]!;
        least = Math.min(least, weighted);
        sum += weighted;
      }
      return least + 0.05 * sum + 0.3 * log;
    });
  });
}

/** What lenses of one optimism share: gains of the optimised objectives [k][m], log probability of the criteria [m]. */
interface View {
  readonly gains: readonly Float64Array[];
  readonly logProbability: Float64Array;
}

function viewOf(
  objectives: readonly ResolvedObjective[],
  moments: readonly PosteriorMoments[],
  optimism: number,
): View {
  const logProbability = new Float64Array(moments[0]!.mean.length);
  const gains: Float64Array[] = [];
  objectives.forEach((objective, t) => {
    const { goal, value, low, high, intervals } = objective;
    const { mean, modelSd, measurementSd } = moments[t]!;
    const scale = Math.abs(high - low);
    if (goal === 'match')
      gains.push(mean.map((m, i) => 1 - Math.max(0, Math.abs(m - value) - optimism * modelSd[i]!) / scale));
    else if (goal !== 'meet')
      gains.push(mean.map((m, i) => (m - low) / (high - low) + (optimism * modelSd[i]!) / scale));
    if (intervals === null) return;
    const exponent = exponentOf(objective);
    for (let i = 0; i < mean.length; i++) {
      // A lens with more optimism believes in wider scatter, so that uncertain candidates stay in the race.
      const sd = measurementSd[i]! * (1 + 0.25 * optimism);
      let probability = 0;
      for (const [from, to] of intervals)
        probability += normalCdf((to - mean[i]!) / sd) - normalCdf((from - mean[i]!) / sd);
      logProbability[i]! += exponent * Math.log(Math.max(probability, 1e-12));
    }
  });
  return { gains, logProbability };
}
