import type { Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';
import type { RowSources } from '../../kernels/rowSources.ts';
import { solvePositiveDefinite } from '../../linalg/solvePositiveDefinite.ts';

/** First row of each source, and the end of the last [source count + 1]. */
export function sourceStarts({ targetRows, companionRows }: RowSources): number[] {
  const starts = [0, targetRows];
  for (const count of companionRows) starts.push(starts.at(-1)! + count);
  return starts;
}

/**
 * Estimates a constant mean of each source by generalised least squares, (H'Ky^-1 H)^-1 H'Ky^-1 z with H the rows'
 * sources, and solves for what is left.
 *
 * @param factor Cholesky factor of Ky [m, m]
 * @param place room for (1 + source count) m doubles; its first m become alpha = Ky^-1 (z - H means)
 * @returns the means, that of the target first; null when they cannot be told apart
 */
export function solveWithMeans(
  { arena, blas }: Routines,
  factor: ArenaMatrix,
  z: Float64Array,
  place: Pointer,
  sources: RowSources,
): Float64Array | null {
  const m = z.length;
  const starts = sourceStarts(sources);
  const count = starts.length - 1;
  const cells = arena.float64(place, (1 + count) * m);
  cells.fill(0);
  cells.set(z);
  for (let t = 0; t < count; t++) cells.fill(1, (1 + t) * m + starts[t]!, (1 + t) * m + starts[t + 1]!);
  blas.trsm('L', 'N', m, 1 + count, factor.pointer, factor.ld, place, m);
  blas.trsm('L', 'T', m, 1 + count, factor.pointer, factor.ld, place, m);
  const sumOver = (source: number, column: number): number => {
    let sum = 0;
    for (let i = starts[source]!; i < starts[source + 1]!; i++) sum += cells[column * m + i]!;
    return sum;
  };
  const A = Float64Array.from({ length: count * count }, (_, k) =>
    sumOver(Math.floor(k / count), 1 + (k % count)),
  );
  const means = Float64Array.from({ length: count }, (_, t) => sumOver(t, 0));
  if (!solvePositiveDefinite(A, means, count)) return null;
  for (let t = 0; t < count; t++)
    for (let i = 0; i < m; i++) cells[i]! -= means[t]! * cells[(1 + t) * m + i]!;
  return means;
}
