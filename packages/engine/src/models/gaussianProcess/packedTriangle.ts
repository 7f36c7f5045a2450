import type { Arena, Matrix as ArenaMatrix } from '@athanor/wasm';
import type { Matrix } from '../../linalg/matrix.ts';

/** A matrix as part of a fitted model. */
export type PlainMatrix = { readonly [Key in keyof Matrix]: Matrix[Key] };

/**
 * Lower triangle of a matrix [m, m] outside the arena: column after column, each from its diagonal element on
 * [m (m + 1) / 2].
 */
export type PackedTriangle = Float64Array;

export function packTriangle(arena: Arena, { pointer, ld }: ArenaMatrix, m: number): PackedTriangle {
  const packed = new Float64Array((m * (m + 1)) / 2);
  let at = 0;
  for (let j = 0; j < m; j++) {
    packed.set(arena.float64(pointer + 8 * (j + j * ld), m - j), at);
    at += m - j;
  }
  return packed;
}

/** Allocates a matrix [m, m] in the arena and writes its lower triangle. */
export function placeTriangle(arena: Arena, packed: PackedTriangle, m: number): ArenaMatrix {
  const place = arena.allocateMatrix(m, m);
  let at = 0;
  for (let j = 0; j < m; j++) {
    arena.float64(place.pointer + 8 * (j + j * place.ld), m - j).set(packed.subarray(at, at + m - j));
    at += m - j;
  }
  return place;
}
