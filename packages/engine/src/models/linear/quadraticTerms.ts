import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';
import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import { wholeNumbers } from '../../onnx/tensor.ts';
import type { PlainDataReader } from '../../plainDataReader.ts';

/** Products of two columns, or squares of one: pairs of their places, one after the other [2 * count]. */
export type QuadraticTerms = Int32Array;

/** Columns X [m, d] followed by the terms, each a product of columns less their centers [m, d + count]. */
export function expandQuadratic(X: Matrix, centers: Float64Array, terms: QuadraticTerms): Matrix {
  const d = X.columnCount;
  const expanded = createMatrix(X.rowCount, d + terms.length / 2);
  for (let j = 0; j < d; j++) columnOf(expanded, j).set(columnOf(X, j));
  for (let t = 0; t < terms.length / 2; t++) {
    const [a, b] = [terms[2 * t]!, terms[2 * t + 1]!];
    const left = columnOf(X, a);
    const right = columnOf(X, b);
    const product = columnOf(expanded, d + t);
    for (let i = 0; i < product.length; i++)
      product[i] = (left[i]! - centers[a]!) * (right[i]! - centers[b]!);
  }
  return expanded;
}

/** `expandQuadratic` in a graph. */
export function expandQuadraticInGraph(
  graph: GraphBuilder,
  X: GraphValue,
  centers: Float64Array,
  terms: QuadraticTerms,
): GraphValue {
  if (terms.length === 0) return X;
  const centred = graph.subtract(X, graph.row(centers));
  const factor = (place: number): GraphValue => {
    const columns = Array.from({ length: terms.length / 2 }, (_, t) => terms[2 * t + place]!);
    return graph.apply('Gather', [centred, graph.constant(wholeNumbers(columns))], { axis: 1 });
  };
  return graph.join([X, graph.multiply(factor(0), factor(1))]);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkQuadraticTerms(reader: PlainDataReader, d: number): QuadraticTerms {
  const terms = reader.int32(undefined, { min: 0, max: d - 1 });
  if (terms.length % 2 !== 0) throw reader.fail('must hold pairs');
  return terms;
}
