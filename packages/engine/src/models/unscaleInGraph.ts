import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import type { PosteriorGraph } from '../posteriors/posteriorGraph.ts';
import type { TargetScale } from '../transforms/targetScale.ts';
import { targetSpreadInGraph, targetValueInGraph } from '../transforms/targetValueInGraph.ts';

/** The normal posterior in the unit of the target, from mean and variance of a standardised measurement, in a graph. */
export function unscaleInGraph(
  graph: GraphBuilder,
  target: TargetScale,
  mean: GraphValue,
  variance: GraphValue,
): PosteriorGraph {
  return {
    kind: 'normal',
    mean: targetValueInGraph(graph, target, mean),
    sd: targetSpreadInGraph(graph, target, graph.sqrt(variance)),
  };
}
