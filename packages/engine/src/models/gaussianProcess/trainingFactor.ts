import type { Arena, Matrix as ArenaMatrix, Routines } from '@athanor/wasm';
import { CovarianceMatrix } from '../../kernels/covarianceMatrix.ts';
import type { Kernel, KernelParameters } from '../../kernels/kernel.ts';
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

/**
 * Cholesky factor of the covariance of the rows plus `diagonal` [m], left in the arena; null when it is not positive
 * definite to working precision. The caller releases the arena.
 */
export function factorCovariance(
  routines: Routines,
  kernel: Kernel,
  parameters: KernelParameters,
  features: Matrix,
  diagonal: Float64Array,
): ArenaMatrix | null {
  const covariance = new CovarianceMatrix(routines, kernel, features, false);
  covariance.fill(parameters, diagonal);
  const { pointer, ld } = covariance.matrix;
  return routines.blas.potrf(features.rowCount, pointer, ld) === 0 ? covariance.matrix : null;
}

/** (largest / smallest diagonal element)^2 of a Cholesky factor: a lower bound of the condition number. */
export function conditionEstimate(arena: Arena, { pointer, ld }: ArenaMatrix, m: number): number {
  const view = arena.float64(pointer, ld * (m - 1) + m);
  let largest = 0;
  let smallest = Infinity;
  for (let i = 0; i < m; i++) {
    largest = Math.max(largest, view[i * (ld + 1)]!);
    smallest = Math.min(smallest, view[i * (ld + 1)]!);
  }
  return (largest / smallest) ** 2;
}
