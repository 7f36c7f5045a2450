import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import { doubles } from '../../onnx/tensor.ts';
import type { PosteriorGraph } from '../../posteriors/posteriorGraph.ts';
import type { InputGraph } from '../../transforms/inputGraph.ts';
import { unscaleInGraph } from '../unscaleInGraph.ts';
import type { LinearFit } from './linearFit.ts';

/**
 * `predictLinearFit` in a graph.
 *
 * @param columns gives the columns of the fit [m, d]; asked only where there are some
 */
export function predictLinearFitInGraph(
  fit: LinearFit,
  graph: GraphBuilder,
  inputs: InputGraph,
  columns: (graph: GraphBuilder) => GraphValue,
): PosteriorGraph {
  const { coefficients, directions, spectrum, penalty, noiseVariance, target } = fit;
  const d = coefficients.length;
  const least = 1 / fit.rowCount;
  if (d === 0) {
    const mean = graph.add(inputs.zeros, fit.intercept);
    return unscaleInGraph(graph, target, mean, graph.add(inputs.zeros, noiseVariance * (1 + least)));
  }
  const x = graph.divide(graph.subtract(columns(graph), graph.row(fit.centers)), graph.row(fit.scales));
  const z = graph.add(fit.intercept, graph.matrixProduct(x, graph.column(coefficients)));
  const k = spectrum.length;
  const squareLength = graph.sumOfRow(graph.square(x));
  const outsideOf = (rest: GraphValue): GraphValue =>
    graph.multiply(fit.outsideVariance, graph.greatest(0, rest));
  if (k === 0) {
    const variance = graph.add(least, outsideOf(squareLength));
    return unscaleInGraph(graph, target, z, graph.multiply(noiseVariance, graph.add(1, variance)));
  }
  const V = new Float64Array(d * k);
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) V[j * k + c] = directions[c * d + j]!;
  const squares = graph.square(graph.matrixProduct(x, graph.constant(doubles(V, [d, k]))));
  const along = graph.matrixProduct(squares, graph.column(spectrum.map((value) => 1 / (value + penalty))));
  const outside = outsideOf(graph.subtract(squareLength, graph.sumOfRow(squares)));
  const variance = graph.add(least, graph.add(along, outside));
  return unscaleInGraph(graph, target, z, graph.multiply(noiseVariance, graph.add(1, variance)));
}
