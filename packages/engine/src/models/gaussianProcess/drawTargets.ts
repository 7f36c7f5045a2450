import type { Routines } from '@athanor/wasm';
import type { Inputs } from '../inputs.ts';
import type { Generator } from '../../random/generator.ts';
import { encodeInputs } from '../../transforms/encodeInputs.ts';
import { unwarpTarget } from '../../transforms/targetWarp.ts';
import type { FittedGaussianProcess } from './fittedGaussianProcess.ts';
import { drawJointSamples, memberJoint } from './jointPosterior.ts';

/** Each member costs a factorisation of the rows drawn at; more of them than this add little. */
const maxMembers = 8;

/** Joint draws of the noise-free target at rows [count][m], each from one member of the mixture, in turn. */
export function drawTargets(
  routines: Routines,
  { encoder, warp, state, rowCount }: FittedGaussianProcess,
  inputs: Inputs,
  count: number,
  generator: Generator,
): Float64Array[] {
  const X = encodeInputs(encoder, inputs);
  if (state.kind === 'constant') {
    const sd = Math.sqrt(state.noiseVariance / rowCount);
    return Array.from({ length: count }, () =>
      new Float64Array(X.rowCount).fill(unwarpTarget(warp, sd * generator.normal())),
    );
  }
  const members = state.members.slice(0, Math.min(maxMembers, count));
  return members.flatMap((member, k) => {
    const share = Math.floor((count + members.length - 1 - k) / members.length);
    const joint = memberJoint(routines, state, member, X);
    return drawJointSamples(joint, share, generator).map((z) => z.map((value) => unwarpTarget(warp, value)));
  });
}
