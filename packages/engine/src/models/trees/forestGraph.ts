import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import type { Attribute } from '../../onnx/graph.ts';
import { doubles } from '../../onnx/tensor.ts';
import type { Forest } from './forest.ts';

/** Numbers of `TreeEnsemble`: how a split compares, and how the leaves of a row are put together. */
const atMost = 0;
const sumOfLeaves = 1;

/** What the trees say of each row [m, 1], as `ForestPrediction` has it. */
export interface ForestGraph {
  readonly mean: GraphValue;
  readonly betweenTrees: GraphValue;
  readonly withinLeaves: GraphValue;
}

/**
 * `predictForest` in a graph, for a forest with variances and X [m, d]: one walk down the trees finds the leaf of each
 * tree, and values, squares and variances are looked up there.
 */
export function forestInGraph(graph: GraphBuilder, forest: Forest, X: GraphValue): ForestGraph {
  const { leafValue, leafVariance, roots } = forest;
  // Every tree has an output of its own, in which its leaf's number is the sum.
  const numbers = Float64Array.from(leafValue.keys());
  const leaves = graph.apply('Cast', [walkInGraph(graph, forest, X, numbers, treeOfLeaf(forest))], { to: 7 });
  const lookUp = (cells: Float64Array): GraphValue =>
    graph.apply('Gather', [graph.constant(doubles(cells)), leaves]);
  const meanOf = (values: GraphValue): GraphValue => graph.divide(graph.sumOfRow(values), roots.length);
  const values = lookUp(leafValue);
  const mean = meanOf(values);
  const between = graph.subtract(meanOf(graph.square(values)), graph.square(mean));
  return { mean, betweenTrees: graph.greatest(between, 0), withinLeaves: meanOf(lookUp(leafVariance!)) };
}

/** The sum of the leaf values over the trees, as `sumOverTrees` has it, for X [m, d]. */
export function sumOverTreesInGraph(graph: GraphBuilder, forest: Forest, X: GraphValue): GraphValue {
  return walkInGraph(graph, forest, X, forest.leafValue, null);
}

/**
 * @param weights what each leaf adds [l]
 * @param outputOf output to which it adds it [l], or null when there is one [m, 1] only
 */
function walkInGraph(
  graph: GraphBuilder,
  { roots, feature, threshold, left, right, missingLeft }: Forest,
  X: GraphValue,
  weights: Float64Array,
  outputOf: Int32Array | null,
): GraphValue {
  // A tree that never splits is a split with its one leaf on both sides.
  const bare = Int32Array.from(roots.filter((root) => root < 0));
  const splitCount = feature.length;
  const nodeCount = splitCount + bare.length;
  const extend = (cells: Int32Array | Uint8Array, extra: (leaf: number) => number): Int32Array => {
    const all = new Int32Array(nodeCount);
    all.set(cells);
    bare.forEach((reference, k) => (all[splitCount + k] = extra(~reference)));
    return all;
  };
  const placeOf = (reference: number): number => (reference < 0 ? ~reference : reference);
  const thresholds = new Float64Array(nodeCount);
  thresholds.set(threshold);
  let bareCount = 0;
  const attributes: { [name: string]: Attribute } = {
    aggregate_function: sumOfLeaves,
    post_transform: 0,
    n_targets: outputOf === null ? 1 : roots.length,
    tree_roots: roots.map((root) => (root < 0 ? splitCount + bareCount++ : root)),
    nodes_featureids: extend(feature, () => 0),
    nodes_splits: doubles(thresholds),
    nodes_modes: { type: 'uint8', shape: [nodeCount], cells: new Uint8Array(nodeCount).fill(atMost) },
    nodes_truenodeids: extend(left.map(placeOf), (leaf) => leaf),
    nodes_trueleafs: extend(
      left.map((reference) => (reference < 0 ? 1 : 0)),
      () => 1,
    ),
    nodes_falsenodeids: extend(right.map(placeOf), (leaf) => leaf),
    nodes_falseleafs: extend(
      right.map((reference) => (reference < 0 ? 1 : 0)),
      () => 1,
    ),
    nodes_missing_value_tracks_true: extend(missingLeft, () => 1),
    leaf_targetids: outputOf ?? new Int32Array(weights.length),
    leaf_weights: doubles(weights),
  };
  return graph.apply('TreeEnsemble', [X], attributes, 'ai.onnx.ml');
}

/** Tree of each leaf [l]. */
function treeOfLeaf({ roots, left, right, leafValue }: Forest): Int32Array {
  const tree = new Int32Array(leafValue.length);
  roots.forEach((root, t) => {
    const open = [root];
    while (open.length > 0) {
      const reference = open.pop()!;
      if (reference < 0) tree[~reference] = t;
      else open.push(left[reference]!, right[reference]!);
    }
  });
  return tree;
}
