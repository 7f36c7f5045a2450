import type { Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';
import { crossCovariance } from '../../kernels/crossCovariance.ts';
import { readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import { priorVariance } from '../../kernels/priorVariance.ts';
import { takeMatrixRows } from '../../linalg/matrix.ts';
import { factorCovariance } from './factorCovariance.ts';
import type { InducingMember } from './gaussianProcessState.ts';
import { packTriangle, type PlainMatrix } from './packedTriangle.ts';
import { replicateLogDensity, summarizeReplicates, type TrainingRows } from './trainingRows.ts';

export interface InducingConditioning {
  readonly member: InducingMember;
  /** Evidence lower bound: log N(z | mean, Q + S) - tr(S^-1 (K - Q)) / 2, replicates included. */
  readonly bound: number;
}

/** Rows of K(points, rows) held at once. */
const blockRows = 1024;
/** Share of the mean prior variance added to the diagonal over the points. */
const jitter = 1e-8;

/**
 * The quantities of a variational fit that a change of the noise leaves as they are, so that noise can be fitted at
 * small cost: B = L^-1 K(points, rows), all k rows and n columns, in the arena.
 */
export class InducingProjection {
  readonly #routines: Routines;
  readonly #rows: TrainingRows;
  readonly #points: PlainMatrix;
  readonly #L: ArenaMatrix;
  readonly #B: ArenaMatrix;
  readonly #scaled: ArenaMatrix;
  readonly #R: ArenaMatrix;
  readonly #vectors: Pointer;
  readonly #traceRest: Float64Array;

  private constructor(
    routines: Routines,
    rows: TrainingRows,
    points: PlainMatrix,
    L: ArenaMatrix,
    B: ArenaMatrix,
    traceRest: Float64Array,
  ) {
    const { arena } = routines;
    this.#routines = routines;
    this.#rows = rows;
    this.#points = points;
    this.#L = L;
    this.#B = B;
    this.#scaled = arena.allocateMatrix(points.rowCount, blockRows);
    this.#R = arena.allocateMatrix(points.rowCount, points.rowCount);
    this.#vectors = arena.allocateFloat64(2 * points.rowCount);
    this.#traceRest = traceRest;
  }

  /** Null when the covariance of the points is not positive definite. The caller releases the arena. */
  static prepare(
    routines: Routines,
    kernel: Kernel,
    logs: Float64Array,
    rows: TrainingRows,
    points: Int32Array,
  ): InducingProjection | null {
    const { arena, blas } = routines;
    const parameters = readKernelParameters(kernel, logs);
    const k = points.length;
    const n = rows.z.length;
    const Z = takeMatrixRows(rows.features, points);
    const prior = priorVariance(kernel, parameters, rows.features);
    const meanPrior = prior.reduce((sum, value) => sum + value, 0) / n;
    const L = factorCovariance(routines, kernel, logs, Z, new Float64Array(k).fill(jitter * meanPrior));
    if (L === null) return null;
    const B = crossCovariance(routines, kernel, parameters, Z, rows.features);
    blas.trsm('L', 'N', k, n, L.pointer, L.ld, B.pointer, B.ld);
    const view = arena.float64(B.pointer, B.ld * n);
    const rest = prior.map((value, i) => {
      let explained = 0;
      for (let a = 0; a < k; a++) explained += view[a + i * B.ld]! ** 2;
      return Math.max(0, value - explained);
    });
    return new InducingProjection(routines, rows, Z, L, B, rest);
  }

  /** The rows' inducing points [k, d]. */
  get points(): PlainMatrix {
    return this.#points;
  }

  /**
   * Conditions on the rows.
   *
   * @param noise variance of each row's mean [n]
   * @param noiseVariance of one measurement
   * @param learnsNoise whether the scatter of replicates belongs to the bound
   */
  condition(
    logs: Float64Array,
    noise: Float64Array,
    noiseVariance: number,
    learnsNoise: boolean,
  ): InducingConditioning | null {
    const { arena, blas } = this.#routines;
    const { z } = this.#rows;
    const n = z.length;
    const k = this.#points.rowCount;
    const R = this.#R;
    const B = this.#B;
    const scaled = this.#scaled;
    // R = I + A A' and [A S^-1/2 z, A S^-1/2 1], a block of rows after the other.
    const identity = arena.float64(R.pointer, R.ld * k);
    identity.fill(0);
    for (let a = 0; a < k; a++) identity[a * (R.ld + 1)] = 1;
    const vectors = arena.float64(this.#vectors, 2 * k).fill(0);
    const from = arena.float64(B.pointer, B.ld * n);
    const block = arena.float64(scaled.pointer, scaled.ld * blockRows);
    for (let start = 0; start < n; start += blockRows) {
      const count = Math.min(blockRows, n - start);
      for (let c = 0; c < count; c++) {
        const i = start + c;
        const weight = 1 / Math.sqrt(noise[i]!);
        for (let a = 0; a < k; a++) {
          const value = from[a + i * B.ld]! * weight;
          block[a + c * scaled.ld] = value;
          vectors[a]! += value * weight * z[i]!;
          vectors[k + a]! += value * weight;
        }
      }
      blas.syrk('N', k, count, 1, scaled.pointer, scaled.ld, 1, R.pointer, R.ld);
    }
    if (blas.potrf(k, R.pointer, R.ld) !== 0) return null;
    blas.trsm('L', 'N', k, 2, R.pointer, R.ld, this.#vectors, k);

    // Woodbury: u'(Q + S)^-1 v = u'S^-1 v - (R^-1 A S^-1/2 u)'(R^-1 A S^-1/2 v)
    let zz = 0;
    let z1 = 0;
    let one = 0;
    let logDeterminant = 0;
    let trace = 0;
    for (let i = 0; i < n; i++) {
      const weight = 1 / noise[i]!;
      zz += z[i]! * z[i]! * weight;
      z1 += z[i]! * weight;
      one += weight;
      logDeterminant += Math.log(noise[i]!);
      trace += this.#traceRest[i]! * weight;
    }
    for (let a = 0; a < k; a++) {
      zz -= vectors[a]! ** 2;
      z1 -= vectors[a]! * vectors[k + a]!;
      one -= vectors[k + a]! ** 2;
      logDeterminant += 2 * Math.log(identity[a * (R.ld + 1)]!);
    }
    const mean = z1 / one;
    const quadratic = zz - 2 * mean * z1 + mean * mean * one;
    for (let a = 0; a < k; a++) vectors[a]! -= mean * vectors[k + a]!;
    blas.trsm('L', 'T', k, 1, R.pointer, R.ld, this.#vectors, k);
    blas.trsm('L', 'T', k, 1, this.#L.pointer, this.#L.ld, this.#vectors, k);
    let bound = -0.5 * (n * Math.log(2 * Math.PI) + logDeterminant + quadratic + trace);
    if (learnsNoise) bound += replicateLogDensity(summarizeReplicates(this.#rows), noiseVariance);
    const member: InducingMember = {
      kind: 'inducing',
      logs,
      noiseVariance,
      mean,
      alpha: vectors.slice(0, k),
      priorFactor: packTriangle(arena, this.#L, k),
      posteriorFactor: packTriangle(arena, R, k),
    };
    return { member, bound };
  }
}
