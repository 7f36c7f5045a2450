import type { GraphBuilder, GraphValue } from './graphBuilder.ts';

/** exp(x) - 1 with full precision near zero: (w - 1) x / log(w) with w = exp(x), of the same source as `logOnePlus`. */
export function expMinusOne(graph: GraphBuilder, x: GraphValue): GraphValue {
  const w = graph.exp(x);
  const difference = graph.subtract(w, 1);
  const corrected = graph.divide(graph.multiply(difference, x), graph.log(w));
  const near = graph.where(graph.isEqual(w, 1), x, corrected);
  // Farther out the difference loses nothing, and the correction would divide infinities.
  return graph.where(graph.isLess(1, graph.absolute(x)), difference, near);
}
