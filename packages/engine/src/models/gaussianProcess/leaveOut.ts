import type { Routines } from '@athanor/wasm';
import type { Kernel } from '../../kernels/kernel.ts';
import type { RowSources } from '../../kernels/rowSources.ts';
import { solvePositiveDefinite } from '../../linalg/solvePositiveDefinite.ts';
import { factorCovariance } from './factorCovariance.ts';
import { sourceStarts } from './solveWithMeans.ts';
import type { TrainingRows } from './trainingRows.ts';

/** What the other rows say of each row's mean, in closed form. */
export interface LeftOut {
  /** [m] */
  readonly mean: Float64Array;
  /** Variance of a mean of r_i measurements: model and noise [m]. */
  readonly variance: Float64Array;
}

/**
 * The part of leaving rows out that does not depend on the target: Q = Ky^-1 - Ky^-1 1 1'Ky^-1 / 1'Ky^-1 1, which
 * also re-estimates the constant mean (Ginsbourger & Schaerer 2021, arXiv 2101.03108).
 */
export class LeaveOut {
  /** Q, the whole square, row-major [m, m]. */
  readonly #Q: Float64Array;
  readonly #m: number;
  readonly #routines: Routines;

  private constructor(routines: Routines, Q: Float64Array, m: number) {
    this.#routines = routines;
    this.#Q = Q;
    this.#m = m;
  }

  /**
   * @param sources where some of the rows measure companions, each with a mean of its own
   * @returns null when the covariance is not positive definite to working precision
   */
  static prepare(
    routines: Routines,
    kernel: Kernel,
    logs: Float64Array,
    rows: TrainingRows,
    noise: Float64Array,
    hasMean: boolean,
    sources: RowSources | null = null,
    ownScales?: Float64Array,
  ): LeaveOut | null {
    const { arena, blas } = routines;
    const m = rows.z.length;
    const mark = arena.mark();
    try {
      const factor = factorCovariance(routines, kernel, logs, rows.features, noise, sources, ownScales);
      if (factor === null) return null;
      const { pointer, ld } = factor;
      blas.potri(m, pointer, ld);
      const inverse = arena.float64(pointer, ld * (m - 1) + m);
      const Q = new Float64Array(m * m);
      for (let j = 0; j < m; j++) {
        for (let i = j; i < m; i++) {
          const value = inverse[i + j * ld]!;
          Q[i * m + j] = value;
          Q[j * m + i] = value;
        }
      }
      if (hasMean && m > 1) takeOutMeans(Q, m, sources === null ? [0, m] : sourceStarts(sources));
      return new LeaveOut(routines, Q, m);
    } finally {
      arena.release(mark);
    }
  }

  /** Each row from all others (Rasmussen & Williams 2006, eqs. 5.10-5.12, with the mean re-estimated). */
  rows(z: Float64Array): LeftOut {
    const mean = new Float64Array(this.#m);
    const variance = new Float64Array(this.#m);
    const residual = this.#multiply(z);
    for (let i = 0; i < this.#m; i++) {
      const precision = this.#Q[i * this.#m + i]!;
      mean[i] = z[i]! - residual[i]! / precision;
      variance[i] = 1 / precision;
    }
    return { mean, variance };
  }

  /**
   * Each row from the rows of all other groups: residual e_I = (Q_II)^-1 (Q z)_I, covariance (Q_II)^-1. At least two
   * groups are needed.
   */
  groups(z: Float64Array, groups: Int32Array): LeftOut {
    const mean = new Float64Array(this.#m);
    const variance = new Float64Array(this.#m);
    const residual = this.#multiply(z);
    const members = new Map<number, number[]>();
    groups.forEach((group, i) => {
      const known = members.get(group);
      if (known === undefined) members.set(group, [i]);
      else known.push(i);
    });
    for (const rows of members.values()) {
      const k = rows.length;
      const block = new Float64Array(k * k);
      for (let a = 0; a < k; a++) {
        for (let b = 0; b < k; b++) block[a * k + b] = this.#Q[rows[a]! * this.#m + rows[b]!]!;
      }
      const inverse = invertSymmetric(this.#routines, block, k);
      for (let a = 0; a < k; a++) {
        let error = 0;
        for (let b = 0; b < k; b++) error += inverse[a * k + b]! * residual[rows[b]!]!;
        mean[rows[a]!] = z[rows[a]!]! - error;
        variance[rows[a]!] = inverse[a * k + a]!;
      }
    }
    return { mean, variance };
  }

  /** Sum of the log densities of the rows, each given all others. */
  logDensity(z: Float64Array): number {
    const { mean, variance } = this.rows(z);
    let sum = 0;
    for (let i = 0; i < z.length; i++) {
      sum -= 0.5 * (Math.log(2 * Math.PI * variance[i]!) + (z[i]! - mean[i]!) ** 2 / variance[i]!);
    }
    return sum;
  }

  #multiply(z: Float64Array): Float64Array {
    const product = new Float64Array(this.#m);
    for (let i = 0; i < this.#m; i++) {
      for (let j = 0; j < this.#m; j++) product[i]! += this.#Q[i * this.#m + j]! * z[j]!;
    }
    return product;
  }
}

/**
 * Q = P - P H (H'P H)^-1 H'P in place of P [m, m], with H saying which rows share a mean.
 *
 * @param starts first row of each mean, and the end of the last
 */
function takeOutMeans(P: Float64Array, m: number, starts: readonly number[]): void {
  const count = starts.length - 1;
  // P H, a column after the other.
  const PH = Array.from({ length: count }, (_, t) => {
    const sums = new Float64Array(m);
    for (let i = 0; i < m; i++) for (let j = starts[t]!; j < starts[t + 1]!; j++) sums[i]! += P[i * m + j]!;
    return sums;
  });
  const HPH = Float64Array.from({ length: count * count }, (_, k) => {
    const t = k % count;
    let sum = 0;
    for (let i = starts[t]!; i < starts[t + 1]!; i++) sum += PH[Math.floor(k / count)]![i]!;
    return sum;
  });
  const weights = PH.map(() => new Float64Array(m));
  for (let j = 0; j < m; j++) {
    const solved = Float64Array.from(PH, (sums) => sums[j]!);
    // Positive definite, because P is and every mean has rows.
    solvePositiveDefinite(HPH.slice(), solved, count);
    solved.forEach((value, t) => (weights[t]![j] = value));
  }
  PH.forEach((sums, t) => {
    const weight = weights[t]!;
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) P[i * m + j]! -= sums[i]! * weight[j]!;
  });
}

/** Inverse of a positive definite A [k, k], both dense and row-major. */
function invertSymmetric({ arena, blas }: Routines, A: Float64Array, k: number): Float64Array {
  const mark = arena.mark();
  const place = arena.storeFloat64(A);
  blas.potrf(k, place, k);
  blas.potri(k, place, k);
  const inverse = arena.float64(place, k * k).slice();
  arena.release(mark);
  // In this layout the lower triangle of the routines is the upper one.
  for (let a = 0; a < k; a++) for (let b = 0; b < a; b++) inverse[a * k + b] = inverse[b * k + a]!;
  return inverse;
}
