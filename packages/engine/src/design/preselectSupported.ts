import type { Applicability } from '@athanor/schema';
import type { ResolvedObjective } from '../acquisition/resolvedObjective.ts';
import type { PosteriorMoments } from '../posteriors/operations.ts';
import { takeMoments } from '../posteriors/takeMoments.ts';
import type { Generator } from '../random/generator.ts';
import { preselect } from './preselect.ts';

/** Rows of one class that get further, and at least so many for each of a large batch. */
const finalists = 60;
const fewestForEach = 2;

/**
 * The best rows of those that lie at one place to the data [at most 60, or twice the batch].
 *
 * @param classes where each row lies [m]
 * @param count experiments in the batch
 */
export function preselectSupported(
  moments: readonly PosteriorMoments[],
  objectives: readonly ResolvedObjective[],
  classes: readonly Applicability['class'][],
  wanted: Applicability['class'],
  count: number,
  generator: Generator,
): Int32Array {
  const rows = Int32Array.from(classes.keys()).filter((i) => classes[i] === wanted);
  const some = moments.map((one) => takeMoments(one, rows));
  return preselect(some, objectives, Math.max(finalists, fewestForEach * count), generator).map(
    (k) => rows[k]!,
  );
}
