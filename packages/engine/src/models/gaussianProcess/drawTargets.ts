import type { Routines } from '@athanor/wasm';
import type { Inputs } from '../inputs.ts';
import type { Generator } from '../../random/generator.ts';
import { unwarping } from '../../transforms/targetWarp.ts';
import { encodeForProcess } from './encodeForProcess.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import { drawJointSamples, memberJoint, type JointPosterior } from './jointPosterior.ts';
import { tellLevelsApart } from './tellLevelsApart.ts';

/** Each member costs a factorisation of the rows drawn at; more of them than this add little. */
const maxMembers = 8;

/** Joint draws of the noise-free target at rows [count][m], each from one member of the mixture, in turn. */
export function drawTargets(
  routines: Routines,
  fitted: FittedGaussianProcess,
  inputs: Inputs,
  count: number,
  generator: Generator,
): Float64Array[] {
  const { encoder, warp, rowCount } = fitted;
  const { X, state } = encodeForProcess(fitted, inputs);
  const unwarp = unwarping(warp);
  if (state.kind === 'constant') {
    const sd = Math.sqrt(state.noiseVariance / rowCount);
    return Array.from({ length: count }, () =>
      new Float64Array(X.rowCount).fill(unwarp(sd * generator.normal())),
    );
  }
  const apart = tellLevelsApart(encoder, inputs, X, state);
  const members = state.members.slice(0, Math.min(maxMembers, count));
  return members.flatMap((member, k) => {
    const share = Math.floor((count + members.length - 1 - k) / members.length);
    const joint = memberJoint(routines, apart.state, member, apart.X);
    return drawMany(routines, joint, share, generator).map((z) => z.map(unwarp));
  });
}

/** Variances added to the diagonal, as shares of the largest, until the covariance can be factored. */
const jitters = [1e-9, 1e-7, 1e-5];

/** Draws as `drawJointSamples` gives them, but for the jitter, by the routines. */
function drawMany(
  routines: Routines,
  joint: JointPosterior,
  count: number,
  generator: Generator,
): Float64Array[] {
  const { arena, blas } = routines;
  const { mean, covariance } = joint;
  const q = mean.length;
  const mark = arena.mark();
  try {
    const L = arena.allocateMatrix(q, q);
    let largest = 0;
    for (let a = 0; a < q; a++) largest = Math.max(largest, covariance[a * q + a]!);
    const isFactored = jitters.some((jitter) => {
      const cells = arena.float64(L.pointer, L.ld * q);
      for (let b = 0; b < q; b++) {
        for (let a = 0; a < q; a++) cells[a + b * L.ld] = a < b ? 0 : covariance[a * q + b]!;
        cells[b + b * L.ld]! += jitter * largest;
      }
      return blas.potrf(q, L.pointer, L.ld) === 0;
    });
    if (!isFactored) return drawJointSamples(joint, count, generator);
    const normals = arena.storeFloat64(Float64Array.from({ length: q * count }, () => generator.normal()));
    const out = arena.allocateFloat64(q * count);
    blas.gemm('N', 'N', q, count, q, 1, L.pointer, L.ld, normals, q, 0, out, q);
    const all = arena.float64(out, q * count);
    return Array.from({ length: count }, (_, s) => mean.map((value, a) => value + all[s * q + a]!));
  } finally {
    arena.release(mark);
  }
}
