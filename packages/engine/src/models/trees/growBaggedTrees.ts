import type { Generator } from '../../random/generator.ts';
import type { ExactTreeGrower, ExactTreeOptions } from './exactTreeGrower.ts';
import type { Forest } from './forest.ts';
import { ForestBuilder } from './forestBuilder.ts';

export interface BaggedTrees {
  /** Without leaf variances. */
  readonly forest: Forest;
  /** Leaf of each row in each tree, t arrays [n]. */
  readonly leafOf: readonly Int32Array[];
  /** Mean prediction of each row by the trees that did not learn from it [n]; NaN for a row that all learnt from. */
  readonly outOfBag: Float64Array;
}

/**
 * Grows trees on bootstrap samples of the rows (L. Breiman, Machine Learning 45, 2001, 5): each on `bagRows` rows drawn
 * with replacement.
 *
 * @param weights of the rows [n]; a row drawn twice counts twice its weight
 */
export function growBaggedTrees(
  grower: ExactTreeGrower,
  z: Float64Array,
  weights: Float64Array,
  treeCount: number,
  bagRows: number,
  options: ExactTreeOptions,
  generator: Generator,
): BaggedTrees {
  const n = z.length;
  const builder = new ForestBuilder(false);
  const leafOf: Int32Array[] = [];
  const sum = new Float64Array(n);
  const count = new Int32Array(n);
  const bag = new Float64Array(n);
  for (let tree = 0; tree < treeCount; tree++) {
    const stream = generator.split(`tree ${tree}`);
    bag.fill(0);
    for (let draw = 0; draw < bagRows; draw++) {
      const row = stream.integer(n);
      bag[row]! += weights[row]!;
    }
    const leaves = grower.grow(z, bag, options, stream, builder).slice();
    leafOf.push(leaves);
    for (let i = 0; i < n; i++) {
      if (bag[i]! > 0) continue;
      sum[i]! += builder.valueOf(leaves[i]!);
      count[i]!++;
    }
  }
  return { forest: builder.finish(), leafOf, outOfBag: sum.map((total, i) => total / count[i]!) };
}
