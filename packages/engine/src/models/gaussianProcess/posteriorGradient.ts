import type { Matrix as ArenaMatrix, Routines } from '@athanor/wasm';
import { readKernelParameters } from '../../kernels/kernel.ts';
import { stationaryForm } from '../../kernels/stationaryForm.ts';
import { columnOf, createMatrix } from '../../linalg/matrix.ts';
import { tanimoto } from '../../table/molecules/tanimoto.ts';
import { placeFactor } from './factorCovariance.ts';
import type { GaussianProcessState, ProcessMember } from './gaussianProcessState.ts';
import { placeTriangle } from './packedTriangle.ts';

/** Posterior of the noise-free standardised target at one point, and how it changes with the features. */
export interface PosteriorGradient {
  readonly mean: number;
  readonly variance: number;
  /** dmean / dx [d] */
  readonly meanGradient: Float64Array;
  /** dvariance / dx [d] */
  readonly varianceGradient: Float64Array;
}

/**
 * Analytic gradients of mean and variance at a point x [d], of the mixture of all members: with k* = k(x, rows) and
 * J = dk* / dx,  dmean = J'alpha,  dvariance = dk** - 2 J'(Ky^-1 k*). Through inducing points Ky^-1 is
 * L^-T (I - R^-T R^-1) L^-1. A molecule has no direction to move in: its slope is zero.
 */
export function posteriorGradient(
  routines: Routines,
  state: GaussianProcessState,
  x: Float64Array,
): PosteriorGradient {
  const d = x.length;
  const share = 1 / state.members.length;
  const parts = state.members.map((member) => memberGradient(routines, state, member, x));
  const meanGradient = new Float64Array(d);
  const varianceGradient = new Float64Array(d);
  let mean = 0;
  let variance = 0;
  for (const part of parts) {
    mean += share * part.mean;
    for (let j = 0; j < d; j++) meanGradient[j]! += share * part.meanGradient[j]!;
  }
  // Law of total variance, and its derivative.
  for (const part of parts) {
    const away = part.mean - mean;
    variance += share * (part.variance + away * away);
    for (let j = 0; j < d; j++) {
      varianceGradient[j]! +=
        share * (part.varianceGradient[j]! + 2 * away * (part.meanGradient[j]! - meanGradient[j]!));
    }
  }
  return { mean, variance, meanGradient, varianceGradient };
}

function memberGradient(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  x: Float64Array,
): PosteriorGradient {
  const { kernel, features } = state;
  const { lengthscales, outputScale, fixedScales } = readKernelParameters(kernel, member.logs);
  const d = x.length;
  const smoothCount = kernel.lengthscaleOf.length;
  const m = features.rowCount;
  const form = stationaryForm[kernel.form];
  const inverseSquares = Float64Array.from(kernel.lengthscaleOf, (g) => lengthscales[g]! ** -2);

  const cross = new Float64Array(m);
  const jacobian = createMatrix(m, d);
  const squares = new Float64Array(m);
  for (let j = 0; j < smoothCount; j++) {
    columnOf(features, j).forEach((at, i) => (squares[i]! += (x[j]! - at) ** 2 * inverseSquares[j]!));
  }
  const factors = squares.map((r2) => outputScale * form.factor(r2));
  for (let i = 0; i < m; i++) cross[i] = outputScale * form.value(squares[i]!);
  for (let j = 0; j < smoothCount; j++) {
    const slope = columnOf(jacobian, j);
    columnOf(features, j).forEach((at, i) => (slope[i] = -factors[i]! * (x[j]! - at) * inverseSquares[j]!));
  }
  let prior = outputScale;
  const varianceGradient = new Float64Array(d);
  kernel.fixed.forEach((term, t) => {
    const scale = fixedScales[t]!;
    if (term.kind === 'tanimoto') {
      const { feature, fingerprints } = term;
      const similarities = tanimoto(fingerprints, columnOf(features, feature), [x[feature]!]);
      for (let i = 0; i < m; i++) cross[i]! += scale * similarities[i]!;
      prior += scale;
      return;
    }
    const { centre } = term;
    for (let j = 0; j < smoothCount; j++) {
      const from = x[j]! - centre[j]!;
      prior += scale * from * from;
      varianceGradient[j]! += 2 * scale * from;
      const slope = columnOf(jacobian, j);
      columnOf(features, j).forEach((at, i) => {
        cross[i]! += scale * from * (at - centre[j]!);
        slope[i]! += scale * (at - centre[j]!);
      });
    }
  });

  const solved = solveCovariance(routines, state, member, cross);
  let mean = member.mean;
  let explained = 0;
  for (let i = 0; i < m; i++) {
    mean += cross[i]! * member.alpha[i]!;
    explained += cross[i]! * solved[i]!;
  }
  const meanGradient = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    const slope = columnOf(jacobian, j);
    for (let i = 0; i < m; i++) {
      meanGradient[j]! += slope[i]! * member.alpha[i]!;
      varianceGradient[j]! -= 2 * slope[i]! * solved[i]!;
    }
  }
  return { mean, variance: Math.max(0, prior - explained), meanGradient, varianceGradient };
}

/** Ky^-1 k [m], or what stands for it through inducing points. */
function solveCovariance(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  k: Float64Array,
): Float64Array {
  const { arena, blas } = routines;
  const m = k.length;
  const mark = arena.mark();
  try {
    const solve = (transpose: 'N' | 'T', factor: ArenaMatrix, at: number): void =>
      blas.trsm('L', transpose, m, 1, factor.pointer, factor.ld, at, m);
    if (member.kind === 'exact') {
      const factor = placeFactor(routines, state, member);
      const place = arena.storeFloat64(k);
      solve('N', factor, place);
      solve('T', factor, place);
      return arena.float64(place, m).slice();
    }
    const L = placeTriangle(arena, member.priorFactor, m);
    const R = placeTriangle(arena, member.posteriorFactor, m);
    const place = arena.storeFloat64(k);
    const inner = arena.allocateFloat64(m);
    solve('N', L, place);
    arena.float64(inner, m).set(arena.float64(place, m));
    solve('N', R, inner);
    solve('T', R, inner);
    const whitened = arena.float64(place, m);
    arena.float64(inner, m).forEach((value, i) => (whitened[i] = whitened[i]! - value));
    solve('T', L, place);
    return arena.float64(place, m).slice();
  } finally {
    arena.release(mark);
  }
}
