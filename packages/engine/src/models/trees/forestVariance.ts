import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import type { ForestGraph } from './forestGraph.ts';
import type { ForestPrediction } from './predictForest.ts';

/** Smallest variance of a standardised target: a millionth of its standard deviation. */
const minVariance = 1e-12;

/**
 * Variances of standardised predictions, from trees with errors: the mean of that between the trees, which knows how
 * far a row is from the data, and of the squared errors of rows like it (after B. Lu and J. Hardin, Journal of Machine
 * Learning Research 22, 2021, 8), which hold the noise as well. Figures in docs/decisions/0011-portfolio.md.
 */
export function forestVariance({ betweenTrees, withinLeaves }: ForestPrediction): {
  /** [m] */
  readonly model: Float64Array;
  /** [m] */
  readonly measurement: Float64Array;
} {
  return {
    model: betweenTrees.map((between) => between / 2),
    measurement: betweenTrees.map((between, i) => Math.max(minVariance, (between + withinLeaves[i]!) / 2)),
  };
}

/** The variance of a measurement [m, 1] in a graph. */
export function forestVarianceInGraph(
  graph: GraphBuilder,
  { betweenTrees, withinLeaves }: ForestGraph,
): GraphValue {
  return graph.greatest(minVariance, graph.multiply(0.5, graph.add(betweenTrees, withinLeaves)));
}
