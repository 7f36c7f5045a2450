import type { ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import { chooseLenses, screenCandidates } from '../acquisition/screenCandidates.ts';
import { kthSmallest } from '../linalg/kthSmallest.ts';
import type { PosteriorMoments } from '../posteriors/operations.ts';
import type { Generator } from '../random/generator.ts';

/** The best rows through each lens, without repeats [at most count]. */
export function preselect(
  moments: readonly PosteriorMoments[],
  objectives: readonly ResolvedObjective[],
  count: number,
  generator: Generator,
): Int32Array {
  const m = moments[0]!.mean.length;
  if (m <= count) return Int32Array.from({ length: m }, (_, i) => i);
  const lenses = chooseLenses(objectives, generator);
  const orders = screenCandidates(objectives, moments, lenses).map((scores) => {
    const threshold = kthSmallest(scores.slice(), m - count);
    const rows: number[] = [];
    for (let i = 0; i < m; i++) if (scores[i]! >= threshold) rows.push(i);
    return rows.sort((a, b) => scores[b]! - scores[a]! || a - b);
  });
  const chosen = new Set<number>();
  for (let rank = 0; chosen.size < count && rank < m; rank++)
    for (const order of orders) if (chosen.size < count) chosen.add(order[rank]!);
  return Int32Array.from(chosen).sort();
}
