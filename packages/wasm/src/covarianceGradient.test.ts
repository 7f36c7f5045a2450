import { describe, expect, it } from 'vitest';
import { covarianceGradient } from '../reference/covarianceGradient.ts';
import { excess } from '../test/excess.ts';
import { randomMatrix, randomNumbers, storeMatrix } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';

const tails = Array.from({ length: 17 }, (_, i) => i + 1);
const sizes = tails.concat([31, 32, 33, 64, 65, 99, 100, 129]);
const dimensions = [1, 2, 3, 4, 5, 17, 100];
const epsilon = Number.EPSILON;

describe.each(supportedBuilds())('the covariance gradient of the %s build', (build) => {
  const routines = createRoutines({ build });
  const { arena, blas } = routines;

  it('matches the twin at every size and dimension, with and without alpha and further terms', () => {
    for (const n of sizes) {
      for (const d of n < 10 || n === 100 ? dimensions : [3]) {
        for (const withAlpha of [true, false]) {
          const next = randomNumbers(100 * n + d);
          const ld = n + 1;
          const x = randomMatrix(next, n, d);
          // What a routine must not read is not a number.
          const lower = (values: Float64Array) =>
            values.map((value, i) => (i % ld >= Math.floor(i / ld) && i % ld < n ? value : NaN));
          const inverse = lower(randomMatrix(next, ld, n));
          const g = lower(randomMatrix(next, ld, n));
          const b = lower(randomMatrix(next, ld, n));
          const alpha = withAlpha ? randomMatrix(next, n, 1) : null;
          const terms = withAlpha
            ? [
                { b, ldb: ld },
                { b: inverse, ldb: ld },
              ]
            : [];

          const mark = arena.mark();
          const lengthscales = arena.allocateFloat64(d);
          const traces = arena.allocateFloat64(terms.length);
          const diagonal = arena.allocateFloat64(n);
          routines.covarianceGradient({
            n,
            d,
            x: storeMatrix(arena, x, n),
            inverse: storeMatrix(arena, inverse, ld),
            ...(alpha !== null && { alpha: arena.storeFloat64(alpha) }),
            g: storeMatrix(arena, g, ld),
            fixed: terms.map((term) => storeMatrix(arena, term.b, ld)),
            lengthscales,
            traces,
            diagonal,
          });
          const actual = [lengthscales, traces, diagonal].map((pointer, i) =>
            arena.float64(pointer, [d, terms.length, n][i]).slice(),
          );
          arena.release(mark);

          const expected = [d, terms.length, n].map((count) => new Float64Array(count));
          const size = [d, terms.length, n].map((count) => new Float64Array(count));
          covarianceGradient(
            n,
            d,
            x,
            n,
            inverse,
            ld,
            alpha,
            g,
            ld,
            terms,
            expected[0],
            expected[1],
            expected[2],
          );
          // The same sums of sizes: |W| <= |Ky^-1| + |alpha| |alpha'|.
          const positive = inverse.map((value, i) => {
            const outer = alpha === null ? 0 : alpha[i % ld] * alpha[Math.floor(i / ld)];
            return Math.abs(value) + Math.abs(outer);
          });
          covarianceGradient(
            n,
            d,
            x,
            n,
            positive,
            ld,
            null,
            g.map(Math.abs),
            ld,
            terms.map((term) => ({ b: term.b.map(Math.abs), ldb: ld })),
            size[0],
            size[1],
            size[2],
          );
          // A sum of n (n + 1) / 2 terms in any order, each with fewer than 8 roundings.
          const tolerance = (n * n + 16) * epsilon;
          let worst = 0;
          expected.forEach((values, which) =>
            values.forEach((value, i) => {
              const bound = (which === 2 ? 4 * epsilon : tolerance) * size[which][i];
              worst = Math.max(worst, excess(actual[which][i] - value, bound));
            }),
          );
          expect(worst, `n = ${n}, d = ${d}`).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  /** Likelihood of a Gaussian process with a Matern-5/2 and a linear term, and its gradient, from the routines alone. */
  function likelihood(
    n: number,
    d: number,
    raw: Float64Array,
    y: Float64Array,
    logs: readonly number[],
  ): { value: number; gradient: number[] } {
    const mark = arena.mark();
    const [outputScale, linearScale, noise] = logs.slice(d).map(Math.exp);
    const x = storeMatrix(
      arena,
      raw.map((value, i) => value / Math.exp(logs[Math.floor(i / n)])),
      n,
    );
    const z = arena.storeFloat64(raw);
    const linear = arena.allocateMatrix(n, n);
    blas.syrk('N', n, d, 1, z, n, 0, linear.pointer, linear.ld);
    const k = arena.allocateMatrix(n, n);
    const g = arena.allocateMatrix(n, n);
    const alpha = arena.storeFloat64(y);
    const lengthscales = arena.allocateFloat64(d);
    const traces = arena.allocateFloat64(1);
    const diagonal = arena.allocateFloat64(n);
    const fixed = [{ matrix: linear, scale: linearScale }];
    arena.reserve(10_000);
    routines.covariance({ kernel: 'matern52', n, d, x, outputScale, fixed, k, g });
    const values = arena.float64(k.pointer, k.ld * n);
    for (let i = 0; i < n; i++) values[i + i * k.ld] += noise;
    expect(blas.potrf(n, k.pointer, k.ld)).toBe(0);
    let value = (n / 2) * Math.log(2 * Math.PI);
    for (let i = 0; i < n; i++) value += Math.log(values[i + i * k.ld]);
    blas.trsm('L', 'N', n, 1, k.pointer, k.ld, alpha, n);
    blas.trsm('L', 'T', n, 1, k.pointer, k.ld, alpha, n);
    const dot = arena.float64(alpha, n).reduce((sum, one, i) => sum + one * y[i], 0);
    value += dot / 2;
    blas.potri(n, k.pointer, k.ld);
    routines.covarianceGradient({
      n,
      d,
      x,
      inverse: k,
      alpha,
      g,
      fixed: [linear],
      lengthscales,
      traces,
      diagonal,
    });
    const noiseTrace = noise * arena.float64(diagonal, n).reduce((sum, one) => sum + one, 0);
    const linearTrace = linearScale * arena.float64(traces, 1)[0];
    const gradient = [
      ...arena.float64(lengthscales, d),
      n - dot - linearTrace - noiseTrace,
      linearTrace,
      noiseTrace,
    ].map((trace) => trace / 2);
    arena.release(mark);
    return { value, gradient };
  }

  it('makes the gradient of a likelihood that central differences confirm', () => {
    const h = 1e-5;
    for (const [n, d] of [
      [9, 2],
      [34, 5],
    ]) {
      const next = randomNumbers(n);
      const raw = randomMatrix(next, n, d);
      const y = randomMatrix(next, n, 1);
      const logs = Array.from({ length: d + 3 }, (_, i) => (i === d + 2 ? -2 : 0.3 * next()));
      const { gradient } = likelihood(n, d, raw, y, logs);
      for (let p = 0; p < d + 3; p++) {
        const at = (step: number) => logs.map((log, i) => (i === p ? log + step : log));
        const slope =
          (likelihood(n, d, raw, y, at(h)).value - likelihood(n, d, raw, y, at(-h)).value) / (2 * h);
        expect(Math.abs(gradient[p] - slope)).toBeLessThan(1e-6);
      }
    }
  });

  it('does not depend on the order of the rows beyond rounding', () => {
    const [n, d] = [21, 4];
    const next = randomNumbers(8);
    const raw = randomMatrix(next, n, d);
    const y = randomMatrix(next, n, 1);
    const logs = Array.from({ length: d + 3 }, () => 0.2 * next());
    const reversed = raw.map((_, i) => raw[n - 1 - (i % n) + Math.floor(i / n) * n]);
    const one = likelihood(n, d, raw, y, logs);
    const other = likelihood(n, d, reversed, y.slice().reverse(), logs);
    expect(Math.abs(one.value - other.value)).toBeLessThan(1e-12);
    one.gradient.forEach((value, i) => expect(Math.abs(value - other.gradient[i])).toBeLessThan(1e-11));
  });
});
