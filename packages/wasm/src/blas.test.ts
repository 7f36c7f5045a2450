import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gemm } from '../reference/gemm.ts';
import { potrf } from '../reference/potrf.ts';
import { potri } from '../reference/potri.ts';
import { excess } from '../test/excess.ts';
import {
  randomCovariance,
  randomMatrix,
  randomNumbers,
  readMatrix,
  storeMatrix,
} from '../test/randomMatrix.ts';
import type { Side, Transpose } from './blas.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';

/** Every tail length, and the neighbours of every size at which a routine changes its way. */
const tails = Array.from({ length: 17 }, (_, i) => i + 1);
const sizes = tails.concat([31, 32, 33, 63, 64, 65, 99, 100, 127, 128, 129, 130, 131, 260]);
const epsilon = Number.EPSILON;
const transposes: Transpose[] = ['N', 'T'];

const wasmBuilds = supportedBuilds().filter((build) => build !== 'reference');

it('runs both WebAssembly builds here', () => {
  expect(wasmBuilds).toEqual(['relaxed-simd', 'simd']);
});

describe.each(supportedBuilds())('the %s build', (build) => {
  const { arena, blas } = createRoutines({ build });

  /** Runs `work` in memory that is given back afterwards. */
  function scratch<Value>(work: () => Value): Value {
    const mark = arena.mark();
    const value = work();
    arena.release(mark);
    return value;
  }

  /**
   * gemm against its twin. Each of the two results lies within (k + 3) u of the exact one, relative to
   * |alpha| |A| |B| + |beta| |C| (Higham, 2002, Accuracy and Stability of Numerical Algorithms, equation 3.13, and the
   * last two operations), so they differ by at most (k + 3) epsilon.
   */
  function compareGemm(
    transA: Transpose,
    transB: Transpose,
    m: number,
    n: number,
    k: number,
    alpha: number,
    beta: number,
    padding: number,
    seed: number,
  ): void {
    const next = randomNumbers(seed);
    const lda = (transA === 'N' ? m : k) + padding;
    const ldb = (transB === 'N' ? k : n) + padding;
    const ldc = m + padding;
    const a = randomMatrix(next, lda, transA === 'N' ? k : m);
    const b = randomMatrix(next, ldb, transB === 'N' ? n : k);
    const c = randomMatrix(next, ldc, n);
    const actual = scratch(() => {
      const target = storeMatrix(arena, c, ldc);
      const left = arena.storeFloat64(a);
      const right = arena.storeFloat64(b);
      blas.gemm(transA, transB, m, n, k, alpha, left, lda, right, ldb, beta, target.pointer, ldc);
      return readMatrix(arena, target, n);
    });
    const expected = c.slice();
    gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, expected, ldc);
    const bound = c.map(Math.abs);
    gemm(
      transA,
      transB,
      m,
      n,
      k,
      Math.abs(alpha),
      a.map(Math.abs),
      lda,
      b.map(Math.abs),
      ldb,
      Math.abs(beta),
      bound,
      ldc,
    );
    let worst = 0;
    for (let i = 0; i < c.length; i++) {
      const tolerance = i % ldc < m ? (k + 3) * epsilon * bound[i] : 0;
      worst = Math.max(worst, excess(actual[i] - expected[i], tolerance));
    }
    expect(worst).toBeLessThanOrEqual(1);
  }

  it('multiplies matrices of every tail length within the rounding bound, writing nothing else', () => {
    for (const n of tails) {
      for (const transA of transposes) {
        for (const transB of transposes) {
          compareGemm(transA, transB, n, 18 - n, (n * 5) % 19, -1.5, 0.5, n % 3, n);
        }
      }
    }
  });

  it('multiplies matrices larger than its blocks within the rounding bound', () => {
    for (const transA of transposes) {
      for (const transB of transposes) {
        compareGemm(transA, transB, 135, 66, 261, 2, 1, 1, 3);
        compareGemm(transA, transB, 5, 523, 130, 1, 0, 0, 4);
      }
    }
  });

  it('multiplies matrices of any shape, scale and leading dimension', () => {
    const size = fc.integer({ min: 0, max: 40 });
    const scale = fc.constantFrom(0, 1, -1, 0.3);
    const trans = fc.constantFrom<Transpose>('N', 'T');
    fc.assert(
      fc.property(
        trans,
        trans,
        size,
        size,
        size,
        scale,
        scale,
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        compareGemm,
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('does not read C where beta is 0', () => {
    scratch(() => {
      const a = arena.storeFloat64(new Float64Array(64).fill(1));
      const c = storeMatrix(arena, new Float64Array(64).fill(NaN), 8);
      blas.gemm('N', 'N', 8, 8, 8, 1, a, 8, a, 8, 0, c.pointer, 8);
      expect([...readMatrix(arena, c, 8)]).toEqual(Array.from({ length: 64 }, () => 8));
      arena.float64(c.pointer, 64).fill(NaN);
      blas.syrk('N', 8, 8, 1, a, 8, 0, c.pointer, 8);
      const lower = readMatrix(arena, c, 8);
      expect(lower.filter((value) => value === 8)).toHaveLength(36);
    });
  });

  it('computes the lower triangle of A times its transpose and leaves the upper one alone', () => {
    for (const n of sizes) {
      const next = randomNumbers(n);
      const k = ((n * 3) % 140) + 1;
      for (const trans of transposes) {
        const lda = (trans === 'N' ? n : k) + 1;
        const ldc = n + 2;
        const a = randomMatrix(next, lda, trans === 'N' ? k : n);
        const c = randomMatrix(next, ldc, n);
        const actual = scratch(() => {
          const target = storeMatrix(arena, c, ldc);
          blas.syrk(trans, n, k, -0.5, arena.storeFloat64(a), lda, 2, target.pointer, ldc);
          return readMatrix(arena, target, n);
        });
        const expected = c.slice();
        const other = trans === 'N' ? 'T' : 'N';
        gemm(trans, other, n, n, k, -0.5, a, lda, a, lda, 2, expected, ldc);
        const size = a.map(Math.abs);
        const bound = c.map(Math.abs);
        gemm(trans, other, n, n, k, 0.5, size, lda, size, lda, 2, bound, ldc);
        let worst = 0;
        for (let i = 0; i < c.length; i++) {
          const row = i % ldc;
          const isLower = row < n && row >= Math.floor(i / ldc);
          worst = Math.max(
            worst,
            isLower
              ? excess(actual[i] - expected[i], (k + 3) * epsilon * bound[i])
              : excess(actual[i] - c[i], 0),
          );
        }
        expect(worst).toBeLessThanOrEqual(1);
      }
    }
  });

  /** The factor of the lower triangle of `a` [n, n], or the number of the pivot that failed. */
  function factorize(a: Float64Array, n: number, ld: number): Float64Array | number {
    return scratch(() => {
      const target = storeMatrix(arena, a, ld);
      const failed = blas.potrf(n, target.pointer, ld);
      return failed === 0 ? readMatrix(arena, target, n) : failed;
    });
  }

  /**
   * Largest error of L L' = A below the diagonal, in units of (n + 6) epsilon |L| |L'|: at most 1/2 for any order of
   * operations (Higham 2002, theorem 10.3) with a few more roundings for multiplying by reciprocals of pivots.
   */
  function factorError(l: Float64Array, a: Float64Array, n: number, ld: number): number {
    let worst = 0;
    for (let j = 0; j < n; j++) {
      for (let i = j; i < n; i++) {
        let product = 0;
        let size = 0;
        for (let p = 0; p <= j; p++) {
          product += l[i + p * ld] * l[j + p * ld];
          size += Math.abs(l[i + p * ld] * l[j + p * ld]);
        }
        worst = Math.max(worst, Math.abs(product - a[i + j * ld]) / ((n + 6) * epsilon * size));
      }
    }
    return worst;
  }

  it('factors covariance matrices of every size to the backward error of Cholesky', () => {
    for (const n of sizes) {
      const ld = n + (n % 4);
      const a = randomCovariance(randomNumbers(n), n, 3, 0.01, ld);
      const l = factorize(a, n, ld) as Float64Array;
      expect(factorError(l, a, n, ld)).toBeLessThan(1);
      for (let j = 1; j < n; j++) expect(l[j - 1 + j * ld]).toBe(a[j - 1 + j * ld]);
    }
  });

  it('factors matrices with duplicated rows and almost no noise to the same backward error', () => {
    for (const [n, noise] of [
      [60, 1e-10],
      [100, 1e-8],
      [130, 1e-10],
      [260, 1e-6],
    ]) {
      const a = randomCovariance(randomNumbers(n), n, 2, noise, n, 2);
      const l = factorize(a, n, n) as Float64Array;
      expect(l).toBeInstanceOf(Float64Array);
      expect(factorError(l, a, n, n)).toBeLessThan(1);
    }
  });

  it('names the first pivot that is not positive, as the twin does', () => {
    for (const n of [1, 2, 3, 4, 5, 8, 17, 64, 65, 129, 200]) {
      for (const bad of new Set([0, 1, n >> 1, n - 1])) {
        if (bad >= n) continue;
        const a = randomCovariance(randomNumbers(n), n, 3, 0.1, n);
        a[bad + bad * n] = -1;
        expect(factorize(a, n, n)).toBe(potrf(n, a.slice(), n));
        a[bad + bad * n] = NaN;
        expect(factorize(a, n, n)).toBe(bad + 1);
      }
    }
  });

  it('ends on not-a-number anywhere in the triangle', () => {
    const n = 70;
    const a = randomCovariance(randomNumbers(1), n, 3, 0.1, n);
    a[50 + 20 * n] = NaN;
    expect(factorize(a, n, n)).toBe(51);
    scratch(() => {
      const l = storeMatrix(arena, new Float64Array(n * n).fill(NaN), n);
      const b = storeMatrix(arena, new Float64Array(n * n).fill(1), n);
      blas.trsm('L', 'N', n, n, l.pointer, n, b.pointer, n);
      expect(blas.potri(n, l.pointer, n)).toBe(0);
      expect(readMatrix(arena, l, n).every(Number.isNaN)).toBe(true);
    });
  });

  /**
   * Residual of a solve in units of (order + 6) epsilon |op(L)| |X|; substitution keeps it below 1/2 (Higham 2002,
   * theorem 8.5), multiplying by reciprocals adds a little.
   */
  function solveError(
    side: Side,
    trans: Transpose,
    m: number,
    n: number,
    l: Float64Array,
    seed: number,
  ): number {
    const order = side === 'L' ? m : n;
    const ldb = m + 1;
    const b = randomMatrix(randomNumbers(seed), ldb, n);
    const x = scratch(() => {
      const target = storeMatrix(arena, b, ldb);
      blas.trsm(side, trans, m, n, arena.storeFloat64(l), order, target.pointer, ldb);
      return readMatrix(arena, target, n);
    });
    const factor = (i: number, j: number) => {
      const [row, column] = trans === 'N' ? [i, j] : [j, i];
      return row >= column ? l[row + column * order] : 0;
    };
    let worst = 0;
    for (let j = 0; j < n; j++) {
      worst = Math.max(worst, excess(x[m + j * ldb] - b[m + j * ldb], 0));
      for (let i = 0; i < m; i++) {
        let product = 0;
        let size = 0;
        for (let p = 0; p < order; p++) {
          const term = side === 'L' ? factor(i, p) * x[p + j * ldb] : x[i + p * ldb] * factor(p, j);
          product += term;
          size += Math.abs(term);
        }
        worst = Math.max(worst, Math.abs(product - b[i + j * ldb]) / ((order + 6) * epsilon * size));
      }
    }
    return worst;
  }

  it('solves with the triangle on either side, transposed or not, to the residual of substitution', () => {
    for (const order of sizes.filter((size) => size < 200)) {
      const l = randomCovariance(randomNumbers(order), order, 3, 0.01, order);
      expect(potrf(order, l, order)).toBe(0);
      for (const vectors of order < 20 ? [1, 2, 3, 4, 7] : [1, 6]) {
        for (const trans of transposes) {
          expect(solveError('L', trans, order, vectors, l, order)).toBeLessThan(1);
          expect(solveError('R', trans, vectors, order, l, order)).toBeLessThan(1);
        }
      }
    }
  });

  it('solves with a nearly singular triangle to the same residual', () => {
    const n = 100;
    const l = randomCovariance(randomNumbers(5), n, 2, 1e-9, n, 2);
    expect(potrf(n, l, n)).toBe(0);
    for (const trans of transposes) {
      expect(solveError('L', trans, n, 9, l, 1)).toBeLessThan(1);
      expect(solveError('R', trans, 9, n, l, 2)).toBeLessThan(1);
    }
  });

  it('inverts from the factor as exactly as the twin does', () => {
    for (const n of sizes) {
      for (const noise of [0.1, 1e-6]) {
        const a = randomCovariance(randomNumbers(n), n, 3, noise, n);
        const l = a.slice();
        expect(potrf(n, l, n)).toBe(0);
        const expected = l.slice();
        potri(n, expected, n);
        const actual = scratch(() => {
          const target = storeMatrix(arena, l, n);
          expect(blas.potri(n, target.pointer, n)).toBe(0);
          return readMatrix(arena, target, n);
        });
        // Both err by at most about n u |A^-1|_F cond(A) (Higham 2002, section 14.3), with |A|_F |A^-1|_F for cond(A).
        let normA = 0;
        let normInverse = 0;
        for (let j = 0; j < n; j++) {
          for (let i = j; i < n; i++) {
            const weight = i === j ? 1 : 2;
            normA += weight * a[i + j * n] ** 2;
            normInverse += weight * expected[i + j * n] ** 2;
          }
        }
        const bound = (n + 4) * epsilon * Math.sqrt(normA) * normInverse;
        let worst = 0;
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < n; i++) {
            worst = Math.max(worst, excess(actual[i + j * n] - expected[i + j * n], i < j ? 0 : bound));
          }
        }
        expect(worst).toBeLessThanOrEqual(1);
      }
    }
  });

  it('refuses to invert from a factor with a zero on its diagonal, and changes nothing', () => {
    scratch(() => {
      const values = new Float64Array(25).fill(1);
      values[12] = 0;
      const target = storeMatrix(arena, values, 5);
      expect(blas.potri(5, target.pointer, 5)).toBe(3);
      expect(readMatrix(arena, target, 5)).toEqual(values);
    });
  });

  it('does nothing for sizes of 0', () => {
    expect(blas.potrf(0, 0, 1)).toBe(0);
    expect(blas.potri(0, 0, 1)).toBe(0);
    blas.trsm('L', 'N', 0, 3, 0, 1, 0, 1);
    blas.gemm('N', 'N', 0, 0, 5, 1, 0, 1, 0, 5, 0, 0, 1);
    scratch(() => {
      const c = storeMatrix(arena, Float64Array.of(1, 2, 3, 4), 2);
      blas.gemm('N', 'N', 2, 2, 0, 1, c.pointer, 2, c.pointer, 2, 0.5, c.pointer, 2);
      expect([...readMatrix(arena, c, 2)]).toEqual([0.5, 1, 1.5, 2]);
    });
  });
});
