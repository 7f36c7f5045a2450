import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';
import type { GraphBuilder, GraphValue } from '../../onnx/graphBuilder.ts';
import type { PlainDataReader } from '../../plainDataReader.ts';
import type { InputGraph } from '../../transforms/inputGraph.ts';

/** Places in a term: up to three components and one process column; -1 for none. */
export const placesPerTerm = 4;

/** Products of components and a process column, `placesPerTerm` places each, ascending with the empty ones last. */
export type BlendTerms = Int32Array;

/** How many components may meet in a term: linear blending, pairs, triples. */
export type BlendOrder = 1 | 2 | 3;

/** What process columns may do: nothing, add to the blend, or change it. */
export type ProcessMode = 'none' | 'additive' | 'crossed';

/** The terms of a Scheffe polynomial in q components and r process columns. */
export function listBlendTerms(q: number, r: number, order: BlendOrder, mode: ProcessMode): BlendTerms {
  const blends: number[][] = [];
  for (let a = 0; a < q; a++) blends.push([a, -1, -1]);
  if (order >= 2) for (let a = 0; a < q; a++) for (let b = a + 1; b < q; b++) blends.push([a, b, -1]);
  if (order >= 3)
    for (let a = 0; a < q; a++)
      for (let b = a + 1; b < q; b++) for (let c = b + 1; c < q; c++) blends.push([a, b, c]);
  const terms = blends.map((blend) => [...blend, -1]);
  for (let k = 0; k < r; k++) {
    if (mode === 'additive') terms.push([-1, -1, -1, k]);
    if (mode === 'crossed') for (const blend of blends) terms.push([...blend, k]);
  }
  return Int32Array.from(terms.flat());
}

/** Number of terms that `listBlendTerms` gives. */
export function countBlendTerms(q: number, r: number, order: BlendOrder, mode: ProcessMode): number {
  const blends = q + (order >= 2 ? (q * (q - 1)) / 2 : 0) + (order >= 3 ? (q * (q - 1) * (q - 2)) / 6 : 0);
  return blends + (mode === 'additive' ? r : mode === 'crossed' ? r * blends : 0);
}

/** Values of the terms from components [m, q] and process columns [m, r]. */
export function evaluateBlendTerms(terms: BlendTerms, components: Matrix, process: Matrix): Matrix {
  const count = terms.length / placesPerTerm;
  const values = createMatrix(components.rowCount, count);
  for (let t = 0; t < count; t++) {
    const column = columnOf(values, t).fill(1);
    for (let place = 0; place < placesPerTerm; place++) {
      const index = terms[t * placesPerTerm + place]!;
      if (index < 0) continue;
      const factor = columnOf(place === placesPerTerm - 1 ? process : components, index);
      for (let i = 0; i < column.length; i++) column[i]! *= factor[i]!;
    }
  }
  return values;
}

/** `evaluateBlendTerms` in a graph, from columns [m, 1] of components and process. */
export function evaluateBlendTermsInGraph(
  graph: GraphBuilder,
  terms: BlendTerms,
  components: readonly GraphValue[],
  process: readonly GraphValue[],
  { zeros }: InputGraph,
): GraphValue {
  const columns = Array.from({ length: terms.length / placesPerTerm }, (_, t) => {
    const places = Array.from(terms.subarray(t * placesPerTerm, (t + 1) * placesPerTerm));
    const factors = places.flatMap((index, place): GraphValue[] =>
      index < 0 ? [] : [(place === placesPerTerm - 1 ? process : components)[index]!],
    );
    if (factors.length === 0) return graph.add(zeros, 1);
    return factors.reduce((left, right) => graph.multiply(left, right));
  });
  return graph.join(columns);
}

/** @throws EngineError with code ARTIFACT_INVALID */
export function checkBlendTerms(reader: PlainDataReader, q: number, r: number): BlendTerms {
  const terms = reader.int32(undefined, { min: -1 });
  if (terms.length % placesPerTerm !== 0) throw reader.fail(`must hold ${placesPerTerm} places a term`);
  if (terms.some((index, p) => index >= (p % placesPerTerm === placesPerTerm - 1 ? r : q)))
    throw reader.fail('must name components and process columns that there are');
  return terms;
}
