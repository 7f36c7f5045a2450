import { columnOf, type Matrix } from '../linalg/matrix.ts';
import type { Generator } from '../random/generator.ts';

export const optimalityCriteria = ['D', 'I'] as const;
/** D: the parameters of the model are known best; I: its predictions are, on average over the space. */
export type OptimalityCriterion = (typeof optimalityCriteria)[number];

export interface OptimalDesign {
  /** Places among the candidates; a place may be taken twice, which is a replicate. */
  readonly rows: Int32Array;
  /** det(M)^(1/p) over that of the best of the random designs it started from: how much is gained over chance. */
  readonly dGain: number;
  /** Mean prediction variance, in variances of one measurement. */
  readonly meanVariance: number;
  /** Largest variance inflation among the terms: how much their confounding costs. */
  readonly largestInflation: number;
}

/** Added to the diagonal of M, so that there is an inverse before there are enough rows. */
const ridge = 1e-6;
const starts = 4;
const maxPasses = 12;

/**
 * Augments rows already there by `count` candidates, best for a linear model over terms F: exchanges one row at a time
 * for the best candidate as long as that helps (Fedorov 1972), from several random starts. With D = M^-1, putting v in
 * for u multiplies det M by (1 + v'Dv)(1 - u'Du) + (v'Du)^2.
 *
 * @param F terms of the candidates [m, p]
 * @param present terms of the rows already there [n, p]
 */
export function chooseOptimalDesign(
  F: Matrix,
  present: Matrix,
  count: number,
  criterion: OptimalityCriterion,
  generator: Generator,
): OptimalDesign {
  const p = F.columnCount;
  const candidates = Array.from({ length: F.rowCount }, (_, i) => rowOf(F, i));
  const moments = informationOf(candidates, p, 0).map((value) => value / F.rowCount);
  const base = informationOf(
    Array.from({ length: present.rowCount }, (_, i) => rowOf(present, i)),
    p,
    ridge,
  );
  let best: { rows: number[]; score: number; D: Float64Array; logDet: number } | null = null;
  let randomLogDet = -Infinity;
  for (let start = 0; start < starts; start++) {
    const rows = Array.from({ length: count }, () => generator.integer(F.rowCount));
    const found = new Exchange(candidates, base, rows, moments, criterion, p);
    randomLogDet = Math.max(randomLogDet, found.logDet);
    found.run();
    const score = criterion === 'D' ? -found.logDet : found.meanVariance();
    if (best === null || score < best.score)
      best = { rows: [...found.rows], score, D: found.D, logDet: found.logDet };
  }
  const { D } = best!;
  const M = informationOf(
    best!.rows.map((i) => candidates[i]!),
    p,
    0,
  ).map((value, k) => value + base[k]!);
  let largestInflation = 0;
  for (let a = 0; a < p; a++) largestInflation = Math.max(largestInflation, D[a * p + a]! * M[a * p + a]!);
  return {
    rows: Int32Array.from(best!.rows).sort(),
    dGain: Math.exp((best!.logDet - randomLogDet) / p),
    meanVariance: traceOf(D, moments, p),
    largestInflation,
  };
}

class Exchange {
  readonly rows: number[];
  D: Float64Array;
  logDet: number;
  readonly #candidates: readonly Float64Array[];
  readonly #base: Float64Array;
  readonly #moments: Float64Array;
  readonly #criterion: OptimalityCriterion;
  readonly #p: number;

  constructor(
    candidates: readonly Float64Array[],
    base: Float64Array,
    rows: number[],
    moments: Float64Array,
    criterion: OptimalityCriterion,
    p: number,
  ) {
    this.#candidates = candidates;
    this.#base = base;
    this.rows = rows;
    this.#moments = moments;
    this.#criterion = criterion;
    this.#p = p;
    ({ D: this.D, logDet: this.logDet } = this.#invert());
  }

  run(): void {
    for (let pass = 0; pass < maxPasses; pass++) {
      let improved = false;
      for (let k = 0; k < this.rows.length; k++) if (this.#improve(k)) improved = true;
      if (!improved) break;
      // The inverse is made anew now and then: updates gather rounding.
      ({ D: this.D, logDet: this.logDet } = this.#invert());
    }
  }

  meanVariance(): number {
    return traceOf(this.D, this.#moments, this.#p);
  }

  /** Puts the best candidate in the place of row k; false when none is better. */
  #improve(k: number): boolean {
    const p = this.#p;
    const u = this.#candidates[this.rows[k]!]!;
    const Du = multiply(this.D, u, p);
    const uDu = dot(u, Du);
    // trace(D W) after the exchange needs D W D; one product a row serves all candidates.
    const G =
      this.#criterion === 'I' ? multiplySquare(multiplySquare(this.D, this.#moments, p), this.D, p) : null;
    const Gu = G === null ? null : multiply(G, u, p);
    const uGu = Gu === null ? 0 : dot(u, Gu);
    let best = -1;
    let bestGain = 1e-9;
    for (let i = 0; i < this.#candidates.length; i++) {
      const v = this.#candidates[i]!;
      const Dv = multiply(this.D, v, p);
      const vDv = dot(v, Dv);
      const vDu = dot(v, Du);
      const ratio = (1 + vDv) * (1 - uDu) + vDu * vDu;
      if (!(ratio > 1e-12)) continue;
      let gain: number;
      if (G === null) gain = Math.log(ratio);
      else {
        // Fall of trace(D W) by the rank-two update (Goos & Jones 2011, section 4.3.3).
        const vGv = dot(v, multiply(G, v, p));
        const vGu = dot(v, Gu!);
        gain = ((1 - uDu) * vGv + 2 * vDu * vGu - (1 + vDv) * uGu) / ratio;
      }
      if (gain > bestGain) {
        bestGain = gain;
        best = i;
      }
    }
    if (best < 0) return false;
    this.rows[k] = best;
    ({ D: this.D, logDet: this.logDet } = this.#invert());
    return true;
  }

  #invert(): { D: Float64Array; logDet: number } {
    const p = this.#p;
    const M = informationOf(
      this.rows.map((i) => this.#candidates[i]!),
      p,
      0,
    );
    for (let k = 0; k < M.length; k++) M[k]! += this.#base[k]!;
    return invertPositiveDefinite(M, p);
  }
}

function rowOf(F: Matrix, i: number): Float64Array {
  return Float64Array.from({ length: F.columnCount }, (_, j) => columnOf(F, j)[i]!);
}

/** sum f f' + diagonal I [p * p] */
function informationOf(rows: readonly Float64Array[], p: number, diagonal: number): Float64Array {
  const M = new Float64Array(p * p);
  for (let a = 0; a < p; a++) M[a * p + a] = diagonal;
  for (const f of rows)
    for (let a = 0; a < p; a++) {
      const fa = f[a]!;
      if (fa !== 0) for (let b = 0; b < p; b++) M[a * p + b]! += fa * f[b]!;
    }
  return M;
}

/** Inverse and log determinant by Gauss-Jordan without pivoting: M is positive definite. */
function invertPositiveDefinite(M: Float64Array, p: number): { D: Float64Array; logDet: number } {
  const A = M.slice();
  let logDet = 0;
  for (let k = 0; k < p; k++) {
    const pivot = A[k * p + k]!;
    logDet += Math.log(Math.max(pivot, Number.MIN_VALUE));
    A[k * p + k] = 1;
    for (let j = 0; j < p; j++) A[k * p + j]! /= pivot;
    for (let i = 0; i < p; i++) {
      if (i === k) continue;
      const factor = A[i * p + k]!;
      if (factor === 0) continue;
      A[i * p + k] = 0;
      for (let j = 0; j < p; j++) A[i * p + j]! -= factor * A[k * p + j]!;
    }
  }
  return { D: A, logDet };
}

function multiply(A: Float64Array, x: Float64Array, p: number): Float64Array {
  const y = new Float64Array(p);
  for (let a = 0; a < p; a++) {
    let sum = 0;
    for (let b = 0; b < p; b++) sum += A[a * p + b]! * x[b]!;
    y[a] = sum;
  }
  return y;
}

function multiplySquare(A: Float64Array, B: Float64Array, p: number): Float64Array {
  const C = new Float64Array(p * p);
  for (let a = 0; a < p; a++)
    for (let k = 0; k < p; k++) {
      const value = A[a * p + k]!;
      if (value !== 0) for (let b = 0; b < p; b++) C[a * p + b]! += value * B[k * p + b]!;
    }
  return C;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function traceOf(D: Float64Array, W: Float64Array, p: number): number {
  let trace = 0;
  for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) trace += D[a * p + b]! * W[b * p + a]!;
  return trace;
}
