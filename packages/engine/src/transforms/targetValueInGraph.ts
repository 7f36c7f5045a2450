import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import type { TargetScale } from './targetScale.ts';

/** `targetValue` in a graph. */
export function targetValueInGraph(graph: GraphBuilder, scale: TargetScale, z: GraphValue): GraphValue {
  return graph.multiply(graph.add(scale.centre, graph.multiply(scale.spread, z)), scale.magnitude);
}

/** `targetSpread` in a graph. */
export function targetSpreadInGraph(graph: GraphBuilder, scale: TargetScale, sd: GraphValue): GraphValue {
  const scaled = graph.multiply(graph.multiply(scale.spread, sd), scale.magnitude);
  return graph.greatest(scaled, Number.MIN_VALUE);
}

/** `standardizeTarget` in a graph. */
export function standardizeTargetInGraph(graph: GraphBuilder, scale: TargetScale, y: GraphValue): GraphValue {
  const { magnitude, centre, spread } = scale;
  return graph.divide(graph.subtract(graph.divide(y, magnitude), centre), spread);
}
