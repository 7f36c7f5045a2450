import type { Routines } from '@athanor/wasm';
import { crossCovariance } from '../../kernels/crossCovariance.ts';
import {
  readKernelParameters,
  type Kernel,
  type KernelParameters,
  type LinearTerm,
  type TanimotoTerm,
} from '../../kernels/kernel.ts';
import { rowsOfCompanion, type RowSources } from '../../kernels/rowSources.ts';
import { stationaryForm } from '../../kernels/stationaryForm.ts';
import { columnOf, type Matrix } from '../../linalg/matrix.ts';
import { tanimoto } from '../../table/molecules/tanimoto.ts';
import type { Generator } from '../../random/generator.ts';
import { placeFactor } from './factorCovariance.ts';
import type { ExactMember, GaussianProcessState, ProcessMember } from './gaussianProcessState.ts';
import { drawJointSamples } from './jointPosterior.ts';
import { placeTriangle } from './packedTriangle.ts';

/** A function drawn from the posterior: the noise-free standardised target at rows X [m, d]. */
export type SampledPath = (X: Matrix) => Float64Array;

/** Random Fourier features of a path. */
const featureCount = 1024;

/**
 * Draws whole functions from the posterior by pathwise conditioning (Wilson et al. 2020, eq. 14): a function of the
 * prior, from random Fourier features, corrected by what the data say of it,
 *
 *     f(x) = prior(x) + k(x, rows) Ky^-1 (z - mean - prior(rows) - noise)
 *
 * One path costs a solve of O(m^2); evaluating it O(features + m) a point, whatever the number of points. With several
 * members each path belongs to one of them, in turn.
 */
export function samplePaths(
  routines: Routines,
  state: GaussianProcessState,
  count: number,
  generator: Generator,
): SampledPath[] {
  return Array.from({ length: count }, (_, s) => {
    const member = state.members[s % state.members.length]!;
    return samplePath(routines, state, member, generator);
  });
}

function samplePath(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  generator: Generator,
): SampledPath {
  const { kernel, features } = state;
  const parameters = readKernelParameters(kernel, member.logs);
  const prior = samplePrior(kernel, parameters, generator);
  const priorAtRows = prior(features);
  if (member.kind === 'exact' && state.sources !== null)
    addOwnParts(state, state.sources, member, priorAtRows, generator);
  const weights = correction(routines, state, member, priorAtRows, generator);
  return (X) => {
    const { arena, blas } = routines;
    const values = prior(X);
    const mark = arena.mark();
    try {
      const K = crossCovariance(routines, kernel, parameters, X, features);
      const w = arena.storeFloat64(weights);
      const out = arena.allocateFloat64(X.rowCount);
      blas.gemm(
        'N',
        'N',
        X.rowCount,
        1,
        weights.length,
        1,
        K.pointer,
        K.ld,
        w,
        weights.length,
        0,
        out,
        X.rowCount,
      );
      arena.float64(out, X.rowCount).forEach((value, i) => (values[i]! += value + member.mean));
      return values;
    } finally {
      arena.release(mark);
    }
  };
}

/** Adds what each companion has of its own: another function of the prior, by its scale. */
function addOwnParts(
  { kernel, features }: GaussianProcessState,
  sources: RowSources,
  { logs, ownScales }: ExactMember,
  priorAtRows: Float64Array,
  generator: Generator,
): void {
  ownScales.forEach((scale, a) => {
    const own = samplePrior(kernel, readKernelParameters(kernel, logs), generator)(features);
    const { start, end } = rowsOfCompanion(sources, a);
    for (let i = start; i < end; i++) priorAtRows[i]! += Math.sqrt(scale) * own[i]!;
  });
}

/** Weights of k(x, rows) that turn a function of the prior into one of the posterior. */
function correction(
  routines: Routines,
  state: GaussianProcessState,
  member: ProcessMember,
  priorAtRows: Float64Array,
  generator: Generator,
): Float64Array {
  const { arena, blas } = routines;
  const m = priorAtRows.length;
  const mark = arena.mark();
  try {
    if (member.kind === 'exact') {
      // Ky^-1 (z - mean) is alpha.
      const factor = placeFactor(routines, state, member);
      const drawn = priorAtRows.map((value, i) => value + Math.sqrt(member.noise[i]!) * generator.normal());
      const place = arena.storeFloat64(drawn);
      blas.trsm('L', 'N', m, 1, factor.pointer, factor.ld, place, m);
      blas.trsm('L', 'T', m, 1, factor.pointer, factor.ld, place, m);
      return arena.float64(place, m).map((value, i) => member.alpha[i]! - value);
    }
    // u ~ q(u) over the points: K^-1 (u - prior) = alpha + L^-T R^-T normal - K^-1 prior.
    const L = placeTriangle(arena, member.priorFactor, m);
    const R = placeTriangle(arena, member.posteriorFactor, m);
    const spread = arena.storeFloat64(Float64Array.from({ length: m }, () => generator.normal()));
    blas.trsm('L', 'T', m, 1, R.pointer, R.ld, spread, m);
    const prior = arena.storeFloat64(priorAtRows);
    blas.trsm('L', 'N', m, 1, L.pointer, L.ld, prior, m);
    const difference = arena.float64(spread, m);
    arena.float64(prior, m).forEach((value, i) => (difference[i] = difference[i]! - value));
    blas.trsm('L', 'T', m, 1, L.pointer, L.ld, spread, m);
    return arena.float64(spread, m).map((value, i) => value + member.alpha[i]!);
  } finally {
    arena.release(mark);
  }
}

/**
 * A function of the prior: sqrt(2 s / F) sum_i w_i cos(omega_i'x / l + phase_i) with frequencies from the spectral
 * density (Rahimi & Recht 2007), plus what the fixed terms add. A path knows the molecules that its state knows.
 */
function samplePrior(
  kernel: Kernel,
  { lengthscales, outputScale, fixedScales }: KernelParameters,
  generator: Generator,
): SampledPath {
  const d = kernel.lengthscaleOf.length;
  const frequencies = Array.from({ length: featureCount }, () => {
    const omega = new Float64Array(d);
    stationaryForm[kernel.form].drawFrequency(generator, omega);
    return omega.map((value, j) => value / lengthscales[kernel.lengthscaleOf[j]!]!);
  });
  const phases = frequencies.map(() => 2 * Math.PI * generator.uniform());
  const amplitude = Math.sqrt((2 * outputScale) / featureCount);
  const weights = frequencies.map(() => amplitude * generator.normal());
  const terms = kernel.fixed.map((term, t): SampledPath =>
    term.kind === 'linear'
      ? samplePlane(term, fixedScales[t]!, generator)
      : sampleMolecules(term, fixedScales[t]!, generator),
  );
  return (X) => {
    const values = new Float64Array(X.rowCount);
    const angle = new Float64Array(X.rowCount);
    frequencies.forEach((omega, f) => {
      angle.fill(phases[f]!);
      for (let j = 0; j < d; j++) {
        const rate = omega[j]!;
        columnOf(X, j).forEach((x, i) => (angle[i]! += rate * x));
      }
      const weight = weights[f]!;
      for (let i = 0; i < values.length; i++) values[i]! += weight * Math.cos(angle[i]!);
    });
    for (const term of terms) term(X).forEach((value, i) => (values[i]! += value));
    return values;
  };
}

function samplePlane({ centre }: LinearTerm, scale: number, generator: Generator): SampledPath {
  const slopes = centre.map(() => Math.sqrt(scale) * generator.normal());
  return (X) => {
    const values = new Float64Array(X.rowCount);
    slopes.forEach((slope, j) => columnOf(X, j).forEach((x, i) => (values[i]! += slope * (x - centre[j]!))));
    return values;
  };
}

/** One value for each molecule the term knows, and one for no molecule: normal with their similarities. */
function sampleMolecules(
  { feature, smiles, fingerprints }: TanimotoTerm,
  scale: number,
  generator: Generator,
): SampledPath {
  const codes = [...smiles.keys(), -1];
  const covariance = tanimoto(fingerprints, codes, codes).map((value) => scale * value);
  const mean = new Float64Array(codes.length);
  const [drawn] = drawJointSamples({ mean, covariance }, 1, generator);
  return (X) => columnOf(X, feature).map((code) => drawn![code < 0 ? smiles.length : code]!);
}
