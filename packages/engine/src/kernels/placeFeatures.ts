import type { Arena, Matrix as ArenaMatrix } from '@athanor/wasm';
import { columnOf, type Matrix } from '../linalg/matrix.ts';

/** Allocates room for features [n, d] in the arena and writes (x_j - shift_j) / scale_j. */
export function placeFeatures(
  arena: Arena,
  features: Matrix,
  shift: (feature: number) => number,
  scale: (feature: number) => number,
): ArenaMatrix {
  const place = arena.allocateMatrix(features.rowCount, features.columnCount);
  writeFeatures(arena, place, features, shift, scale);
  return place;
}

/** Writes (x_j - shift_j) / scale_j over features placed before. */
export function writeFeatures(
  arena: Arena,
  { pointer, ld }: ArenaMatrix,
  features: Matrix,
  shift: (feature: number) => number,
  scale: (feature: number) => number,
): void {
  const view = arena.float64(pointer, ld * features.columnCount);
  for (let j = 0; j < features.columnCount; j++) {
    const column = columnOf(features, j);
    const offset = shift(j);
    const factor = 1 / scale(j);
    for (let i = 0; i < column.length; i++) view[i + j * ld] = (column[i]! - offset) * factor;
  }
}
