import { EngineError } from '../engineError.ts';
import type { GraphBuilder, GraphValue } from '../onnx/graphBuilder.ts';
import { doubles } from '../onnx/tensor.ts';
import type { Kernel, KernelParameters } from './kernel.ts';
import type { StationaryForm } from './stationaryForm.ts';

/** Covariances of predicted rows, in a graph. */
export interface KernelGraph {
  /** With the n rows known [m, n]. */
  readonly cross: GraphValue;
  /** With themselves [m, 1]. */
  readonly prior: GraphValue;
}

/** Unit covariance in a graph, from distances over length scales, squared [m, n]. */
const formInGraph: Readonly<
  Record<StationaryForm, (graph: GraphBuilder, squaredDistance: GraphValue) => GraphValue>
> = {
  matern52(graph, squaredDistance) {
    const s = graph.sqrt(graph.multiply(5, squaredDistance));
    const polynomial = graph.add(graph.add(1, s), graph.divide(graph.square(s), 3));
    return graph.multiply(polynomial, graph.exp(graph.subtract(0, s)));
  },
  rbf: (graph, squaredDistance) => graph.exp(graph.multiply(-0.5, squaredDistance)),
};

/**
 * The kernel in a graph. Distances are sums of squared differences, feature by feature: the product form would be faster
 * and lose half of the digits between rows that are alike.
 *
 * @param columns features of the predicted rows, d values [m, 1]
 * @param rows those of the rows known, d arrays [n]
 */
export function kernelInGraph(
  graph: GraphBuilder,
  kernel: Kernel,
  { lengthscales, outputScale, fixedScales }: KernelParameters,
  columns: readonly GraphValue[],
  rows: readonly Float64Array[],
): KernelGraph {
  const squares = columns.map((column, j) => {
    const factor = 1 / lengthscales[kernel.lengthscaleOf[j]!]!;
    const scaled = graph.multiply(column, factor);
    return graph.square(graph.subtract(scaled, graph.row(rows[j]!.map((x) => x * factor))));
  });
  let cross = graph.multiply(outputScale, formInGraph[kernel.form](graph, graph.sum(squares)));
  const first = graph.multiply(0, columns[0]!);
  let prior = graph.add(outputScale, first);
  kernel.fixed.forEach((term, t) => {
    if (term.kind !== 'linear')
      throw new EngineError('MODEL_NOT_EXPORTABLE', 'the similarity of molecules has no operators in ONNX');
    const { centre } = term;
    const n = rows[0]!.length;
    const centred = graph.join(columns.map((column, j) => graph.subtract(column, centre[j]!)));
    const known = new Float64Array(rows.length * n);
    rows.forEach((row, j) => row.forEach((x, i) => (known[j * n + i] = fixedScales[t]! * (x - centre[j]!))));
    cross = graph.add(cross, graph.matrixProduct(centred, graph.constant(doubles(known, [rows.length, n]))));
    prior = graph.add(prior, graph.multiply(fixedScales[t]!, graph.sumOfRow(graph.square(centred))));
  });
  return { cross, prior };
}
