import type { Matrix as ArenaMatrix, Routines } from '@athanor/wasm';
import type { Matrix } from '../linalg/matrix.ts';
import { addTanimoto } from './addTanimoto.ts';
import { smoothFeatures, type Kernel, type KernelParameters } from './kernel.ts';
import { placeFeatures } from './placeFeatures.ts';

/**
 * Allocates and fills the covariance K [m, n] between rows a [m, d] and rows b [n, d]. The result lies in the arena,
 * below it only what was there before; workspace is given back.
 */
export function crossCovariance(
  routines: Routines,
  kernel: Kernel,
  parameters: KernelParameters,
  a: Matrix,
  b: Matrix,
): ArenaMatrix {
  const { arena, blas } = routines;
  const { lengthscales, outputScale, fixedScales } = parameters;
  const m = a.rowCount;
  const n = b.rowCount;
  const d = kernel.lengthscaleOf.length;
  const k = arena.allocateMatrix(m, n);
  const mark = arena.mark();
  const place = (features: Matrix): ArenaMatrix =>
    placeFeatures(
      arena,
      smoothFeatures(kernel, features),
      () => 0,
      (j) => lengthscales[kernel.lengthscaleOf[j]!]!,
    );
  routines.crossCovariance({ kernel: kernel.form, m, n, d, a: place(a), b: place(b), outputScale, k });
  arena.release(mark);
  kernel.fixed.forEach((term, t) => {
    if (term.kind === 'tanimoto') {
      addTanimoto(arena, term, a, b, fixedScales[t]!, 1, k);
      return;
    }
    const centred = (features: Matrix): ArenaMatrix =>
      placeFeatures(
        arena,
        smoothFeatures(kernel, features),
        (j) => term.centre[j]!,
        () => 1,
      );
    const left = centred(a);
    const right = centred(b);
    blas.gemm(
      'N',
      'T',
      m,
      n,
      d,
      fixedScales[t]!,
      left.pointer,
      left.ld,
      right.pointer,
      right.ld,
      1,
      k.pointer,
      k.ld,
    );
    arena.release(mark);
  });
  return k;
}
