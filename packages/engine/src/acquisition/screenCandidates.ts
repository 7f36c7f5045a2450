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
 * A score of m candidates through a lens [m]: optimistic gains by the augmented Chebyshev sum (Knowles 2006, ParEGO, eq.
 * 2) and the logarithm of the probability of the criteria. For ranking only.
 *
 * @param moments one an objective, in their order
 */
export function screenCandidates(
  objectives: readonly ResolvedObjective[],
  moments: readonly PosteriorMoments[],
  { optimism, weights }: Lens,
): Float64Array {
  const scores = new Float64Array(moments[0]!.mean.length);
  for (let i = 0; i < scores.length; i++) {
    let least = Infinity;
    let sum = 0;
    let optimized = 0;
    let logProbability = 0;
    objectives.forEach((objective, t) => {
      const { mean, modelSd, measurementSd } = moments[t]!;
      if (objective.goal !== 'meet') {
        const scale = Math.abs(objective.high - objective.low);
        const centre =
          objective.goal === 'match'
            ? 1 - Math.max(0, Math.abs(mean[i]! - objective.value) - optimism * modelSd[i]!) / scale
            : (mean[i]! - objective.low) / (objective.high - objective.low) +
              (optimism * modelSd[i]!) / scale;
        const weighted = weights[optimized++]! * centre;
        least = Math.min(least, weighted);
        sum += weighted;
      }
      if (objective.intervals !== null) {
        // A lens with more optimism believes in wider scatter, so that uncertain candidates stay in the race.
        const sd = measurementSd[i]! * (1 + 0.25 * optimism);
        let probability = 0;
        for (const [low, high] of objective.intervals)
          probability += normalCdf((high - mean[i]!) / sd) - normalCdf((low - mean[i]!) / sd);
        logProbability += exponentOf(objective) * Math.log(Math.max(probability, 1e-12));
      }
    });
    scores[i] = (optimized === 0 ? 0 : least + 0.05 * sum) + (optimized === 0 ? 1 : 0.3) * logProbability;
  }
  return scores;
}
