import type { Routines } from '@athanor/wasm';
import type { Matrix } from '../../linalg/matrix.ts';
import type { Inputs } from '../inputs.ts';
import type { Generator } from '../../random/generator.ts';
import { unwarping } from '../../transforms/targetWarp.ts';
import { encodeForProcess } from './encodeForProcess.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import type { GaussianProcessState, ProcessMember } from './gaussianProcessState.ts';
import { drawJointSamples, memberJoint, placeMemberJoint } from './jointPosterior.ts';
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
    const draws = drawMember(routines, apart.state, member, apart.X, share, generator);
    for (const draw of draws) for (let i = 0; i < draw.length; i++) draw[i] = unwarp(draw[i]!);
    return draws;
  });
}

/** Variances added to the diagonal, as shares of the largest, until the covariance can be factored. */
const jitters = [1e-9, 1e-7, 1e-5];

/** Draws of one member as `drawJointSamples` gives them, but for the jitter, by the routines. */
function drawMember(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  X: Matrix,
  count: number,
  generator: Generator,
): Float64Array[] {
  const { arena, blas } = routines;
  const q = X.rowCount;
  const mark = arena.mark();
  try {
    const { mean, lower } = placeMemberJoint(routines, state, member, X);
    const { ld } = lower;
    const L = arena.allocateMatrix(q, q);
    const isFactored = jitters.some((jitter) => {
      const covariance = arena.float64(lower.pointer, ld * q);
      const cells = arena.float64(L.pointer, ld * q);
      let largest = 0;
      for (let a = 0; a < q; a++) largest = Math.max(largest, covariance[a + a * ld]!);
      cells.set(covariance);
      for (let b = 0; b < q; b++) {
        cells.fill(0, b * ld, b * ld + b);
        cells[b + b * ld]! += jitter * largest;
      }
      return blas.potrf(q, L.pointer, ld) === 0;
    });
    if (!isFactored) return drawJointSamples(memberJoint(routines, state, member, X), count, generator);
    const normals = arena.allocateFloat64(q * count);
    const out = arena.allocateFloat64(q * count);
    const drawn = arena.float64(normals, q * count);
    for (let i = 0; i < drawn.length; i++) drawn[i] = generator.normal();
    blas.gemm('N', 'N', q, count, q, 1, L.pointer, ld, normals, q, 0, out, q);
    const all = arena.float64(out, q * count).slice();
    return Array.from({ length: count }, (_, s) => {
      const draw = all.subarray(s * q, (s + 1) * q);
      for (let a = 0; a < q; a++) draw[a]! += mean[a]!;
      return draw;
    });
  } finally {
    arena.release(mark);
  }
}
