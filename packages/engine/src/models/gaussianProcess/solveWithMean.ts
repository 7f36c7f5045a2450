import type { Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';

/**
 * Estimates a constant mean by generalised least squares, 1'Ky^-1 z / 1'Ky^-1 1, and solves for what is left.
 *
 * @param factor Cholesky factor of Ky [m, m]
 * @param place room for 2m doubles; its first m become alpha = Ky^-1 (z - mean)
 * @param hasMean false keeps the mean at 0
 * @returns the mean
 */
export function solveWithMean(
  { arena, blas }: Routines,
  factor: ArenaMatrix,
  z: Float64Array,
  place: Pointer,
  hasMean: boolean,
): number {
  const m = z.length;
  const solutions = arena.float64(place, 2 * m);
  solutions.set(z);
  solutions.fill(1, m);
  const columns = hasMean ? 2 : 1;
  blas.trsm('L', 'N', m, columns, factor.pointer, factor.ld, place, m);
  blas.trsm('L', 'T', m, columns, factor.pointer, factor.ld, place, m);
  if (!hasMean) return 0;
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < m; i++) {
    weighted += solutions[i]!;
    total += solutions[m + i]!;
  }
  const mean = weighted / total;
  for (let i = 0; i < m; i++) solutions[i] = solutions[i]! - mean * solutions[m + i]!;
  return mean;
}
