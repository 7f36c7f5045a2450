import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeMatrix } from '../test/randomMatrix.ts';
import type { Matrix } from './arena.ts';
import type { Side, Transpose } from './blas.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { StationaryKernel } from './routines.ts';

type Columns = number[][];

interface Golden {
  dense: {
    n: number;
    a: Columns;
    b: Columns;
    product: Columns;
    gram: Columns;
    factor: Columns;
    inverse: Columns;
    solves: Record<`${Side}${Transpose}`, Columns>;
  }[];
  gaussianProcess: {
    kernel: StationaryKernel;
    n: number;
    d: number;
    x: Columns;
    y: number[];
    candidates: Columns;
    lengthscales: number[];
    outputScale: number;
    linearScale: number;
    noise: number;
    likelihood: number;
    gradient: { outputScale: number; lengthscales: number[]; linearScale: number; noise: number };
    mean: number[];
    variance: number[];
  }[];
  exp: { x: number[]; y: number[] };
}

const folder = join(import.meta.dirname, '../../../fixtures/linalg');
const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Golden;

/**
 * Relative tolerance of matrices and likelihoods: their conditions are below 1e4, of which rounding leaves 12 digits.
 */
const tolerance = 1e-12;

describe.each(supportedBuilds())('the %s build agrees with numpy, scipy and scikit-learn', (build) => {
  const { arena, blas, ...routines } = createRoutines({ build });

  function store(columns: Columns): Matrix {
    return storeMatrix(arena, Float64Array.from(columns.flat()), columns[0].length);
  }

  function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
    const size = Math.max(...expected.map(Math.abs), 1e-300);
    expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(tolerance * size));
  }

  /** The lower triangle at `matrix` is that of `expected`. */
  function expectLower(matrix: Matrix, expected: Columns): void {
    const n = expected.length;
    const values = arena.float64(matrix.pointer, matrix.ld * n);
    const lower = (at: (i: number, j: number) => number) =>
      Array.from({ length: n * n }, (_, p) =>
        p % n >= Math.floor(p / n) ? at(p % n, Math.floor(p / n)) : 0,
      );
    expectClose(
      lower((i, j) => values[i + j * matrix.ld]),
      lower((i, j) => expected[j][i]),
    );
  }

  it.each(golden.dense)(
    'on dense matrices of order $n',
    ({ n, a, b, product, gram, factor, inverse, solves }) => {
      const mark = arena.mark();
      const matrix = store(a);
      const sides = store(b);
      const target = arena.allocateMatrix(n, n);
      blas.gemm('N', 'N', n, 3, n, 1, matrix.pointer, n, sides.pointer, n, 0, target.pointer, n);
      expectClose(arena.float64(target.pointer, 3 * n), product.flat());
      blas.syrk('N', n, 3, 1, sides.pointer, n, 0, target.pointer, target.ld);
      expectLower(target, gram);
      expect(blas.potrf(n, matrix.pointer, n)).toBe(0);
      expectLower(matrix, factor);
      const transposed = Array.from({ length: n }, (_, i) => b.map((column) => column[i]));
      for (const [name, solution] of Object.entries(solves)) {
        const right = store(name.startsWith('L') ? b : transposed);
        const [m, columns] = name.startsWith('L') ? [n, 3] : [3, n];
        blas.trsm(
          name[0] as Side,
          name[1] as Transpose,
          m,
          columns,
          matrix.pointer,
          n,
          right.pointer,
          right.ld,
        );
        expectClose(arena.float64(right.pointer, 3 * n), solution.flat());
      }
      expect(blas.potri(n, matrix.pointer, n)).toBe(0);
      expectLower(matrix, inverse);
      arena.release(mark);
    },
  );

  it.each(golden.gaussianProcess)('on a Gaussian process with kernel $kernel, n = $n, d = $d', (process) => {
    const { kernel, n, d, outputScale, linearScale, noise } = process;
    const m = process.candidates[0].length;
    const mark = arena.mark();
    const scale = (columns: Columns) =>
      columns.map((column, j) => column.map((value) => value / process.lengthscales[j]));
    const x = store(scale(process.x));
    const linear = { p: d, x: store(process.x), candidates: store(process.candidates), scale: linearScale };
    const gram = arena.allocateMatrix(n, n);
    const k = arena.allocateMatrix(n, n);
    const g = arena.allocateMatrix(n, n);
    const factor = arena.allocateMatrix(n, n);
    const alpha = arena.storeFloat64(process.y);
    const [lengthscales, traces, diagonal] = [d, 1, n].map((count) => arena.allocateFloat64(count));
    const [mean, variance] = [m, m].map((count) => arena.allocateFloat64(count));

    blas.syrk('N', n, d, 1, linear.x.pointer, n, 0, gram.pointer, gram.ld);
    const fixed = [{ matrix: gram, scale: linearScale }];
    routines.covariance({ kernel, n, d, x, outputScale, fixed, k, g });
    for (let i = 0; i < n; i++) arena.float64(k.pointer + 8 * i * (k.ld + 1), 1)[0] += noise;
    expect(blas.potrf(n, k.pointer, k.ld)).toBe(0);
    arena.float64(factor.pointer, factor.ld * n).set(arena.float64(k.pointer, k.ld * n));
    blas.trsm('L', 'N', n, 1, k.pointer, k.ld, alpha, n);
    blas.trsm('L', 'T', n, 1, k.pointer, k.ld, alpha, n);
    const dot = process.y.reduce((sum, value, i) => sum + value * arena.float64(alpha, n)[i], 0);
    let likelihood = -dot / 2 - (n / 2) * Math.log(2 * Math.PI);
    for (let i = 0; i < n; i++) likelihood -= Math.log(arena.float64(k.pointer, k.ld * n)[i * (k.ld + 1)]);
    expectClose([likelihood], [process.likelihood]);

    blas.potri(n, k.pointer, k.ld);
    routines.covarianceGradient({
      n,
      d,
      x,
      inverse: k,
      alpha,
      g,
      fixed: [gram],
      lengthscales,
      traces,
      diagonal,
    });
    const linearTrace = linearScale * arena.float64(traces, 1)[0];
    const noiseTrace = noise * arena.float64(diagonal, n).reduce((sum, value) => sum + value, 0);
    const gradient = [
      n - dot - linearTrace - noiseTrace,
      ...arena.float64(lengthscales, d),
      linearTrace,
      noiseTrace,
    ];
    const expected = process.gradient;
    expectClose(
      gradient.map((trace) => -trace / 2),
      [expected.outputScale, ...expected.lengthscales, expected.linearScale, expected.noise],
    );

    const candidates = store(scale(process.candidates));
    routines.posterior({
      kernel,
      n,
      m,
      d,
      x,
      candidates,
      outputScale,
      linear,
      alpha,
      factor,
      mean,
      variance,
    });
    expectClose(arena.float64(mean, m), process.mean);
    expectClose(arena.float64(variance, m), process.variance);
    arena.release(mark);
  });

  it('on exp, to two units in the last place', () => {
    const mark = arena.mark();
    const x = arena.storeFloat64(golden.exp.x);
    routines.exp(golden.exp.x.length, x, x);
    golden.exp.y.forEach((value, i) => {
      const difference = Math.abs(arena.float64(x, golden.exp.x.length)[i] - value);
      expect(difference).toBeLessThanOrEqual(Math.max(2 * Number.EPSILON * value, 5e-324));
    });
    arena.release(mark);
  });
});
