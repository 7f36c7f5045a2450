import type { Arena, Matrix } from '@athanor/wasm';
import type { Features } from './features.ts';

/** Allocates room for features [n, d] in the arena and writes (x_j - shift_j) / scale_j. */
export function placeFeatures(
  arena: Arena,
  features: Features,
  shift: (feature: number) => number,
  scale: (feature: number) => number,
): Matrix {
  const matrix = arena.allocateMatrix(features.rowCount, features.featureCount);
  writeFeatures(arena, matrix, features, shift, scale);
  return matrix;
}

/** Writes (x_j - shift_j) / scale_j over a matrix placed before. */
export function writeFeatures(
  arena: Arena,
  { pointer, ld }: Matrix,
  { rowCount, featureCount, values }: Features,
  shift: (feature: number) => number,
  scale: (feature: number) => number,
): void {
  const view = arena.float64(pointer, ld * featureCount);
  for (let j = 0; j < featureCount; j++) {
    const offset = shift(j);
    const factor = 1 / scale(j);
    for (let i = 0; i < rowCount; i++) view[i + j * ld] = (values[i + j * rowCount]! - offset) * factor;
  }
}
