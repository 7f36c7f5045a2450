import { readFileSync } from 'node:fs';
import { createRoutines, supportedBuilds } from '@athanor/wasm';
import { describe, expect, test } from 'vitest';
import { decodePlainData } from '../../artifact/decodePlainData.ts';
import { encodePlainData } from '../../artifact/encodePlainData.ts';
import { inputsOf, numericInput } from '../../conformance/sampleTable.ts';
import { evaluateKernel } from '../../kernels/evaluateKernel.ts';
import { readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import { columnOf, createMatrix, matrixFromRows, type Matrix } from '../../linalg/matrix.ts';
import { routines as sharedRoutines } from '../../linalg/routines.ts';
import { momentsOf } from '../../posteriors/operations.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { fitTargetWarp } from '../../transforms/targetWarp.ts';
import { gaussianProcessModel } from '../gaussianProcess.ts';
import type { PlainData } from '../../plainData.ts';
import type { FitData } from '../model.ts';
import { CompanionPosterior } from './companionPosterior.ts';
import { companionRows, type CompanionRows } from './companionRows.ts';
import { companionSpace, readCompanionParameters } from './companionSpace.ts';
import { conditionOnCompanions } from './fitCompanions.ts';
import { jointPosterior } from './jointPosterior.ts';
import { LeaveOut } from './leaveOut.ts';
import { posteriorGradient } from './posteriorGradient.ts';
import { predictLatent } from './predictLatent.ts';
import { priorRules } from './prior.ts';
import { relativeRows } from './relativeRows.ts';
import { samplePaths } from './samplePaths.ts';
import { singleRows } from './trainingRows.ts';

const d = 2;
const kernel: Kernel = {
  form: 'matern52',
  lengthscaleOf: Int32Array.of(0, 1),
  lengthscaleCount: 2,
  hasOutputScale: true,
  fixed: [{ kind: 'linear', centre: Float64Array.of(0.5, 0.4) }],
};
const signs = [1, 1, -1];
const logs = Float64Array.from([0.6, 0.9, 0.8, 0.3, 0.05, 0.9, 0.4, 0.1, 1.3, 1.5, 0.07], Math.log);
const jitter = 1e-8;

/** A target in 9 rows, a companion in 12 of which 9 are those, another in 7; some rows repeated. */
function sampleRows(): CompanionRows {
  const generator = createGenerator('companions');
  const points = Array.from({ length: 15 }, () => [generator.uniform(), generator.uniform()] as const);
  const of = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 8],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 3],
    [0, 2, 3, 5, 6, 13, 14],
  ];
  const all = of.flat();
  const X = createMatrix(all.length, d);
  for (let j = 0; j < d; j++) all.forEach((point, i) => (columnOf(X, j)[i] = points[point]![j]!));
  const value = (point: number): number => Math.sin(4 * points[point]![0]) + points[point]![1];
  const measured = (source: number): Float64Array =>
    Float64Array.from(of[source]!, (point) => signs[source]! * value(point) + 0.2 * generator.normal());
  const [y, first, second] = [measured(0), measured(1), measured(2)];
  const groups = (source: number): Int32Array => Int32Array.from(of[source]!);
  return companionRows(
    X,
    {
      y,
      groups: groups(0),
      companions: {
        inputs: inputsOf(all.length),
        targets: [
          { key: 'first', y: first, groups: groups(1) },
          { key: 'second', y: second, groups: groups(2) },
        ],
      },
    },
    fitTargetWarp({ kind: 'identity' }, y),
  )!;
}

const data = sampleRows();
const space = companionSpace(kernel, 'gamma', data);
const rowAt = (X: Matrix, i: number): Float64Array =>
  Float64Array.from({ length: d }, (_, j) => columnOf(X, j)[i]!);

/** Covariance of the rows as they were measured, plus noise, from the definition, dense [m, m]. */
function denseCovariance(hasNoise: boolean): Float64Array {
  const { rows, sourceOf } = data;
  const parameters = readKernelParameters(kernel, logs);
  const { factors, ownScales, noiseVariances } = readCompanionParameters(kernel, logs, signs);
  const m = rows.z.length;
  return Float64Array.from({ length: m * m }, (_, k) => {
    const [i, j] = [Math.floor(k / m), k % m];
    const [s, t] = [sourceOf[i]!, sourceOf[j]!];
    const own = s === t && s > 0 ? ownScales[s - 1]! : 0;
    const shared = evaluateKernel(kernel, parameters, rowAt(rows.features, i), rowAt(rows.features, j));
    const noise = hasNoise && i === j ? noiseVariances[s]! / rows.counts[i]! + jitter * factors[s]! ** 2 : 0;
    return factors[s]! * factors[t]! * (1 + own) * shared + noise;
  });
}

/** Solves a small dense system by Gaussian elimination: an oracle that shares no code. */
function solveDense(A: Float64Array, b: Float64Array): { solution: Float64Array; logDeterminant: number } {
  const n = b.length;
  const M = A.slice();
  const x = b.slice();
  let logDeterminant = 0;
  for (let p = 0; p < n; p++) {
    logDeterminant += Math.log(M[p * n + p]!);
    for (let i = p + 1; i < n; i++) {
      const f = M[i * n + p]! / M[p * n + p]!;
      for (let j = p; j < n; j++) M[i * n + j]! -= f * M[p * n + j]!;
      x[i]! -= f * x[p]!;
    }
  }
  for (let p = n - 1; p >= 0; p--) {
    for (let j = p + 1; j < n; j++) x[p]! -= M[p * n + j]! * x[j]!;
    x[p]! /= M[p * n + p]!;
  }
  return { solution: x, logDeterminant };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/** Means of the sources by generalised least squares, and Ky^-1 (z - means), on the scale of the measurements. */
function solveByDefinition(z: Float64Array, A: Float64Array, sourceOf: Int32Array) {
  const count = signs.length;
  const H = signs.map((_, t) => Float64Array.from(sourceOf, (s) => (s === t ? 1 : 0)));
  const solvedH = H.map((h) => solveDense(A, h).solution);
  const solvedZ = solveDense(A, z).solution;
  const normal = Float64Array.from({ length: count * count }, (_, k) =>
    dot(H[Math.floor(k / count)]!, solvedH[k % count]!),
  );
  const means = solveDense(
    normal,
    Float64Array.from(H, (h) => dot(h, solvedZ)),
  ).solution;
  const alpha = solvedZ.map((v, i) => v - means.reduce((sum, mean, t) => sum + mean * solvedH[t]![i]!, 0));
  return { means, alpha };
}

describe.each(supportedBuilds())('a target with companions (%s)', (build) => {
  const routines = createRoutines({ build });

  test('has the likelihood of its definition', () => {
    const { rows, sourceOf, replicates } = data;
    const A = denseCovariance(true);
    const { means, alpha } = solveByDefinition(rows.z, A, sourceOf);
    const residual = rows.z.map((z, i) => z - means[sourceOf[i]!]!);
    const { logDeterminant } = solveDense(A, rows.z);
    let expected = 0.5 * (dot(residual, alpha) + logDeterminant + rows.z.length * Math.log(2 * Math.PI));
    const { noiseVariances } = readCompanionParameters(kernel, logs, signs);
    replicates.forEach(({ spare, scatter, logCounts }, t) => {
      const noise = noiseVariances[t]!;
      expected += 0.5 * (spare * Math.log(2 * Math.PI * noise) + scatter / noise + logCounts);
    });
    space.priors.forEach((prior, i) => (expected -= priorRules(prior).logDensity(prior, logs[i]!)));
    const mark = routines.arena.mark();
    const posterior = new CompanionPosterior(routines, data, space, jitter);
    expect(posterior.evaluate(logs, new Float64Array(logs.length))).toBeCloseTo(expected, 9);
    routines.arena.release(mark);
  });

  test('has the gradient of finite differences', () => {
    const mark = routines.arena.mark();
    const posterior = new CompanionPosterior(routines, data, space, jitter);
    const gradient = new Float64Array(logs.length);
    posterior.evaluate(logs, gradient);
    const given = gradient.slice();
    given.forEach((slope, i) => {
      const at = (step: number): number => posterior.evaluate(logs.with(i, logs[i]! + step), gradient);
      const measured = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(slope - measured) / (1 + Math.abs(measured))).toBeLessThan(1e-6);
    });
    routines.arena.release(mark);
  });

  test('is predicted as its definition says, with the right joint covariance and gradients', () => {
    const fit = { data, space, logs, leftOutCrps: 0 };
    const state = conditionOnCompanions(routines, fit, 0, createGenerator(1))!;
    const at = createMatrix(3, d);
    [0.1, 0.5, 1.3, 0.7, 0.2, 0.9].forEach((x, k) => (columnOf(at, k % 2)[k >> 1] = x));
    const { mean, variance } = predictLatent(routines, state, at);
    const { rows, sourceOf } = data;
    const A = denseCovariance(true);
    const { means, alpha } = solveByDefinition(rows.z, A, sourceOf);
    const parameters = readKernelParameters(kernel, logs);
    const { factors } = readCompanionParameters(kernel, logs, signs);
    for (let q = 0; q < 3; q++) {
      const x = rowAt(at, q);
      const cross = Float64Array.from(
        sourceOf,
        (s, i) => factors[s]! * evaluateKernel(kernel, parameters, x, rowAt(rows.features, i)),
      );
      expect(mean[q]!).toBeCloseTo(means[0]! + dot(cross, alpha), 9);
      const prior = evaluateKernel(kernel, parameters, x, x);
      expect(variance[q]!).toBeCloseTo(prior - dot(cross, solveDense(A, cross).solution), 9);
      const slope = posteriorGradient(routines, state, x);
      expect(slope.mean).toBeCloseTo(mean[q]!, 9);
      expect(slope.variance).toBeCloseTo(variance[q]!, 9);
    }
    const joint = jointPosterior(routines, state, at);
    for (let q = 0; q < 3; q++) expect(joint.covariance[q * 4]!).toBeCloseTo(variance[q]!, 9);
  });

  test('has paths that scatter as it says', () => {
    const state = conditionOnCompanions(
      routines,
      { data, space, logs, leftOutCrps: 0 },
      0,
      createGenerator(1),
    )!;
    const at = createMatrix(2, d);
    [0.1, 0.5, 1.3, 0.7].forEach((x, k) => (columnOf(at, k % 2)[k >> 1] = x));
    const { mean, variance } = predictLatent(routines, state, at);
    const generator = createGenerator('paths');
    const drawn = samplePaths(routines, state, 80, generator).map((path) => path(at));
    for (let q = 0; q < 2; q++) {
      const values = drawn.map((one) => one[q]!);
      const average = values.reduce((sum, v) => sum + v / values.length, 0);
      const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2 / values.length, 0));
      const sd = Math.sqrt(variance[q]!);
      expect(Math.abs(average - mean[q]!)).toBeLessThan((5 * sd) / Math.sqrt(values.length));
      expect(Math.abs(spread / sd - 1)).toBeLessThan(5 / Math.sqrt(values.length));
    }
  });

  test('is left out group by group as if the other rows alone were known', () => {
    const { rows, sources, sourceOf, groups } = data;
    const parameters = readCompanionParameters(kernel, logs, signs);
    const { z, noise } = relativeRows(data, parameters, jitter);
    const { ownScales } = parameters;
    const leaveOut = LeaveOut.prepare(routines, kernel, logs, rows, noise, true, sources, ownScales)!;
    const { mean } = leaveOut.groups(z, groups);
    const A = denseCovariance(true);
    const m = rows.z.length;
    for (const group of [0, 3, 8]) {
      const kept = Int32Array.from(groups.keys()).filter((i) => groups[i] !== group);
      const part = Float64Array.from(
        { length: kept.length ** 2 },
        (_, k) => A[kept[Math.floor(k / kept.length)]! * m + kept[k % kept.length]!]!,
      );
      const own = Int32Array.from(kept, (i) => sourceOf[i]!);
      const { means, alpha } = solveByDefinition(
        Float64Array.from(kept, (i) => rows.z[i]!),
        part,
        own,
      );
      const row = groups.indexOf(group);
      const cross = Float64Array.from(kept, (i) => A[row * m + i]!);
      expect(mean[row]!).toBeCloseTo(means[0]! + dot(cross, alpha), 8);
    }
  });
});

/** A target measured in the first `n` of 60 rows, and another in all of them that is `likeness` of it. */
function gappedTarget(n: number, likeness: number): { data: FitData; test: FitData } {
  const generator = createGenerator(`gaps ${likeness}`);
  const count = 60;
  const draw = (): Float64Array => Float64Array.from({ length: count }, () => generator.uniform());
  const [a, b] = [draw(), draw()];
  const truth = a.map((x, i) => Math.sin(7 * x) + Math.cos(6 * b[i]!));
  const other = truth.map(
    (v, i) =>
      100 - 8 * (likeness * v + (1 - likeness) * Math.sin(20 * b[i]! + 3 * a[i]!)) + 0.4 * generator.normal(),
  );
  const part = (from: number, to: number) =>
    inputsOf(to - from, numericInput('a', a.slice(from, to)), numericInput('b', b.slice(from, to)));
  const order = [...Array(n).keys(), ...Array(count).keys()];
  const y = truth.map((v) => v + 0.05 * generator.normal());
  return {
    data: {
      inputs: part(0, n),
      y: y.slice(0, n),
      groups: Int32Array.from({ length: n }, (_, i) => i),
      companions: {
        inputs: inputsOf(
          n + count,
          numericInput(
            'a',
            order.map((i) => a[i]!),
          ),
          numericInput(
            'b',
            order.map((i) => b[i]!),
          ),
        ),
        targets: [{ key: 'other', y: other, groups: Int32Array.from({ length: count }, (_, i) => i) }],
      },
    },
    test: { inputs: part(n, count), y: truth.slice(n), groups: new Int32Array(count - n) },
  };
}

const learn = (given: FitData, spec = gaussianProcessModel.defaultSpec) =>
  gaussianProcessModel.fit(given, spec, createGenerator(3));
const errorOf = (fitted: ReturnType<typeof learn>['fitted'], { inputs, y }: FitData): number => {
  const { mean } = momentsOf(gaussianProcessModel.predict(fitted, inputs));
  return Math.sqrt(mean.reduce((sum, v, i) => sum + (v - y[i]!) ** 2 / y.length, 0));
};

describe('the model', () => {
  const { data: given, test: rest } = gappedTarget(18, 0.95);
  const { fitted, warnings } = learn(given);

  test('learns from a companion that goes along with its target, and says so', () => {
    expect(warnings.map(({ code }) => code)).toEqual(['companions_used']);
    expect(fitted.companions.map(({ key }) => key)).toEqual(['other']);
    expect(fitted.companions[0]!.factor).toBeLessThan(0);
    const alone = learn(given, { ...gaussianProcessModel.defaultSpec, companions: 'none' }).fitted;
    expect(errorOf(fitted, rest)).toBeLessThan(0.7 * errorOf(alone, rest));
    expect(fitted.rowOf).toHaveLength(18);
  });

  test('leaves a companion alone that says nothing', () => {
    const { data: useless } = gappedTarget(18, 0);
    const { fitted: plain, warnings: none } = learn(useless);
    expect(none).toEqual([]);
    const { companions: _, ...without } = useless;
    expect(encodePlainData(plain as unknown as PlainData)).toEqual(
      encodePlainData(learn(without).fitted as unknown as PlainData),
    );
    const warm = gaussianProcessModel.warmStart!(gaussianProcessModel.defaultSpec, plain);
    expect(warm.companions).toBe('none');
  });

  test('is stored and read bit by bit, and starts again from what it found', () => {
    const read = gaussianProcessModel.check(decodePlainData(encodePlainData(fitted as unknown as PlainData)));
    expect(gaussianProcessModel.predict(read, rest.inputs)).toEqual(
      gaussianProcessModel.predict(fitted, rest.inputs),
    );
    const warm = gaussianProcessModel.warmStart!(gaussianProcessModel.defaultSpec, fitted);
    gaussianProcessModel.checkSpec!(warm, []);
    const again = learn(given, warm).fitted;
    expect(again.companions).toHaveLength(1);
    expect(errorOf(again, rest)).toBeLessThan(1.2 * errorOf(fitted, rest) + 0.02);
    const draws = gaussianProcessModel.drawJointly!(fitted, rest.inputs, 4, createGenerator(1));
    expect(draws.every((draw) => draw.every(Number.isFinite))).toBe(true);
    expect(sharedRoutines().arena.top).toBe(sharedRoutines().arena.base);
  });
});

interface Golden {
  readonly counts: readonly number[];
  readonly factors: readonly number[];
  readonly own: readonly number[];
  readonly noise: readonly number[];
  readonly lengthscales: readonly number[];
  readonly outputScale: number;
  readonly X: readonly number[][];
  readonly z: readonly number[];
  readonly at: readonly number[][];
  readonly nll: number;
  readonly mean: readonly number[];
  readonly modelSd: readonly number[];
}

test.each(supportedBuilds())('a target with companions has the values of GPyTorch (%s)', (build) => {
  const golden = JSON.parse(
    readFileSync(new URL('../../../../../fixtures/companions/golden.json', import.meta.url), 'utf8'),
  ) as Golden;
  const routines = createRoutines({ build });
  const [targetRows, ...companionCounts] = golden.counts;
  const matern: Kernel = {
    form: 'matern52',
    lengthscaleOf: Int32Array.of(0, 1, 2),
    lengthscaleCount: 3,
    hasOutputScale: true,
    fixed: [],
  };
  const rows = singleRows(matrixFromRows(golden.X), Float64Array.from(golden.z));
  const given: CompanionRows = {
    rows,
    sources: { targetRows: targetRows!, companionRows: Int32Array.from(companionCounts) },
    sourceOf: Int32Array.from(golden.counts.flatMap((count, t) => Array<number>(count).fill(t))),
    signs: golden.factors.map(Math.sign),
    replicates: golden.counts.map(() => ({ spare: 0, scatter: 0, logCounts: 0 })),
    noisePriors: golden.counts.map(() => null),
    groups: new Int32Array(rows.z.length),
    members: [],
    rowOf: new Int32Array(targetRows!),
  };
  const companionLogs = [1, 2].flatMap((t) => [
    Math.abs(golden.factors[t]!),
    golden.own[t]!,
    golden.noise[t]!,
  ]);
  const at = Float64Array.from(
    [...golden.lengthscales, golden.outputScale, golden.noise[0]!, ...companionLogs],
    Math.log,
  );
  const flat = { ...companionSpace(matern, 'gamma', given), priors: [] };
  const mark = routines.arena.mark();
  const posterior = new CompanionPosterior(routines, given, flat, 0);
  expect(posterior.evaluate(at, new Float64Array(at.length))).toBeCloseTo(golden.nll, 8);
  routines.arena.release(mark);
  const fit = { data: given, space: flat, logs: at, leftOutCrps: 0 };
  const state = conditionOnCompanions(routines, fit, 0, createGenerator(1))!;
  const { mean, variance } = predictLatent(routines, state, matrixFromRows(golden.at));
  // Ours has a jitter of 1e-8.
  golden.mean.forEach((value, q) => expect(Math.abs(mean[q]! - value)).toBeLessThan(1e-6));
  golden.modelSd.forEach((sd, q) => expect(Math.abs(Math.sqrt(variance[q]!) - sd)).toBeLessThan(1e-6));
});
