import type { Routines } from '@athanor/wasm';
import { crossCovariance } from '../../kernels/crossCovariance.ts';
import { readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import { priorVariance } from '../../kernels/priorVariance.ts';
import { takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';

/**
 * Rows that explain the others best: greedily the one with the largest variance given those chosen, which is a
 * pivoted Cholesky factorisation stopped early (Burt, Rasmussen & van der Wilk 2020, section 6). O(n count^2).
 *
 * @returns ascending rows, at most `count`; fewer when the rest is explained to rounding
 */
export function chooseInducingPoints(
  routines: Routines,
  kernel: Kernel,
  logs: Float64Array,
  features: Matrix,
  count: number,
): Int32Array {
  const parameters = readKernelParameters(kernel, logs);
  const n = features.rowCount;
  const rest = priorVariance(kernel, parameters, features);
  const least = (1e-10 * rest.reduce((sum, value) => sum + value, 0)) / n;
  const factor: Float64Array[] = [];
  const chosen: number[] = [];
  const { arena } = routines;
  while (chosen.length < Math.min(count, n)) {
    let next = 0;
    for (let i = 1; i < n; i++) if (rest[i]! > rest[next]!) next = i;
    const pivot = rest[next]!;
    if (!(pivot > least)) break;
    const mark = arena.mark();
    const place = crossCovariance(
      routines,
      kernel,
      parameters,
      features,
      takeMatrixRows(features, Int32Array.of(next)),
    );
    const column = arena.float64(place.pointer, n).slice();
    arena.release(mark);
    for (const known of factor) {
      const weight = known[next]!;
      for (let i = 0; i < n; i++) column[i]! -= weight * known[i]!;
    }
    const scale = 1 / Math.sqrt(pivot);
    for (let i = 0; i < n; i++) {
      column[i]! *= scale;
      rest[i] = Math.max(0, rest[i]! - column[i]! ** 2);
    }
    rest[next] = 0;
    factor.push(column);
    chosen.push(next);
  }
  return Int32Array.from(chosen).sort();
}
