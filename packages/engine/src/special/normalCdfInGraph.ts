import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import { erfcCoefficients, inverseSqrtPi } from './erfcCoefficients.ts';

/** `normalCdf` in a graph, relative error below 1e-14 for |z| <= 8: runtimes have no error function of doubles. */
export function normalCdfInGraph(graph: GraphBuilder, z: GraphValue): GraphValue {
  const x = graph.multiply(z, -Math.SQRT1_2);
  const size = graph.absolute(x);
  const square = graph.square(x);
  const c = erfcCoefficients;
  const ratio = (numerator: readonly number[], denominator: readonly number[], at: GraphValue): GraphValue =>
    graph.divide(polynomialInGraph(graph, numerator, at), polynomialInGraph(graph, denominator, at));
  const near = graph.subtract(1, graph.multiply(x, ratio(c.smallNumerator, c.smallDenominator, square)));
  const middle = ratio(c.middleNumerator, c.middleDenominator, size);
  const reciprocal = graph.divide(1, square);
  const correction = graph.multiply(reciprocal, ratio(c.largeNumerator, c.largeDenominator, reciprocal));
  const far = graph.divide(graph.subtract(inverseSqrtPi, correction), size);
  const scaled = graph.where(graph.isAtMost(size, 4), middle, far);
  const upper = graph.multiply(scaled, graph.exp(graph.subtract(0, square)));
  const beyond = graph.where(graph.isLess(x, 0), graph.subtract(2, upper), upper);
  return graph.multiply(0.5, graph.where(graph.isAtMost(size, 0.46875), near, beyond));
}

/** sum_k coefficients_k x^k by Horner's rule. */
function polynomialInGraph(graph: GraphBuilder, coefficients: readonly number[], x: GraphValue): GraphValue {
  return coefficients
    .slice(0, -1)
    .reduceRight<GraphValue>(
      (sum, coefficient) => graph.add(coefficient, graph.multiply(sum, x)),
      graph.scalar(coefficients.at(-1)!),
    );
}
