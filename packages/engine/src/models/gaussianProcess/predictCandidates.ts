import { invertedFactorBytes, type Routines } from '@athanor/wasm';
import { readKernelParameters } from '../../kernels/kernel.ts';
import { priorVariance } from '../../kernels/priorVariance.ts';
import { columnOf, createMatrix, takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { placeFactor } from './factorCovariance.ts';
import type { ExactMember, GaussianProcessState } from './gaussianProcessState.ts';
import { mixMembers, predictExactly, predictMember, type LatentPrediction } from './predictLatent.ts';

/** A rough standard deviation differs from the exact one by at most this share of itself. */
export const candidateTolerance = 1e-4;
/** Rows at which a member's rough variance is compared with the exact one. */
const probeCount = 256;
/** How much larger than at any probe the error may be elsewhere. */
const errorMargin = 3;
/** Beyond this share of rows that must be done again, and below this many training rows, there is nothing to gain. */
const maxExactShare = 0.2;
const minRows = 100;

/** What it takes to predict a member roughly. */
interface RoughMember {
  /** Ky's Cholesky factor, inverted in float32. */
  readonly inverse: Uint8Array;
  /** Share of the prior variance below which a variance is found again in float64. */
  readonly leastShare: number;
  /** False where most variances would have to be. */
  readonly pays: boolean;
}

/** By the routines, because only their build can read the inverse. */
const known = new WeakMap<Routines, WeakMap<ExactMember, RoughMember>>();

/**
 * `predictLatent` for many candidates that are only to be ranked, in half the time: the means are the same to the byte,
 * standard deviations within `candidateTolerance` of themselves. Variances are found in float32, and again in float64
 * where they are so small a share of the prior variance that the error of float32 could count; how large that error
 * is, is measured once for each member. A candidate's result does not depend on the others.
 */
export function predictCandidates(
  routines: Routines,
  state: GaussianProcessState,
  X: Matrix,
): LatentPrediction {
  // Similarities of molecules have no routine in float32; the probes have no molecules either.
  const isSmooth = state.kernel.fixed.every(({ kind }) => kind === 'linear');
  return mixMembers(
    state.members.map((member) =>
      isSmooth && member.kind === 'exact' && member.noise.length >= minRows
        ? predictRoughly(routines, state, member, X)
        : predictMember(routines, state, member, X),
    ),
  );
}

function predictRoughly(
  routines: Routines,
  state: GaussianProcessState,
  member: ExactMember,
  X: Matrix,
): LatentPrediction {
  const rough = roughMember(routines, state, member);
  if (!rough.pays) return predictMember(routines, state, member, X);
  const prediction = solveRoughly(routines, state, member, X, rough.inverse);
  const prior = priorVariance(state.kernel, readKernelParameters(state.kernel, member.logs), X);
  const small = Int32Array.from(prior.keys()).filter(
    (i) => prediction.variance[i]! < rough.leastShare * prior[i]!,
  );
  if (small.length > 0) {
    const exact = predictMember(routines, state, member, takeMatrixRows(X, small));
    small.forEach((i, k) => (prediction.variance[i] = exact.variance[k]!));
  }
  return prediction;
}

function solveRoughly(
  routines: Routines,
  state: GaussianProcessState,
  member: ExactMember,
  X: Matrix,
  inverse: Uint8Array,
): LatentPrediction {
  const { arena } = routines;
  return predictExactly(routines, state, member, X, () => ({ inverse: arena.storeUint8(inverse) }));
}

function roughMember(routines: Routines, state: GaussianProcessState, member: ExactMember): RoughMember {
  let members = known.get(routines);
  if (members === undefined) known.set(routines, (members = new WeakMap()));
  let rough = members.get(member);
  if (rough === undefined) members.set(member, (rough = prepare(routines, state, member)));
  return rough;
}

function prepare(routines: Routines, state: GaussianProcessState, member: ExactMember): RoughMember {
  const inverse = invertFactor(routines, state, member);
  const probes = placeProbes(state.features);
  const prior = priorVariance(state.kernel, readKernelParameters(state.kernel, member.logs), probes);
  const exact = predictMember(routines, state, member, probes).variance;
  const rough = solveRoughly(routines, state, member, probes, inverse).variance;
  let largest = 0;
  for (let i = 0; i < probeCount; i++)
    largest = Math.max(largest, Math.abs(rough[i]! - exact[i]!) / prior[i]!);
  // sd errs by half the relative error of the variance.
  const leastShare = (errorMargin * largest) / (2 * candidateTolerance);
  const again = exact.reduce((count, value, i) => count + (value < leastShare * prior[i]! ? 1 : 0), 0);
  return { inverse, leastShare, pays: again <= maxExactShare * probeCount };
}

function invertFactor(routines: Routines, state: GaussianProcessState, member: ExactMember): Uint8Array {
  const { arena } = routines;
  const n = member.noise.length;
  const mark = arena.mark();
  try {
    const factor = placeFactor(routines, state, member);
    const inverse = arena.allocate(invertedFactorBytes(n));
    routines.invertFactor({ n, factor, inverse });
    return arena.uint8(inverse, invertedFactorBytes(n)).slice();
  } finally {
    arena.release(mark);
  }
}

/**
 * Points among the training rows, where much is explained and errors are largest, and a quarter of them anywhere within
 * the range of the rows.
 */
function placeProbes(features: Matrix): Matrix {
  const generator = createGenerator(0);
  const probes = createMatrix(probeCount, features.columnCount);
  const row = (): number => Math.floor(generator.uniform() * features.rowCount);
  const pairs = Array.from({ length: probeCount }, () => [row(), row(), generator.uniform()] as const);
  for (let j = 0; j < features.columnCount; j++) {
    const column = columnOf(features, j);
    const low = column.reduce((least, x) => Math.min(least, x), Infinity);
    const high = column.reduce((most, x) => Math.max(most, x), -Infinity);
    const probe = columnOf(probes, j);
    pairs.forEach(([a, b, share], i) => {
      probe[i] =
        i % 4 === 0
          ? low + generator.uniform() * (high - low)
          : (1 - share) * column[a]! + share * column[b]!;
    });
  }
  return probes;
}
