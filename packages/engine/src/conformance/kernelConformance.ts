import type { Routines } from '@athanor/wasm';
import { CovarianceMatrix } from '../kernels/covarianceMatrix.ts';
import { crossCovariance } from '../kernels/crossCovariance.ts';
import { evaluateKernel } from '../kernels/evaluateKernel.ts';
import { kernelParameterCount, readKernelParameters, type Kernel } from '../kernels/kernel.ts';
import { priorVariance } from '../kernels/priorVariance.ts';
import { columnOf, createMatrix, takeMatrixRows, type Matrix } from '../linalg/matrix.ts';
import { createGenerator } from '../random/createGenerator.ts';

/** A kernel to test: over d features, named for the report. */
export interface KernelCase {
  readonly name: string;
  readonly d: number;
  readonly kernel: Kernel;
}

/** One demand on every kernel; `run` throws an Error that says what was wrong. */
export interface KernelCheck {
  /** The demand as a sentence, without its subject. */
  readonly demand: string;
  run(one: KernelCase, routines: Routines): void;
}

function demand(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Error(complaint);
}

/** Rows [n, d] for a kernel, with numbers of molecules behind the features where it has similarities. */
function randomFeatures(n: number, { kernel, d }: KernelCase, seed: number): Matrix {
  const generator = createGenerator(seed);
  const molecules = kernel.fixed.filter((term) => term.kind === 'tanimoto');
  const X = createMatrix(n, d + molecules.length);
  for (let j = 0; j < d; j++) columnOf(X, j).forEach((_, i, column) => (column[i] = generator.uniform()));
  for (const { feature, smiles } of molecules)
    columnOf(X, feature).forEach((_, i, column) => (column[i] = generator.integer(smiles.length + 1) - 1));
  return X;
}

const row = (X: Matrix, i: number): Float64Array =>
  Float64Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j)[i]!);

function randomLogs(kernel: Kernel, seed: number): Float64Array {
  const generator = createGenerator(seed);
  return Float64Array.from({ length: kernelParameterCount(kernel) }, () => 0.5 * generator.normal());
}

/** Lower triangle of the covariance of the rows, dense [n, n]; what lies above is NaN. */
function covarianceOf(
  routines: Routines,
  kernel: Kernel,
  logs: Float64Array,
  X: Matrix,
  withGradient: boolean,
  use: (K: Float64Array, covariance: CovarianceMatrix) => void,
): void {
  const { arena } = routines;
  const mark = arena.mark();
  const n = X.rowCount;
  const covariance = new CovarianceMatrix(routines, kernel, X, withGradient);
  covariance.fill(readKernelParameters(kernel, logs), new Float64Array(n));
  const { pointer, ld } = covariance.matrix;
  const view = arena.float64(pointer, ld * n);
  const K = new Float64Array(n * n).fill(NaN);
  for (let j = 0; j < n; j++) for (let i = j; i < n; i++) K[i * n + j] = view[i + j * ld]!;
  use(K, covariance);
  arena.release(mark);
}

function largestDifference(
  n: number,
  a: (i: number, j: number) => number,
  b: (i: number, j: number) => number,
): number {
  let most = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) most = Math.max(most, Math.abs(a(i, j) - b(i, j)));
  return most;
}

/** What every kernel must do, on every build of the routines. */
export const kernelConformance: readonly KernelCheck[] = [
  {
    demand: 'has the covariance matrix of its definition at every size, with and without a gradient',
    run(one, routines) {
      const { kernel, d } = one;
      for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 16, 33]) {
        const X = randomFeatures(n, one, n);
        const logs = randomLogs(kernel, n);
        const parameters = readKernelParameters(kernel, logs);
        for (const withGradient of [true, false])
          covarianceOf(routines, kernel, logs, X, withGradient, (K) => {
            const difference = largestDifference(
              n,
              (i, j) => K[i * n + j]!,
              (i, j) => evaluateKernel(kernel, parameters, row(X, i), row(X, j)),
            );
            demand(difference < 1e-12 * d, `n = ${n}: differs by ${difference}`);
          });
      }
    },
  },
  {
    demand: 'has the cross-covariance and the prior variance of its definition',
    run(one, routines) {
      const { kernel, d } = one;
      for (const [m, n] of [
        [1, 1],
        [3, 5],
        [9, 4],
        [17, 31],
      ] as const) {
        const A = randomFeatures(m, one, 100 + m);
        const B = randomFeatures(n, one, 200 + n);
        const parameters = readKernelParameters(kernel, randomLogs(kernel, m));
        const mark = routines.arena.mark();
        const { pointer, ld } = crossCovariance(routines, kernel, parameters, A, B);
        const view = routines.arena.float64(pointer, ld * n);
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            const difference = view[i + j * ld]! - evaluateKernel(kernel, parameters, row(A, i), row(B, j));
            demand(Math.abs(difference) < 1e-12 * d, `(${i}, ${j}) of ${m} x ${n} differs by ${difference}`);
          }
        routines.arena.release(mark);
        priorVariance(kernel, parameters, A).forEach((variance, i) => {
          const difference = variance - evaluateKernel(kernel, parameters, row(A, i), row(A, i));
          demand(Math.abs(difference) < 1e-12 * d, `prior variance of row ${i} differs by ${difference}`);
        });
      }
    },
  },
  {
    demand: 'has the derivatives of finite differences by every hyperparameter',
    run(one, routines) {
      const { kernel } = one;
      const n = 19;
      const X = randomFeatures(n, one, 5);
      const logs = randomLogs(kernel, 6);
      const generator = createGenerator(7);
      const alpha = Float64Array.from({ length: n }, () => generator.normal());
      // W = I - alpha alpha', with the identity in the place of the inverse.
      const trace = (at: Float64Array): number => {
        let sum = 0;
        covarianceOf(routines, kernel, at, X, true, (K) => {
          for (let i = 0; i < n; i++)
            for (let j = 0; j <= i; j++) {
              const w = (i === j ? 1 : 0) - alpha[i]! * alpha[j]!;
              sum += (i === j ? 1 : 2) * w * K[i * n + j]!;
            }
        });
        return sum;
      };
      covarianceOf(routines, kernel, logs, X, true, (_, covariance) => {
        const { pointer, ld } = covariance.matrix;
        const place = routines.arena.storeFloat64(alpha);
        const view = routines.arena.float64(pointer, ld * n);
        for (let j = 0; j < n; j++) for (let i = j; i < n; i++) view[i + j * ld] = i === j ? 1 : 0;
        covariance.traceGradient(place);
        const scales = readKernelParameters(kernel, logs).fixedScales;
        const { lengthscaleCount } = kernel;
        const check = (index: number, given: number): void => {
          const h = 1e-5;
          const up = logs.slice();
          up[index]! += h;
          const down = logs.slice();
          down[index]! -= h;
          const slope = (trace(up) - trace(down)) / (2 * h);
          const error = Math.abs(slope - given) / (1 + Math.abs(slope));
          demand(error < 1e-6, `hyperparameter ${index}: ${given} against ${slope}`);
        };
        for (let g = 0; g < lengthscaleCount; g++) check(g, covariance.traces[g]!);
        const first = lengthscaleCount + (kernel.hasOutputScale ? 1 : 0);
        scales.forEach((scale, t) => check(first + t, scale * covariance.traces[lengthscaleCount + t]!));
        covariance.diagonal.forEach((w, i) =>
          demand(Math.abs(w - (1 - alpha[i]! ** 2)) < 1e-13, `diagonal of W at ${i}: ${w}`),
        );
      });
    },
  },
  {
    demand: 'does not depend on the order of rows, nor on that of features',
    run(one, routines) {
      const { kernel, d } = one;
      const n = 21;
      const X = randomFeatures(n, one, 8);
      const logs = randomLogs(kernel, 9);
      const order = createGenerator(10).shuffle(Int32Array.from({ length: n }, (_, i) => i));
      const features = createGenerator(11).shuffle(Int32Array.from({ length: d }, (_, j) => j));
      const turned = createMatrix(n, X.columnCount);
      turned.values.set(X.values);
      features.forEach((from, j) => columnOf(turned, j).set(columnOf(X, from)));
      const turnedKernel: Kernel = {
        ...kernel,
        lengthscaleOf: features.map((j) => kernel.lengthscaleOf[j]!),
        fixed: kernel.fixed.map((term) =>
          term.kind === 'linear'
            ? { ...term, centre: Float64Array.from(features, (j) => term.centre[j]!) }
            : term,
        ),
      };
      covarianceOf(routines, kernel, logs, X, false, (K) => {
        const at = (i: number, j: number): number => K[Math.max(i, j) * n + Math.min(i, j)]!;
        covarianceOf(routines, kernel, logs, takeMatrixRows(X, order), false, (P) => {
          const difference = largestDifference(
            n,
            (i, j) => P[i * n + j]!,
            (i, j) => at(order[i]!, order[j]!),
          );
          demand(difference < 1e-13 * d, `rows in another order: ${difference}`);
        });
        covarianceOf(routines, turnedKernel, logs, turned, false, (P) => {
          const difference = largestDifference(n, (i, j) => P[i * n + j]!, at);
          demand(difference < 1e-13 * d, `features in another order: ${difference}`);
        });
      });
    },
  },
  {
    demand: 'is positive semidefinite on repeated rows',
    run(one, routines) {
      const { kernel } = one;
      const n = 30;
      const X = takeMatrixRows(
        randomFeatures(10, one, 12),
        Int32Array.from({ length: n }, (_, i) => i % 10),
      );
      for (let seed = 0; seed < 10; seed++) {
        const logs = randomLogs(kernel, 20 + seed);
        const mark = routines.arena.mark();
        const covariance = new CovarianceMatrix(routines, kernel, X, false);
        const parameters = readKernelParameters(kernel, logs);
        const largest = Math.max(...priorVariance(kernel, parameters, X));
        covariance.fill(parameters, new Float64Array(n).fill(1e-12 * n * largest));
        const { pointer, ld } = covariance.matrix;
        const failed = routines.blas.potrf(n, pointer, ld);
        routines.arena.release(mark);
        demand(failed === 0, `the minor of order ${failed} is not positive with a jitter of rounding`);
      }
    },
  },
  {
    demand: 'gives the same bytes twice',
    run(one, routines) {
      const { kernel } = one;
      const X = randomFeatures(13, one, 13);
      const logs = randomLogs(kernel, 14);
      covarianceOf(routines, kernel, logs, X, false, (A) =>
        covarianceOf(routines, kernel, logs, X, false, (B) =>
          demand(
            A.every((value, i) => Object.is(value, B[i])),
            'two matrices differ',
          ),
        ),
      );
    },
  },
];
