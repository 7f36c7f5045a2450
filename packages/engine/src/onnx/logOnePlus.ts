import type { GraphBuilder, GraphValue } from './graphBuilder.ts';

/**
 * log(1 + x) for x > -1 with full precision near zero, by plain logarithms: x log(w) / (w - 1) with w = 1 + x (W. Kahan;
 * see N. Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 1.14.1).
 */
export function logOnePlus(graph: GraphBuilder, x: GraphValue): GraphValue {
  const w = graph.add(1, x);
  const corrected = graph.divide(graph.multiply(x, graph.log(w)), graph.subtract(w, 1));
  return graph.where(graph.isEqual(w, 1), x, corrected);
}
