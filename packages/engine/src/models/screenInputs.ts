import type { Generator } from '../random/generator.ts';
import { spearman } from '../scores/spearman.ts';
import type { Column } from '../table/column.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { describeColumns, fitInputEncoder } from '../transforms/inputEncoder.ts';
import { fitTargetScale, standardizeTarget } from '../transforms/targetScale.ts';
import type { Inputs } from './inputs.ts';
import type { Forest } from './trees/forest.ts';
import { ForestBuilder } from './trees/forestBuilder.ts';
import { growExtraTrees } from './trees/growExtraTrees.ts';

/** Inputs are screened when there are more than this share of the rows. */
const crowdedShare = 1 / 3;
/** As many are kept: this share of the rows, and so many at most. */
const keptShare = 1 / 2;
const mostKept = 30;
/** Fewer rows say nothing of which inputs matter: campaigns that begin with five would never learn the others. */
const leastRows = 20;
/** Trees that say which inputs part the rows: enough that the ranks of the first ones hold still. */
const treeCount = 100;

/**
 * The inputs that seem to matter, where there are too many of them for the rows [n]: the best by rank correlation with
 * the target and the best of extremely randomised trees in turn. Molecules are kept whatever comes, and columns that do
 * not vary pass by. To be called with the rows of a fit alone, so that no row that is held out has a say.
 *
 * @param y target [n]
 */
export function screenInputs(inputs: Inputs, y: Float64Array, generator: Generator): Inputs {
  const n = y.length;
  if (n < leastRows) return inputs;
  const ranked = inputs.columns.flatMap(({ column }) =>
    column.kind !== 'molecular' && isVarying(column) ? [column] : [],
  );
  const wanted = Math.min(mostKept, Math.floor(n * keptShare));
  if (ranked.length <= n * crowdedShare || ranked.length <= wanted) return inputs;
  const byKey = [...ranked].sort((a, b) => (a.key < b.key ? -1 : 1));
  const importance = treeImportance(inputs, y, generator);
  const orders = [
    byKey.map((column) => (column.kind === 'numeric' ? correlation(column.values, y) : 0)),
    byKey.map(({ key }) => importance.get(key) ?? 0),
  ].map((score) => [...byKey.keys()].sort((a, b) => score[b]! - score[a]! || a - b));
  const kept = new Set<string>();
  for (let place = 0; kept.size < wanted; place++)
    for (const order of orders) if (kept.size < wanted) kept.add(byKey[order[place]!]!.key);
  const left = new Set(byKey.map(({ key }) => key).filter((key) => !kept.has(key)));
  return { ...inputs, columns: inputs.columns.filter(({ column }) => !left.has(column.key)) };
}

function isVarying(column: Column): boolean {
  const cells = column.kind === 'numeric' ? column.values : column.codes;
  return cells.some((cell) => !Object.is(cell, cells[0]));
}

/** Size of the rank correlation over the rows that have a cell; 0 where there is none. */
function correlation(values: Float64Array, y: Float64Array): number {
  const present = Int32Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
  const take = (cells: Float64Array): Float64Array => Float64Array.from(present, (i) => cells[i]!);
  return Math.abs(spearman(take(values), take(y)) ?? 0);
}

/** By how much the splits of each input lower the squared error, over all trees. */
function treeImportance(inputs: Inputs, y: Float64Array, generator: Generator): Map<string, number> {
  const encoder = fitInputEncoder(inputs, { missing: 'keep' });
  const X = encodeInputs(encoder, inputs);
  const z = standardizeTarget(fitTargetScale(y), y);
  const builder = new ForestBuilder(true);
  const options = { featuresTried: X.columnCount, minLeafRows: 1, minVarianceRows: 1 };
  growExtraTrees(X, z, options, treeCount, generator, builder);
  const columns = describeColumns(encoder);
  const importance = new Map<string, number>();
  fallsOf(builder.finish()).forEach(({ feature, fall }) => {
    const { key } = columns[feature]!;
    importance.set(key, (importance.get(key) ?? 0) + fall);
  });
  return importance;
}

/** The fall of the squared error at each split, every leaf counting as one row. */
function fallsOf({ feature, left, right, leafValue }: Forest): { feature: number; fall: number }[] {
  const counts = new Float64Array(feature.length);
  const sums = new Float64Array(feature.length);
  const falls: { feature: number; fall: number }[] = [];
  // Children come after their split.
  for (let split = feature.length - 1; split >= 0; split--) {
    const [a, b] = [left[split]!, right[split]!].map((child) =>
      child >= 0 ? { count: counts[child]!, sum: sums[child]! } : { count: 1, sum: leafValue[~child]! },
    ) as [{ count: number; sum: number }, { count: number; sum: number }];
    counts[split] = a.count + b.count;
    sums[split] = a.sum + b.sum;
    const difference = a.sum / a.count - b.sum / b.count;
    falls.push({ feature: feature[split]!, fall: ((a.count * b.count) / counts[split]!) * difference ** 2 });
  }
  return falls;
}
