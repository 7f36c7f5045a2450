import { averageOverLeaves } from './averageOverLeaves.ts';
import type { Forest } from './forest.ts';
import type { BaggedTrees } from './growBaggedTrees.ts';

/** Rows behind the error of a leaf: fewer say nothing of it, more blur where the target is noisy and where not. */
const minErrorRows = 5;
/** Rows' worth of belief in the mean error of all leaves, which keeps quiet corners from claiming certainty. */
const errorPriorRows = 0.5;

/**
 * The trees with leaves that say how far off predictions of their rows were: leaf variances are mean squared errors of
 * the rows in the leaf, of five at least, drawn a little towards the mean of all leaves: (5 v + 0.5 mean) / 5.5.
 *
 * @param predicted what each row was predicted by models that had not learnt from it [n]; NaN where there is none
 */
export function withErrors(
  { forest, leafOf }: BaggedTrees,
  z: Float64Array,
  predicted: Float64Array,
  weights: Float64Array,
): Forest {
  const isKnown = predicted.map((value) => (Number.isNaN(value) ? 0 : 1));
  const squares = z.map((value, i) => (isKnown[i] === 1 ? (value - predicted[i]!) ** 2 : 0));
  const counting = weights.map((weight, i) => weight * isKnown[i]!);
  const errors = averageOverLeaves(forest, leafOf, squares, counting, minErrorRows);
  const mean = errors.reduce((sum, error) => sum + error / errors.length, 0);
  const pull = errorPriorRows / (minErrorRows + errorPriorRows);
  return { ...forest, leafVariance: errors.map((error) => (1 - pull) * error + pull * mean) };
}
