import { describe, expect, it } from 'vitest';
import { covariance, type FixedTermValues } from '../reference/covariance.ts';
import { crossCovariance } from '../reference/crossCovariance.ts';
import { squaredDistances } from '../reference/squaredDistances.ts';
import { excess } from '../test/excess.ts';
import { randomMatrix, randomNumbers, readMatrix, storeMatrix } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { StationaryKernel } from './routines.ts';

const tails = Array.from({ length: 17 }, (_, i) => i + 1);
const sizes = tails.concat([31, 32, 33, 63, 64, 65, 99, 100, 127, 129, 261]);
const dimensions = [1, 2, 3, 4, 5, 17, 100];
const kernels: StationaryKernel[] = ['matern52', 'rbf'];
const epsilon = Number.EPSILON;

describe.each(supportedBuilds())('covariances of the %s build', (build) => {
  const routines = createRoutines({ build });
  const { arena } = routines;

  function scratch<Value>(work: () => Value): Value {
    const mark = arena.mark();
    const value = work();
    arena.release(mark);
    return value;
  }

  /**
   * Bound on the difference of two ways to a kernel value. A sum of d squares of differences is known to (d + 3) u, so s
   * = sqrt(5 r^2) to (d + 5) u / 2 and exp(-s) to s times that (rbf: r^2 / 2 to (d + 4) u); exp itself, the polynomial
   * and the scale add less than 8 u.
   */
  function kernelTolerance(kernel: StationaryKernel, squared: number, d: number, value: number): number {
    const exponent = kernel === 'rbf' ? squared / 2 : Math.sqrt(5 * squared);
    return ((d + 6) * exponent + 16) * epsilon * Math.abs(value) + 1e-300;
  }

  it('match the twin at every size and dimension, writing the lower triangle only', () => {
    for (const n of sizes) {
      for (const d of n === 100 || n < 10 ? dimensions : [2]) {
        const next = randomNumbers(100 * n + d);
        const ldx = n + 1;
        const ld = n + 2;
        const x = randomMatrix(next, ldx, d);
        const b = randomMatrix(next, ld, n);
        const k = randomMatrix(next, ld, n);
        const g = randomMatrix(next, ld, n);
        const squared = new Float64Array(n * n);
        squaredDistances(n, n, d, x, ldx, x, ldx, squared, n);
        for (const kernel of kernels) {
          const terms: FixedTermValues[] = kernel === 'rbf' ? [] : [{ b, ldb: ld, scale: 0.7 }];
          const actual = scratch(() => {
            const target = storeMatrix(arena, k, ld);
            const factor = storeMatrix(arena, g, ld);
            routines.covariance({
              kernel,
              n,
              d,
              x: storeMatrix(arena, x, ldx),
              outputScale: 1.3,
              fixed: terms.map(({ scale }) => ({ matrix: storeMatrix(arena, b, ld), scale })),
              k: target,
              g: factor,
            });
            return { k: readMatrix(arena, target, n), g: readMatrix(arena, factor, n) };
          });
          const expected = { k: k.slice(), g: g.slice() };
          covariance(kernel, n, d, x, ldx, 1.3, terms, expected.k, ld, expected.g, ld);
          let worst = 0;
          for (let j = 0; j < n; j++) {
            for (let i = 0; i < ld; i++) {
              const at = i + j * ld;
              const isLower = i >= j && i < n;
              const tolerance = isLower ? kernelTolerance(kernel, squared[i + j * n], d, 3) : 0;
              worst = Math.max(worst, excess(actual.k[at] - expected.k[at], tolerance));
              worst = Math.max(worst, excess(actual.g[at] - expected.g[at], tolerance));
            }
          }
          expect(worst, `n = ${n}, d = ${d}, ${kernel}`).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('between two sets of rows match the twin at every size, relative to each value', () => {
    for (const m of sizes) {
      const n = ((m * 7) % 19) + 1;
      const d = dimensions[m % 5];
      const next = randomNumbers(m);
      const a = randomMatrix(next, m, d).map((value) => 3 * value);
      const b = randomMatrix(next, n + 1, d).map((value) => 3 * value);
      const squared = new Float64Array(m * n);
      squaredDistances(m, n, d, a, m, b, n + 1, squared, m);
      for (const kernel of kernels) {
        const actual = scratch(() => {
          const k = arena.allocateMatrix(m, n);
          const g = arena.allocateMatrix(m, n);
          const rows = { a: storeMatrix(arena, a, m), b: storeMatrix(arena, b, n + 1) };
          routines.crossCovariance({ kernel, m, n, d, ...rows, outputScale: 0.4, k, g });
          return { k: readMatrix(arena, k, n), g: readMatrix(arena, g, n), ld: k.ld };
        });
        const expected = { k: new Float64Array(m * n), g: new Float64Array(m * n) };
        crossCovariance(kernel, m, n, d, a, m, b, n + 1, 0.4, expected.k, m, expected.g, m);
        let worst = 0;
        for (let j = 0; j < n; j++) {
          for (let i = 0; i < m; i++) {
            for (const which of ['k', 'g'] as const) {
              const value = expected[which][i + j * m];
              const tolerance = kernelTolerance(kernel, squared[i + j * m], d, value);
              worst = Math.max(worst, excess(actual[which][i + j * actual.ld] - value, tolerance));
            }
          }
        }
        expect(worst).toBeLessThanOrEqual(1);
      }
    }
  });

  it('give exactly the output scale between equal rows, however many columns they have', () => {
    for (const d of dimensions) {
      const x = new Float64Array(8 * d).map((_, i) => Math.sin(1 + (i >> 3)));
      const k = scratch(() => {
        const target = arena.allocateMatrix(8, 8);
        const rows = storeMatrix(arena, x, 8);
        routines.covariance({ kernel: 'matern52', n: 8, d, x: rows, outputScale: 2.5, k: target });
        return readMatrix(arena, target, 8);
      });
      for (let j = 0; j < 8; j++) for (let i = j; i < 8; i++) expect(k[i + j * 8]).toBe(2.5);
    }
  });

  it('are 0 between rows so far apart that exp underflows, and not-a-number where an input is', () => {
    scratch(() => {
      const x = storeMatrix(arena, Float64Array.of(0, 1000, NaN, 1), 4);
      const k = arena.allocateMatrix(4, 4);
      for (const kernel of kernels) {
        routines.covariance({ kernel, n: 4, d: 1, x, outputScale: 1, k });
        const values = readMatrix(arena, k, 4);
        expect(values[1]).toBe(0);
        expect(values[2]).toBe(NaN);
        expect(values[3]).toBeGreaterThan(0);
        expect([values[10], values[14]]).toEqual(
          [NaN, NaN].slice(0, 2).map((_, i) => (i === 0 ? NaN : values[14])),
        );
      }
    });
  });

  it('add any number of further terms', () => {
    scratch(() => {
      const n = 6;
      const x = storeMatrix(arena, new Float64Array(n), n);
      const ones = storeMatrix(arena, new Float64Array(n * n).fill(1), n);
      const twos = storeMatrix(arena, new Float64Array(n * n).fill(2), n);
      const k = arena.allocateMatrix(n, n);
      const fixed = [
        { matrix: ones, scale: 0.5 },
        { matrix: twos, scale: 4 },
        { matrix: ones, scale: -1 },
      ];
      routines.covariance({ kernel: 'rbf', n, d: 1, x, outputScale: 1, fixed, k });
      expect(readMatrix(arena, k, 1)[n - 1]).toBe(8.5);
      routines.covariance({ kernel: 'rbf', n, d: 0, x, outputScale: 0, fixed, k });
      expect(readMatrix(arena, k, 1)[n - 1]).toBe(7.5);
    });
  });

  it('are twice differentiable sums: the derivative factor is the slope in each log length scale', () => {
    const n = 5;
    const d = 3;
    const lengthscales = [0.7, 1.1, 2];
    const raw = randomMatrix(randomNumbers(3), n, d);
    const build = (kernel: StationaryKernel, scales: readonly number[]) =>
      scratch(() => {
        const x = storeMatrix(
          arena,
          raw.map((value, i) => value / scales[Math.floor(i / n)]),
          n,
        );
        const k = { pointer: arena.allocateFloat64(n * n), ld: n };
        const g = { pointer: arena.allocateFloat64(n * n), ld: n };
        routines.covariance({ kernel, n, d, x, outputScale: 1.7, k, g });
        return { k: readMatrix(arena, k, n), g: readMatrix(arena, g, n) };
      });
    const h = 1e-5;
    for (const kernel of kernels) {
      const { g } = build(kernel, lengthscales);
      for (let p = 0; p < d; p++) {
        const up = build(
          kernel,
          lengthscales.map((l, i) => (i === p ? l * Math.exp(h) : l)),
        ).k;
        const down = build(
          kernel,
          lengthscales.map((l, i) => (i === p ? l * Math.exp(-h) : l)),
        ).k;
        for (let j = 0; j < n; j++) {
          for (let i = j; i < n; i++) {
            const difference = (raw[i + p * n] - raw[j + p * n]) / lengthscales[p];
            const slope = (up[i + j * n] - down[i + j * n]) / (2 * h);
            // Central differences err by h^2 / 6 times a third derivative of order 10, and by 2 epsilon / h.
            expect(Math.abs(g[i + j * n] * difference ** 2 - slope)).toBeLessThan(1e-8);
          }
        }
      }
    }
  });

  it('squared distances match the twin to (d + 3) epsilon of themselves', () => {
    for (const m of sizes) {
      const d = dimensions[m % 7];
      const n = 6;
      const next = randomNumbers(m);
      const a = randomMatrix(next, m, d);
      const b = randomMatrix(next, n, d);
      const expected = new Float64Array(m * n);
      squaredDistances(m, n, d, a, m, b, n, expected, m);
      const actual = scratch(() => {
        const distances = { pointer: arena.allocateFloat64(m * n), ld: m };
        const rows = { a: storeMatrix(arena, a, m), b: storeMatrix(arena, b, n) };
        routines.squaredDistances({ m, n, d, ...rows, distances });
        return readMatrix(arena, distances, n);
      });
      let worst = 0;
      expected.forEach((value, i) => {
        worst = Math.max(worst, excess(actual[i] - value, (d + 3) * epsilon * value));
      });
      expect(worst).toBeLessThanOrEqual(1);
    }
  });
});
