import { describe, expect, it } from 'vitest';
import { covariance } from '../reference/covariance.ts';
import { crossCovariance } from '../reference/crossCovariance.ts';
import { posterior } from '../reference/posterior.ts';
import { potrf } from '../reference/potrf.ts';
import { trsm } from '../reference/trsm.ts';
import { randomMatrix, randomNumbers, readMatrix, storeMatrix } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import { invertedFactorBytes, type StationaryKernel } from './routines.ts';

const epsilon = Number.EPSILON;

/** A Gaussian process conditioned on n random observations with noise variance 0.1, by the twins. */
function condition(kernel: StationaryKernel, n: number, d: number, seed: number) {
  const next = randomNumbers(seed);
  const x = randomMatrix(next, n, d);
  const factor = new Float64Array(n * n);
  covariance(kernel, n, d, x, n, 1.5, [], factor, n, null, 0);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      for (let p = 0; p < d; p++) factor[i + j * n] += 0.3 * x[i + p * n] * x[j + p * n];
    }
    factor[j + j * n] += 0.1;
  }
  expect(potrf(n, factor, n)).toBe(0);
  const alpha = randomMatrix(next, n, 1);
  trsm('L', 'N', n, 1, factor, n, alpha, n);
  trsm('L', 'T', n, 1, factor, n, alpha, n);
  return { x, factor, alpha, next };
}

/** L^-1 in float64 [n, n]. */
function invertTriangle(n: number, factor: Float64Array): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * (n + 1)] = 1;
  trsm('L', 'N', n, n, factor, n, inverse, n);
  return inverse;
}

describe.each(supportedBuilds())('the posterior of the %s build', (build) => {
  const routines = createRoutines({ build });
  const { arena } = routines;

  it('matches the twin for any number of candidates, across blocks too', () => {
    for (const [n, m, d, kernel] of [
      [1, 1, 1, 'matern52'],
      [7, 5, 2, 'rbf'],
      [33, 17, 5, 'matern52'],
      [40, 255, 3, 'matern52'],
      [65, 256, 2, 'rbf'],
      [100, 700, 4, 'matern52'],
    ] as const) {
      const { x, factor, alpha, next } = condition(kernel, n, d, n);
      const ldm = m + 3;
      const candidates = randomMatrix(next, ldm, d);
      const expected = { mean: new Float64Array(m), variance: new Float64Array(m) };
      const linear = { p: d, x, ldx: n, candidates, ldCandidates: ldm, scale: 0.3 };
      posterior(
        kernel,
        n,
        m,
        d,
        x,
        n,
        candidates,
        ldm,
        1.5,
        linear,
        alpha,
        factor,
        n,
        null,
        expected.mean,
        expected.variance,
      );
      const mark = arena.mark();
      const rows = storeMatrix(arena, x, n);
      const columns = storeMatrix(arena, candidates, ldm);
      const args = {
        kernel,
        n,
        m,
        d,
        x: rows,
        candidates: columns,
        outputScale: 1.5,
        linear: { p: d, x: rows, candidates: columns, scale: 0.3 },
        alpha: arena.storeFloat64(alpha),
        mean: arena.allocateFloat64(m),
      };
      const variance = arena.allocateFloat64(m);
      routines.posterior({ ...args, factor: storeMatrix(arena, factor, n), variance });
      const mean = arena.float64(args.mean, m).slice();
      const variances = arena.float64(variance, m).slice();
      routines.posterior(args);
      const meanAlone = arena.float64(args.mean, m).slice();
      arena.release(mark);
      // k <= prior <= 1.5 + 0.3 d; a mean is a sum of n products, a variance the end of a solve with a factor whose
      // condition is at most sqrt((n prior + 0.1) / 0.1).
      const prior = 1.5 + 0.3 * d;
      const meanTolerance =
        (n + 3 * d + 40) * epsilon * prior * alpha.reduce((sum, one) => sum + Math.abs(one), 0);
      const varianceTolerance = 4 * (n + 3 * d + 40) * epsilon * prior * Math.sqrt(10 * n * prior + 1);
      for (let c = 0; c < m; c++) {
        expect(Math.abs(mean[c] - expected.mean[c])).toBeLessThanOrEqual(meanTolerance);
        expect(Math.abs(variances[c] - expected.variance[c])).toBeLessThanOrEqual(varianceTolerance);
      }
      expect(meanAlone).toEqual(mean);
    }
  });

  it.each([37, 300])('gives a candidate the same bytes alone and among any others (n = %i)', (n) => {
    const [m, d] = [300, 3];
    const { x, factor, alpha, next } = condition('matern52', n, d, 6);
    const candidates = randomMatrix(next, m, d);
    const predict = (first: number, count: number) => {
      const mark = arena.mark();
      const rows = storeMatrix(arena, x, n);
      const columns = { pointer: arena.storeFloat64(candidates) + 8 * first, ld: m };
      const mean = arena.allocateFloat64(count);
      const variance = arena.allocateFloat64(count);
      routines.posterior({
        kernel: 'matern52',
        n,
        m: count,
        d,
        x: rows,
        candidates: columns,
        outputScale: 1.5,
        linear: { p: d, x: rows, candidates: columns, scale: 0.3 },
        alpha: arena.storeFloat64(alpha),
        factor: storeMatrix(arena, factor, n),
        mean,
        variance,
      });
      const result = [...arena.float64(mean, count), ...arena.float64(variance, count)];
      arena.release(mark);
      return result;
    };
    const all = predict(0, m);
    for (const [first, count] of [
      [0, 1],
      [1, 2],
      [5, 3],
      [254, 5],
      [299, 1],
    ]) {
      const part = all.slice(first, first + count).concat(all.slice(m + first, m + first + count));
      expect(predict(first, count)).toEqual(part);
    }
  });

  it.each([1, 3, 8, 9, 40, 64, 65, 130, 201])(
    'finds rough variances within the roundings of float32 (n = %i)',
    (n) => {
      const d = 4;
      const m = n > 100 ? 70 : 129;
      const { x, factor, next } = condition('matern52', n, d, n);
      const candidates = randomMatrix(next, m, d);
      const cross = new Float64Array(n * m);
      crossCovariance('matern52', n, m, d, x, n, candidates, m, 1.5, cross, n, null, 0);
      const inverse = invertTriangle(n, factor);
      const mark = arena.mark();
      const rounded = arena.allocate(invertedFactorBytes(n));
      const alpha = arena.storeFloat64(new Float64Array(n));
      const mean = arena.allocateFloat64(m);
      const roughly = (first: number, count: number): Float64Array => {
        const variance = arena.storeFloat64(new Float64Array(count).fill(1.5));
        const part = storeMatrix(arena, cross.subarray(first * n, (first + count) * n), n);
        routines.crossPosterior({ n, m: count, cross: part, alpha, inverse: rounded, mean, variance });
        expect(readMatrix(arena, part, count)).toEqual(cross.subarray(first * n, (first + count) * n));
        return arena.float64(variance, count).slice();
      };
      const before = storeMatrix(arena, factor, n);
      routines.invertFactor({ n, factor: before, inverse: rounded });
      expect(readMatrix(arena, before, n)).toEqual(factor);
      const all = roughly(0, m);
      for (let c = 0; c < m; c++) {
        let explained = 0;
        let tolerance = 0;
        for (let i = 0; i < n; i++) {
          let sum = 0;
          let size = 0;
          for (let j = 0; j <= i; j++) {
            sum += inverse[i + j * n] * cross[j + c * n];
            size += Math.abs(inverse[i + j * n] * cross[j + c * n]);
          }
          // Two operands are rounded, and 64 terms added in float32.
          const error = 67 * 2 ** -24 * size;
          explained += sum ** 2;
          tolerance += 2 * Math.abs(sum) * error + error ** 2;
        }
        const exact = Math.max(0, 1.5 - explained);
        expect(Math.abs(all[c] - exact)).toBeLessThanOrEqual(tolerance);
      }
      for (const [first, count] of [
        [0, 1],
        [3, 2],
        [62, 7],
      ])
        expect(roughly(first, count)).toEqual(all.slice(first, first + count));
      arena.release(mark);
    },
  );

  it('works from a cross-covariance of any kernel', () => {
    const [n, m, d] = [30, 11, 3];
    const { x, factor, alpha, next } = condition('rbf', n, d, 2);
    const candidates = randomMatrix(next, m, d);
    const expected = { mean: new Float64Array(m), variance: new Float64Array(m) };
    posterior(
      'rbf',
      n,
      m,
      d,
      x,
      n,
      candidates,
      m,
      1.5,
      null,
      alpha,
      factor,
      n,
      null,
      expected.mean,
      expected.variance,
    );
    const cross = new Float64Array(n * m);
    crossCovariance('rbf', n, m, d, x, n, candidates, m, 1.5, cross, n, null, 0);
    const mark = arena.mark();
    const args = {
      n,
      m,
      cross: storeMatrix(arena, cross, n),
      alpha: arena.storeFloat64(alpha),
      mean: arena.allocateFloat64(m),
    };
    routines.crossPosterior(args);
    expect(readMatrix(arena, args.cross, m)).toEqual(cross);
    const variance = arena.storeFloat64(new Float64Array(m).fill(1.5));
    routines.crossPosterior({ ...args, factor: storeMatrix(arena, factor, n), variance });
    for (let c = 0; c < m; c++) {
      expect(arena.float64(args.mean, m)[c]).toBeCloseTo(expected.mean[c], 12);
      expect(arena.float64(variance, m)[c]).toBeCloseTo(expected.variance[c], 12);
    }
    arena.release(mark);
  });

  it('returns to the data: at a training row with hardly any noise the variance is hardly above 0, never below', () => {
    const [n, d] = [50, 2];
    const next = randomNumbers(4);
    const x = randomMatrix(next, n, d);
    const factor = new Float64Array(n * n);
    covariance('matern52', n, d, x, n, 1, [], factor, n, null, 0);
    for (let i = 0; i < n; i++) factor[i + i * n] += 1e-8;
    expect(potrf(n, factor, n)).toBe(0);
    const mark = arena.mark();
    const rows = storeMatrix(arena, x, n);
    const variance = arena.allocateFloat64(n);
    routines.posterior({
      kernel: 'matern52',
      n,
      m: n,
      d,
      x: rows,
      candidates: rows,
      outputScale: 1,
      alpha: arena.storeFloat64(new Float64Array(n)),
      factor: storeMatrix(arena, factor, n),
      mean: arena.allocateFloat64(n),
      variance,
    });
    for (const value of arena.float64(variance, n)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1.1e-8);
    }
    arena.release(mark);
  });
});

it('needs a bounded workspace for 100 000 candidates', () => {
  const { arena, ...routines } = createRoutines();
  const [n, m, d] = [20, 100_000, 2];
  const { x, factor, alpha } = condition('matern52', n, d, 1);
  const candidates = arena.allocateMatrix(m, d);
  arena.float64(candidates.pointer, candidates.ld * d).fill(0.25);
  const mean = arena.allocateFloat64(m);
  const variance = arena.allocateFloat64(m);
  const rows = storeMatrix(arena, x, n);
  const l = storeMatrix(arena, factor, n);
  const weights = arena.storeFloat64(alpha);
  const before = arena.capacityBytes;
  routines.posterior({
    kernel: 'matern52',
    n,
    m,
    d,
    x: rows,
    candidates,
    outputScale: 1.5,
    alpha: weights,
    factor: l,
    mean,
    variance,
  });
  expect(arena.capacityBytes - before).toBeLessThan(1_000_000);
  const means = arena.float64(mean, m);
  expect(means.every((value) => value === means[0])).toBe(true);
});
