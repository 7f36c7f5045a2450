import { readFileSync } from 'node:fs';
import { createRoutines, supportedBuilds, type Routines } from '@athanor/wasm';
import { describe, expect, test } from 'vitest';
import { evaluateKernel } from '../../kernels/evaluateKernel.ts';
import { kernelParameterCount, readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import { columnOf, createMatrix, matrixFromRows, takeMatrixRows, type Matrix } from '../../linalg/matrix.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { chooseFarthestPoints } from './chooseFarthestPoints.ts';
import { chooseInducingPoints } from './chooseInducingPoints.ts';
import { conditionOnRows } from './conditionOnRows.ts';
import { drawHyperparameters } from './drawHyperparameters.ts';
import { fitHyperparameters } from './fitHyperparameters.ts';
import type { GaussianProcessState, ProcessMember } from './gaussianProcessState.ts';
import { groupReplicates } from './groupReplicates.ts';
import { drawFromPrior, hyperparameterSpace, priorMode } from './hyperparameterSpace.ts';
import { InducingProjection } from './inducingProjection.ts';
import { drawJointSamples, jointPosterior } from './jointPosterior.ts';
import { LeaveOut } from './leaveOut.ts';
import { LogPosterior } from './logPosterior.ts';
import { posteriorGradient } from './posteriorGradient.ts';
import { predictLatent } from './predictLatent.ts';
import { samplePaths } from './samplePaths.ts';
import { collapseReplicates, singleRows, type TrainingRows } from './trainingRows.ts';

interface GoldenAnswer {
  nll: number;
  gradient?: number[];
  mean: number[];
  measurementSd?: number[];
  modelSd?: number[];
}

interface GoldenCase {
  name: string;
  form: 'matern52' | 'rbf';
  n: number;
  d: number;
  noise: number;
  linear: number | null;
  outputScale: number;
  lengthscales: number[];
  X: number[][];
  z: number[];
  at: number[][];
  sklearn?: GoldenAnswer;
  gpytorch?: GoldenAnswer;
  mpmath?: GoldenAnswer;
}

const golden = JSON.parse(
  readFileSync(new URL('../../../../../fixtures/gaussianProcess/golden.json', import.meta.url), 'utf8'),
) as { cases: GoldenCase[] };

function ownLengthscales(d: number, form: Kernel['form'], centre: Float64Array | null): Kernel {
  return {
    form,
    lengthscaleOf: Int32Array.from({ length: d }, (_, j) => j),
    lengthscaleCount: d,
    hasOutputScale: true,
    fixed: centre === null ? [] : [{ kind: 'linear', centre }],
  };
}

function columnMeans(X: Matrix): Float64Array {
  return Float64Array.from(
    { length: X.columnCount },
    (_, j) => columnOf(X, j).reduce((sum, x) => sum + x, 0) / X.rowCount,
  );
}

function randomFeatures(n: number, d: number, seed: number): Matrix {
  const generator = createGenerator(seed);
  const X = createMatrix(n, d);
  for (let j = 0; j < d; j++) columnOf(X, j).forEach((_, i, column) => (column[i] = generator.uniform()));
  return X;
}

/** A smooth function of the first two features, with scatter. */
function sample(n: number, d: number, seed: number, scatter = 0.1): TrainingRows {
  const features = randomFeatures(n, d, seed);
  const generator = createGenerator(`scatter ${seed}`);
  const second = columnOf(features, d > 1 ? 1 : 0);
  const z = columnOf(features, 0).map((x, i) => Math.sin(5 * x) + second[i]! + scatter * generator.normal());
  return singleRows(features, z);
}

function stateOf(
  routines: Routines,
  rows: TrainingRows,
  kernel: Kernel,
  logs: Float64Array,
  noise: number,
  hasMean = true,
): GaussianProcessState {
  const diagonal = rows.counts.map((count) => noise / count);
  const { member } = conditionOnRows(routines, kernel, logs, rows, diagonal, noise, hasMean)!;
  return {
    kind: 'process',
    kernel,
    logs,
    features: rows.features,
    z: rows.z,
    sources: null,
    members: [member],
  };
}

function flat(kernel: Kernel, count = kernelParameterCount(kernel) + 1): null[] {
  return Array<null>(count).fill(null);
}

function relativeError(value: number, reference: number): number {
  return Math.abs(value - reference) / (1 + Math.abs(reference));
}

/** Value and gradient where nothing else is asked of the arena. */
function evaluate(
  routines: Routines,
  kernel: Kernel,
  rows: TrainingRows,
  logs: Float64Array,
  options: { priors?: ConstructorParameters<typeof LogPosterior>[3]['priors']; hasMean?: boolean } = {},
): { value: number; gradient: Float64Array } {
  const mark = routines.arena.mark();
  const posterior = new LogPosterior(routines, kernel, rows, {
    priors: options.priors ?? flat(kernel),
    hasMean: options.hasMean ?? true,
    jitter: 0,
  });
  const gradient = new Float64Array(logs.length);
  const value = posterior.evaluate(logs, gradient);
  routines.arena.release(mark);
  return { value, gradient };
}

const standardLogs = (d: number): Float64Array =>
  Float64Array.from([...Array<number>(d).fill(0.6), 0.9, 0.3, 0.02], Math.log);

describe.each(supportedBuilds())('on the %s build', (build) => {
  const routines = createRoutines({ build });

  describe.each(golden.cases.map((one) => [one.name, one] as const))('golden case %s', (_, one) => {
    const X = matrixFromRows(one.X);
    const kernel = ownLengthscales(one.d, one.form, one.linear === null ? null : columnMeans(X));
    const rows = singleRows(X, Float64Array.from(one.z));
    const scales = [...one.lengthscales, one.outputScale, ...(one.linear === null ? [] : [one.linear])];
    const logs = Float64Array.from(scales, Math.log);

    test.each(['sklearn', 'gpytorch', 'mpmath'] as const)('agrees with %s', (oracle) => {
      const answer = one[oracle];
      if (answer === undefined) return;
      const { value, gradient } = evaluate(
        routines,
        kernel,
        rows,
        Float64Array.of(...logs, Math.log(one.noise)),
        { hasMean: false },
      );
      // With a condition number of 1e9 about seven of sixteen digits are left.
      const tolerance = one.name === 'illConditioned' ? 1e-6 : 1e-8;
      expect(relativeError(value, answer.nll)).toBeLessThan(tolerance);
      answer.gradient?.forEach((slope, i) =>
        expect(relativeError(gradient[i]!, slope)).toBeLessThan(tolerance),
      );
      const state = stateOf(routines, rows, kernel, logs, one.noise, false);
      const { mean, variance } = predictLatent(routines, state, matrixFromRows(one.at));
      answer.mean.forEach((m, i) => expect(Math.abs(mean[i]! - m)).toBeLessThan(tolerance));
      answer.modelSd?.forEach((sd, i) =>
        expect(Math.abs(Math.sqrt(variance[i]!) - sd)).toBeLessThan(tolerance),
      );
      answer.measurementSd?.forEach((sd, i) =>
        expect(Math.abs(Math.sqrt(variance[i]! + one.noise) - sd)).toBeLessThan(tolerance),
      );
    });
  });

  test.each([
    ['matern52', 23, 4],
    ['rbf', 30, 2],
    ['matern52', 12, 100],
  ] as const)(
    'the log posterior of %s has the gradient of finite differences, n = %i, d = %i',
    (form, n, d) => {
      const rows = sample(n, d, 3);
      const kernel = ownLengthscales(d, form, columnMeans(rows.features));
      const { priors } = hyperparameterSpace(kernel, 'gamma', null);
      const logs = Float64Array.from({ length: d + 3 }, (_, i) => -0.4 + 0.05 * (i % 9));
      const { gradient } = evaluate(routines, kernel, rows, logs, { priors });
      for (let i = 0; i < logs.length; i += d > 10 ? 17 : 1) {
        const h = 1e-5;
        const at = (step: number): number => {
          const moved = logs.slice();
          moved[i]! += step;
          return evaluate(routines, kernel, rows, moved, { priors }).value;
        };
        expect(relativeError(gradient[i]!, (at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-6);
      }
    },
  );

  test('a prediction does not depend on what was predicted before, the factor lying in the arena or not', () => {
    const kernel = ownLengthscales(3, 'matern52', null);
    const logs = Float64Array.from([0.6, 0.6, 0.6, 0.9], Math.log);
    const [first, second] = [40, 41].map((n) => stateOf(routines, sample(n, 3, n), kernel, logs, 0.1));
    const X = randomFeatures(5, 3, 9);
    const { arena } = routines;
    const alone = predictLatent(routines, first!, X);
    expect(predictLatent(routines, first!, X)).toEqual(alone);
    expect(arena.isLeft(first!.members[0]!)).toBe(true);
    predictLatent(routines, second!, X);
    expect(predictLatent(routines, first!, X)).toEqual(alone);
    const mark = arena.mark();
    arena.float64(arena.allocateFloat64(100), 100).fill(7);
    arena.release(mark);
    expect(predictLatent(routines, first!, X)).toEqual(alone);
  });

  test('collapsed replicates have the likelihood and the posterior of all measurements', () => {
    const base = sample(12, 2, 4).features;
    const repeated = takeMatrixRows(
      base,
      Int32Array.from({ length: 30 }, (_, i) => (i * 7) % 12),
    );
    const generator = createGenerator('replicates');
    const z = Float64Array.from({ length: 30 }, () => generator.normal());
    const collapsed = collapseReplicates(repeated, z, groupReplicates(repeated, z), null);
    expect(collapsed.z).toHaveLength(12);
    const kernel = ownLengthscales(2, 'matern52', columnMeans(base));
    const logs = standardLogs(2);
    const all = evaluate(routines, kernel, singleRows(repeated, z), logs);
    const few = evaluate(routines, kernel, collapsed, logs);
    expect(relativeError(few.value, all.value)).toBeLessThan(1e-11);
    few.gradient.forEach((slope, i) => expect(relativeError(slope, all.gradient[i]!)).toBeLessThan(1e-9));

    const at = randomFeatures(9, 2, 5);
    const kernelLogs = logs.slice(0, -1);
    const a = predictLatent(routines, stateOf(routines, collapsed, kernel, kernelLogs, 0.02), at);
    const b = predictLatent(
      routines,
      stateOf(routines, singleRows(repeated, z), kernel, kernelLogs, 0.02),
      at,
    );
    a.mean.forEach((mean, i) => expect(mean).toBeCloseTo(b.mean[i]!, 10));
    a.variance.forEach((variance, i) => expect(variance).toBeCloseTo(b.variance[i]!, 10));
  });

  test('interpolates without noise, and is less sure away from its data', () => {
    const rows = sample(15, 2, 6, 0);
    const kernel = ownLengthscales(2, 'matern52', null);
    const logs = Float64Array.from([0.6, 0.6, 1], Math.log);
    const state = stateOf(routines, rows, kernel, logs, 1e-10);
    const { mean, variance } = predictLatent(routines, state, rows.features);
    mean.forEach((value, i) => expect(value).toBeCloseTo(rows.z[i]!, 6));
    variance.forEach((value) => expect(value).toBeLessThan(1e-8));
    const line = createMatrix(8, 2);
    columnOf(line, 0).forEach((_, i, column) => (column[i] = 1 + 0.5 * i));
    columnOf(line, 1).fill(0.5);
    const away = predictLatent(routines, state, line).variance;
    for (let i = 1; i < 8; i++) expect(away[i]!).toBeGreaterThan(away[i - 1]!);
    expect(away[7]!).toBeLessThanOrEqual(1);
  });

  test('leaving out in closed form is refitting the mean and conditioning without the rows', () => {
    const rows = sample(14, 3, 7);
    const kernel = ownLengthscales(3, 'matern52', columnMeans(rows.features));
    const logs = standardLogs(3).slice(0, -1);
    const noise = new Float64Array(14).fill(0.02);
    const leaveOut = LeaveOut.prepare(routines, kernel, logs, rows, noise, true)!;
    const groups = Int32Array.from({ length: 14 }, (_, i) => i % 4);
    for (const [left, groupOf] of [
      [leaveOut.rows(rows.z), Int32Array.from({ length: 14 }, (_, i) => i)],
      [leaveOut.groups(rows.z, groups), groups],
    ] as const) {
      for (const group of new Set(groupOf)) {
        const inside = Int32Array.from(groupOf.keys()).filter((i) => groupOf[i] === group);
        const outside = Int32Array.from(groupOf.keys()).filter((i) => groupOf[i] !== group);
        const others = singleRows(
          takeMatrixRows(rows.features, outside),
          Float64Array.from(outside, (i) => rows.z[i]!),
        );
        const state = stateOf(routines, others, kernel, logs, 0.02);
        const { mean } = predictLatent(routines, state, takeMatrixRows(rows.features, inside));
        inside.forEach((row, k) => expect(left.mean[row]!).toBeCloseTo(mean[k]!, 9));
      }
    }
    // Universal kriging: leaving a row out also takes the uncertainty of the mean into its variance.
    const plain = LeaveOut.prepare(routines, kernel, logs, rows, noise, false)!.rows(rows.z);
    leaveOut.rows(rows.z).variance.forEach((value, i) => expect(value).toBeGreaterThan(plain.variance[i]!));
  });

  test('mean and variance have the gradients of finite differences in the features', () => {
    const rows = sample(25, 3, 8);
    for (const form of ['matern52', 'rbf'] as const) {
      const kernel = ownLengthscales(3, form, columnMeans(rows.features));
      const logs = standardLogs(3).slice(0, -1);
      const one = stateOf(routines, rows, kernel, logs, 0.02);
      const other = stateOf(
        routines,
        rows,
        kernel,
        logs.map((log) => log + 0.3),
        0.05,
      );
      const mixed = { ...one, members: [...one.members, ...other.members] };
      const sparse = inducingState(
        routines,
        rows,
        kernel,
        logs,
        Int32Array.from({ length: 10 }, (_, i) => 2 * i),
      );
      for (const state of [one, mixed, sparse]) {
        for (const x of [Float64Array.of(0.3, 0.6, 0.2), Float64Array.of(1.4, -0.2, 0.5)]) {
          const found = posteriorGradient(routines, state, x);
          const at = (j: number, step: number) => {
            const moved = x.slice();
            moved[j]! += step;
            const { mean, variance } = predictLatent(routines, state, matrixFromRows([[...moved]]));
            return { mean: mean[0]!, variance: variance[0]! };
          };
          const here = at(0, 0);
          expect(found.mean).toBeCloseTo(here.mean, 11);
          expect(found.variance).toBeCloseTo(here.variance, 11);
          for (let j = 0; j < 3; j++) {
            const h = 1e-5;
            const [up, down] = [at(j, h), at(j, -h)];
            expect(Math.abs(found.meanGradient[j]! - (up.mean - down.mean) / (2 * h))).toBeLessThan(1e-6);
            const slope = (up.variance - down.variance) / (2 * h);
            expect(Math.abs(found.varianceGradient[j]! - slope)).toBeLessThan(1e-6);
          }
        }
      }
    }
  });

  test('the joint posterior has the marginals of the plain one and the covariance of its definition', () => {
    const rows = sample(20, 2, 9);
    const kernel = ownLengthscales(2, 'matern52', columnMeans(rows.features));
    const logs = standardLogs(2).slice(0, -1);
    const X = randomFeatures(6, 2, 10);
    const one = stateOf(routines, rows, kernel, logs, 0.02);
    const sparse = inducingState(
      routines,
      rows,
      kernel,
      logs,
      Int32Array.from({ length: 8 }, (_, i) => i),
    );
    for (const state of [one, sparse, { ...one, members: [...one.members, ...one.members] }]) {
      const { mean, covariance } = jointPosterior(routines, state, X);
      const plain = predictLatent(routines, state, X);
      for (let a = 0; a < 6; a++) {
        expect(mean[a]!).toBeCloseTo(plain.mean[a]!, 11);
        expect(covariance[a * 6 + a]!).toBeCloseTo(plain.variance[a]!, 11);
      }
    }
    // cov(f(a), f(b)) = k(a, b) - k(a, rows) Ky^-1 k(rows, b), by conditioning on a as if it had been measured.
    const { covariance } = jointPosterior(routines, one, X);
    const parameters = readKernelParameters(kernel, logs);
    const point = (M: Matrix, i: number) => Float64Array.from({ length: 2 }, (_, j) => columnOf(M, j)[i]!);
    const zero = singleRows(
      rows.features,
      Float64Array.from({ length: 20 }, (_, i) =>
        evaluateKernel(kernel, parameters, point(rows.features, i), point(X, 0)),
      ),
    );
    const cross = predictLatent(routines, stateOf(routines, zero, kernel, logs, 0.02, false), X).mean;
    for (let b = 0; b < 6; b++) {
      const prior = evaluateKernel(kernel, parameters, point(X, 0), point(X, b));
      expect(covariance[b]!).toBeCloseTo(prior - cross[b]!, 10);
    }
  });

  test('samples and paths have the moments of the posterior', () => {
    const rows = sample(12, 2, 11);
    const kernel = ownLengthscales(2, 'matern52', columnMeans(rows.features));
    const logs = standardLogs(2).slice(0, -1);
    const X = randomFeatures(5, 2, 12);
    const exact = stateOf(routines, rows, kernel, logs, 0.05);
    const sparse = inducingState(
      routines,
      rows,
      kernel,
      logs,
      Int32Array.from({ length: 7 }, (_, i) => i),
    );
    for (const state of [exact, sparse]) {
      const joint = jointPosterior(routines, state, X);
      const count = build === 'reference' ? 150 : 600;
      const draws = drawJointSamples(joint, 4000, createGenerator('samples'));
      const paths = samplePaths(routines, state, count, createGenerator('paths')).map((path) => path(X));
      for (const samples of [draws, paths]) {
        for (let a = 0; a < 5; a++) {
          const sd = Math.sqrt(joint.covariance[a * 5 + a]!);
          const values = samples.map((one) => one[a]!);
          const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
          const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
          expect(Math.abs(mean - joint.mean[a]!)).toBeLessThan((5 * sd) / Math.sqrt(values.length));
          expect(Math.abs(Math.sqrt(square) / sd - 1)).toBeLessThan(5 / Math.sqrt(values.length));
        }
      }
    }
  });

  test('inducing points at all rows give the exact posterior, fewer a bound below the likelihood', () => {
    const rows = sample(40, 2, 13);
    const kernel = ownLengthscales(2, 'matern52', columnMeans(rows.features));
    const logs = standardLogs(2).slice(0, -1);
    const at = randomFeatures(10, 2, 14);
    const exact = predictLatent(routines, stateOf(routines, rows, kernel, logs, 0.05), at);
    const nll = evaluate(routines, kernel, rows, Float64Array.of(...logs, Math.log(0.05))).value;
    let before = -Infinity;
    for (const count of [5, 15, 40]) {
      const points = chooseInducingPoints(routines, kernel, logs, rows.features, count);
      expect(points).toHaveLength(count);
      const mark = routines.arena.mark();
      const projection = InducingProjection.prepare(routines, kernel, logs, rows, points)!;
      const { bound, member } = projection.condition(logs, new Float64Array(40).fill(0.05), 0.05, true)!;
      routines.arena.release(mark);
      expect(bound).toBeGreaterThan(before);
      expect(bound).toBeLessThan(-nll + 1e-5);
      before = bound;
      if (count < 40) continue;
      const state: GaussianProcessState = {
        kind: 'process',
        kernel,
        logs,
        features: takeMatrixRows(rows.features, points),
        z: new Float64Array(0),
        sources: null,
        members: [member],
      };
      const sparse = predictLatent(routines, state, at);
      // The jitter over the points, 1e-8, is the whole difference.
      sparse.mean.forEach((mean, i) => expect(Math.abs(mean - exact.mean[i]!)).toBeLessThan(1e-5));
      sparse.variance.forEach((v, i) => expect(Math.abs(v - exact.variance[i]!)).toBeLessThan(1e-5));
    }
    expect(Math.abs(before + nll)).toBeLessThan(1e-3);
  });

  test('a fit ends at a stationary point that no other start beats by much', () => {
    const rows = sample(40, 3, 15);
    const kernel = ownLengthscales(3, 'matern52', columnMeans(rows.features));
    const space = hyperparameterSpace(kernel, 'gamma', null);
    const options = { hasMean: true, jitter: 0, start: null, maxIterations: 200 };
    const fit = fitHyperparameters(routines, space, rows, createGenerator(1), options)!;
    expect(fit.result.reason === 'gradientSmall' || fit.result.reason === 'valueConverged').toBe(true);
    expect(fit.result.gradientNorm).toBeLessThan(1e-2);
    const again = fitHyperparameters(routines, space, rows, createGenerator(1), options)!;
    expect([...again.logs]).toEqual([...fit.logs]);
    const generator = createGenerator(2);
    for (let k = 0; k < 5; k++) {
      const start = drawFromPrior(space, generator);
      const other = fitHyperparameters(routines, space, rows, generator, { ...options, start })!;
      expect(other.value).toBeGreaterThan(fit.value - 0.01);
    }
    expect(evaluate(routines, kernel, rows, fit.logs, { priors: space.priors }).value).toBeCloseTo(
      fit.value,
      9,
    );
  });

  test('rows almost alike and columns in plenty are fitted without a word', () => {
    const base = randomFeatures(10, 100, 16);
    const X = takeMatrixRows(
      base,
      Int32Array.from({ length: 40 }, (_, i) => i % 10),
    );
    const generator = createGenerator(17);
    for (let j = 0; j < 100; j++)
      columnOf(X, j).forEach((_, i, column) => (column[i]! += 1e-9 * generator.normal()));
    const z = columnOf(X, 0).map((x) => 3 * x + 0.01 * generator.normal());
    const kernel = ownLengthscales(100, 'matern52', columnMeans(X));
    const space = hyperparameterSpace(kernel, 'gamma', null);
    const fit = fitHyperparameters(routines, space, singleRows(X, z), createGenerator(18), {
      hasMean: true,
      jitter: 0,
      start: null,
      maxIterations: 50,
    })!;
    expect(Number.isFinite(fit.value)).toBe(true);
    const noise = Math.exp(fit.logs.at(-1)!);
    const state = stateOf(routines, singleRows(X, z), kernel, fit.logs.slice(0, -1), noise);
    const { mean, variance } = predictLatent(routines, state, X);
    mean.forEach((value, i) => expect(Math.abs(value - z[i]!)).toBeLessThan(0.2));
    variance.forEach((value) => expect(value).toBeGreaterThanOrEqual(0));
  });
});

function inducingState(
  routines: Routines,
  rows: TrainingRows,
  kernel: Kernel,
  logs: Float64Array,
  points: Int32Array,
): GaussianProcessState {
  const mark = routines.arena.mark();
  const projection = InducingProjection.prepare(routines, kernel, logs, rows, points)!;
  const noise = new Float64Array(rows.z.length).fill(0.05);
  const member: ProcessMember = projection.condition(logs, noise, 0.05, true)!.member;
  routines.arena.release(mark);
  return {
    kind: 'process',
    kernel,
    logs,
    features: projection.points,
    z: new Float64Array(0),
    sources: null,
    members: [member],
  };
}

test('the mode of a prior is its mode, and its draws have its mean', () => {
  const kernel = ownLengthscales(5, 'matern52', new Float64Array(5));
  const gamma = hyperparameterSpace(kernel, 'gamma', null);
  const logNormal = hyperparameterSpace(kernel, 'logNormal', null);
  // Both priors have the mode 0.205 sqrt d.
  expect(Math.exp(priorMode(gamma)[0]!)).toBeCloseTo(0.205 * Math.sqrt(5), 3);
  expect(Math.exp(priorMode(logNormal)[0]!)).toBeCloseTo(0.205 * Math.sqrt(5), 3);
  expect(Math.exp(priorMode(gamma).at(-1)!)).toBeCloseTo(Math.exp(-5), 6);
  const generator = createGenerator('prior');
  let sum = 0;
  for (let k = 0; k < 20_000; k++) sum += Math.exp(drawFromPrior(gamma, generator)[0]!);
  expect(sum / 20_000 / ((3 * Math.sqrt(5)) / 9.76)).toBeCloseTo(1, 1);
});

test('draws around a mode have the covariance of the inverse Hessian', () => {
  // f = x'Hx / 2 with H = [4, 1; 1, 2], mode 0; inverse [2, -1; -1, 4] / 7.
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    gradient[0] = 4 * x[0]! + x[1]!;
    gradient[1] = x[0]! + 2 * x[1]!;
    return 0.5 * (x[0]! * gradient[0] + x[1]! * gradient[1]);
  };
  const wide = new Float64Array(2).fill(50);
  const draws = drawHyperparameters(
    objective,
    new Float64Array(2),
    wide.map((v) => -v),
    wide,
    20_000,
    createGenerator('draws'),
  );
  const moment = (a: number, b: number): number =>
    draws.reduce((sum, draw) => sum + draw[a]! * draw[b]!, 0) / draws.length;
  expect(moment(0, 0)).toBeCloseTo(2 / 7, 1);
  expect(moment(0, 1)).toBeCloseTo(-1 / 7, 1);
  expect(moment(1, 1)).toBeCloseTo(4 / 7, 1);
  expect(draws.reduce((sum, draw) => sum + draw[0]!, 0)).toBeCloseTo(0, 8);
});

test('a flat or bent direction is drawn from no wider than the widest prior', () => {
  const objective = (x: Float64Array, gradient: Float64Array): number => {
    gradient[0] = -x[0]!;
    return -0.5 * x[0]! ** 2;
  };
  const draws = drawHyperparameters(
    objective,
    new Float64Array(1),
    Float64Array.of(-1),
    Float64Array.of(1),
    1000,
    createGenerator('bent'),
  );
  for (const [value] of draws) expect(Math.abs(value!)).toBeLessThanOrEqual(1);
});

test('farthest points cover a square from its middle outwards', () => {
  const X = matrixFromRows([
    [0, 0],
    [0.5, 0.5],
    [1, 1],
    [0.52, 0.5],
    [0, 1],
    [1, 0],
  ]);
  expect([...chooseFarthestPoints(X, 5)]).toEqual([0, 1, 2, 4, 5]);
  expect([...chooseFarthestPoints(X, 6)]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...chooseFarthestPoints(X, 9)]).toEqual([0, 1, 2, 3, 4, 5]);
});

test('replicates are grouped in an order that does not depend on that of the table', () => {
  const X = matrixFromRows([[1], [0], [1], [2], [0]]);
  const { representatives, members, groupOf } = groupReplicates(X, Float64Array.of(5, 4, 3, 2, 1));
  expect([...representatives]).toEqual([4, 2, 3]);
  expect(members.map((rows) => [...rows])).toEqual([[4, 1], [2, 0], [3]]);
  expect([...groupOf]).toEqual([1, 0, 1, 2, 0]);
});
