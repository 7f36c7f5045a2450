import type { Arena, Matrix as ArenaMatrix } from '@athanor/wasm';
import { columnOf, type Matrix } from '../linalg/matrix.ts';
import { tanimoto } from '../table/molecules/tanimoto.ts';
import type { TanimotoTerm } from './kernel.ts';

/** matrix = scale T + beta matrix, with T [m, n] the similarities between rows a [m, d] and rows b [n, d]. */
export function addTanimoto(
  arena: Arena,
  { feature, fingerprints }: TanimotoTerm,
  a: Matrix,
  b: Matrix,
  scale: number,
  beta: number,
  { pointer, ld }: ArenaMatrix,
): void {
  // Many rows share a molecule.
  const left = distinctOf(columnOf(a, feature));
  const right = distinctOf(columnOf(b, feature));
  const similarities = tanimoto(fingerprints, left.values, right.values);
  const view = arena.float64(pointer, ld * (b.rowCount - 1) + a.rowCount);
  for (let j = 0; j < b.rowCount; j++) {
    const column = right.placeOf[j]!;
    for (let i = 0; i < a.rowCount; i++) {
      const at = i + j * ld;
      const value = scale * similarities[left.placeOf[i]! * right.values.length + column]!;
      view[at] = beta === 0 ? value : value + beta * view[at]!;
    }
  }
}

/** Distinct values in order of first appearance, and the place of each cell's value among them. */
function distinctOf(cells: Float64Array): { values: number[]; placeOf: Int32Array } {
  const values: number[] = [];
  const places = new Map<number, number>();
  const placeOf = Int32Array.from(cells, (cell) => {
    let place = places.get(cell);
    if (place === undefined) places.set(cell, (place = values.push(cell) - 1));
    return place;
  });
  return { values, placeOf };
}
