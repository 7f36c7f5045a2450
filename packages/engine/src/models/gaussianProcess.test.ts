import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forceRoutineBuild, routines } from '../linalg/routines.ts';
import { momentsOf, quantilesOf, zScoresOf } from '../posteriors/operations.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { modelConformance } from '../conformance/modelConformance.ts';
import { gaussianProcessModel } from './gaussianProcess.ts';
import { leaveGroupsOut } from './gaussianProcess/leaveGroupsOut.ts';
import type { GaussianProcessSpec } from './gaussianProcess/gaussianProcessSpec.ts';
import { takeInputRows, type InputColumn, type Inputs } from './inputs.ts';
import type { FitData } from './model.ts';
import type { RegisteredModel } from './registry.ts';

function numeric(key: string, values: ArrayLike<number>): InputColumn {
  return {
    column: { kind: 'numeric', key, values: Float64Array.from(values) },
    bounds: null,
    isAmount: false,
  };
}

function uniform(n: number, seed: number | string): Float64Array {
  const generator = createGenerator(seed);
  return Float64Array.from({ length: n }, () => generator.uniform());
}

function tableOf(n: number, seed: number, target: (a: number, b: number, noise: number) => number): FitData {
  const generator = createGenerator(`noise ${seed}`);
  const a = uniform(n, `a ${seed}`);
  const b = uniform(n, `b ${seed}`);
  return {
    inputs: { rowCount: n, columns: [numeric('a', a), numeric('b', b)] },
    y: a.map((x, i) => target(x, b[i]!, generator.normal())),
    groups: Int32Array.from({ length: n }, (_, i) => i),
  };
}

const smooth = (a: number, b: number, noise: number): number => Math.sin(5 * a) + b + 0.05 * noise;

function fit(data: FitData, spec: Partial<GaussianProcessSpec> = {}, seed = 1) {
  return gaussianProcessModel.fit(
    data,
    { ...gaussianProcessModel.defaultSpec, ...spec },
    createGenerator(seed),
  );
}

function rmseOf(fitted: ReturnType<typeof fit>['fitted'], test: FitData): number {
  const { mean } = momentsOf(gaussianProcessModel.predict(fitted, test.inputs));
  return Math.sqrt(mean.reduce((sum, m, i) => sum + (m - test.y[i]!) ** 2, 0) / mean.length);
}

describe('on the simd build', () => {
  beforeAll(() => forceRoutineBuild('simd'));
  afterAll(() => forceRoutineBuild(null));
  test.each(modelConformance.map((check) => [check.demand, check] as const))('it %s', (_, check) => {
    expect(routines().build).toBe('simd');
    check.run(gaussianProcessModel as unknown as RegisteredModel);
  });
});

test('a smooth function is learnt to its noise, with honest intervals', () => {
  const test = tableOf(400, 2, smooth);
  const { fitted, warnings } = fit(tableOf(60, 1, smooth));
  expect(warnings).toEqual([]);
  expect(rmseOf(fitted, test)).toBeLessThan(0.09);
  const posterior = gaussianProcessModel.predict(fitted, test.inputs);
  const z = zScoresOf(posterior, test.y);
  const covered = z.filter((value) => Math.abs(value) < 1.96).length / z.length;
  expect(covered).toBeGreaterThan(0.88);
  const { modelSd, measurementSd } = momentsOf(posterior);
  expect(modelSd.every((sd, i) => sd < measurementSd[i]!)).toBe(true);
});

test('the same rows in another order give the same bytes', () => {
  const data = tableOf(30, 3, smooth);
  const order = createGenerator(4).shuffle(Int32Array.from({ length: 30 }, (_, i) => i));
  const shuffled: FitData = {
    inputs: takeInputRows(data.inputs, order),
    y: Float64Array.from(order, (i) => data.y[i]!),
    groups: data.groups,
  };
  expect(fit(shuffled).fitted.state).toEqual(fit(data).fitted.state);
});

test('a target over orders of magnitude is taken on a logarithmic scale and stays positive', () => {
  const skewed = (a: number, b: number, noise: number): number => Math.exp(4 * a + 2 * b + 0.2 * noise);
  const { fitted } = fit(tableOf(60, 5, skewed));
  expect(['log', 'yeoJohnson']).toContain(fitted.warp.shape.kind);
  const test = tableOf(200, 6, skewed);
  const plain = fit(tableOf(60, 5, skewed), { warp: 'identity' }).fitted;
  expect(rmseOf(fitted, test)).toBeLessThan(rmseOf(plain, test));
  const onLog = fit(tableOf(60, 5, skewed), { warp: 'log' }).fitted;
  const low = quantilesOf(gaussianProcessModel.predict(onLog, test.inputs), 0.001);
  expect(low.every((value) => value > 0)).toBe(true);
});

test.each([1, 6, 30])('a forced Yeo-Johnson transform bears a target over %i powers of e', (powers) => {
  const steep = (a: number, b: number, noise: number): number =>
    Math.exp(powers * (a + 0.2 * b) + 0.1 * noise);
  const data = tableOf(40, 21, steep);
  const { fitted, warnings } = fit(data, { warp: 'yeoJohnson' });
  expect(warnings).toEqual([]);
  expect(fitted.warp.shape.kind).toBe('yeoJohnson');
  const far: Inputs = { rowCount: 3, columns: [numeric('a', [-9, 0.5, 9]), numeric('b', [0, 0.5, 1])] };
  for (const inputs of [data.inputs, far]) {
    const posterior = gaussianProcessModel.predict(fitted, inputs);
    const { mean, measurementSd } = momentsOf(posterior);
    const largest = Math.max(...data.y);
    mean.forEach((value) => expect(Math.abs(value)).toBeLessThan(2 * largest));
    measurementSd.forEach((sd) => expect(sd > 0 && sd < 2 * largest).toBe(true));
    for (const level of [0.01, 0.99]) expect(quantilesOf(posterior, level).every(Number.isFinite)).toBe(true);
  }
});

test('a target as it should be is left as it is', () => {
  expect(fit(tableOf(80, 7, smooth)).fitted.warp.shape.kind).toBe('identity');
});

test('a share of declared bounds may be taken through the logit and never leaves them', () => {
  const share = (a: number, b: number, noise: number): number =>
    100 / (1 + Math.exp(-(10 * a + 4 * b - 7 + 0.3 * noise)));
  const data = tableOf(60, 8, share);
  const targetBounds = { lower: 0, upper: 100 };
  const { fitted } = fit(data, { warp: 'logit', targetBounds });
  const posterior = gaussianProcessModel.predict(fitted, tableOf(200, 9, share).inputs);
  for (const level of [0.001, 0.999]) {
    for (const value of quantilesOf(posterior, level)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
    }
  }
  const refuse = () =>
    gaussianProcessModel.checkSpec!({ ...gaussianProcessModel.defaultSpec, warp: 'logit' }, []);
  expect(refuse).toThrow('targetBounds must be given for the logit');
});

test('a warp whose domain does not hold the targets is refused', () => {
  const data = tableOf(20, 20, (a) => a - 0.5);
  expect(() => fit(data, { warp: 'log' })).toThrow('warp log needs targets above zero');
  const targetBounds = { lower: 0, upper: 1 };
  expect(() => fit(data, { warp: 'logit', targetBounds })).toThrow('within targetBounds');
});

test('known noise is believed: exact rows are met, vague ones are smoothed over', () => {
  const n = 40;
  const data = tableOf(n, 10, (a) => Math.sin(5 * a));
  const generator = createGenerator('errors');
  const sd = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.001 : 1));
  const noisy: FitData = {
    ...data,
    y: data.y.map((value, i) => value + sd[i]! * generator.normal()),
    inputs: { ...data.inputs, columns: [...data.inputs.columns, numeric('sd', sd)] },
  };
  const { fitted } = fit(noisy, { noiseColumn: 'sd', warp: 'identity' });
  const { mean, measurementSd } = momentsOf(gaussianProcessModel.predict(fitted, noisy.inputs));
  for (let i = 0; i < n; i++) {
    if (i % 2 === 0) expect(Math.abs(mean[i]! - noisy.y[i]!)).toBeLessThan(0.02);
    else expect(measurementSd[i]!).toBeGreaterThan(0.99);
  }
  const truth = data.y;
  const error = Math.sqrt(mean.reduce((sum, m, i) => sum + (m - truth[i]!) ** 2, 0) / n);
  expect(error).toBeLessThan(0.2);
  // Without the column a new measurement has the usual noise.
  const without = momentsOf(gaussianProcessModel.predict(fitted, data.inputs));
  expect(without.measurementSd.every((value) => value > 0)).toBe(true);
  expect(() => fit(noisy, { noiseColumn: 'gone' })).toThrow('there is no input gone');
  const broken = {
    ...noisy,
    inputs: {
      ...noisy.inputs,
      columns: [
        numeric(
          'sd',
          sd.map((v) => v - 0.5),
        ),
      ],
    },
  };
  expect(() => fit(broken, { noiseColumn: 'sd' })).toThrow('must be a standard deviation');
});

test('replicates settle the noise', () => {
  const base = tableOf(12, 11, (a) => 3 * a);
  const order = Int32Array.from({ length: 48 }, (_, i) => i % 12);
  const generator = createGenerator('pure error');
  const data: FitData = {
    inputs: takeInputRows(base.inputs, order),
    y: Float64Array.from(order, (i) => base.y[i]! + 0.3 * generator.normal()),
    groups: order,
  };
  const { fitted } = fit(data, { warp: 'identity' });
  const { modelSd, measurementSd } = momentsOf(gaussianProcessModel.predict(fitted, base.inputs));
  measurementSd.forEach((sd, i) => {
    const noise = Math.sqrt(sd ** 2 - modelSd[i]! ** 2);
    expect(noise).toBeGreaterThan(0.2);
    expect(noise).toBeLessThan(0.4);
    expect(modelSd[i]!).toBeLessThan(0.25);
  });
});

test('far outside the data the mean stays and the uncertainty grows', () => {
  const { fitted } = fit(tableOf(40, 12, (a, b, noise) => 5 * a + b + 0.1 * noise));
  const line: Inputs = {
    rowCount: 4,
    columns: [numeric('a', [1, 1.2, 3, 9]), numeric('b', [0.5, 0.5, 0.5, 0.5])],
  };
  const { mean, modelSd } = momentsOf(gaussianProcessModel.predict(fitted, line));
  expect(mean[3]!).toBeCloseTo(mean[2]!, 10);
  expect(mean[2]! - mean[0]!).toBeLessThan(1.5);
  expect(modelSd[3]!).toBeGreaterThan(modelSd[2]!);
  expect(modelSd[2]!).toBeGreaterThan(2 * modelSd[0]!);
});

test('a fold starts from the fit on all rows and comes out near it', () => {
  const data = tableOf(80, 13, smooth);
  const { fitted } = fit(data);
  const warm = gaussianProcessModel.warmStart!(gaussianProcessModel.defaultSpec, fitted);
  const rows = Int32Array.from({ length: 64 }, (_, i) => i);
  const fold: FitData = {
    inputs: takeInputRows(data.inputs, rows),
    y: data.y.slice(0, 64),
    groups: data.groups.slice(0, 64),
  };
  const test = tableOf(200, 14, smooth);
  const warmFold = gaussianProcessModel.fit(fold, warm, createGenerator(1)).fitted;
  expect(Math.abs(rmseOf(warmFold, test) - rmseOf(fit(fold).fitted, test))).toBeLessThan(0.01);
  gaussianProcessModel.checkSpec!(warm, []);
});

test('leaving groups out in closed form is near to refitting without them', () => {
  const data = tableOf(50, 15, smooth);
  const groups = Int32Array.from({ length: 50 }, (_, i) => i % 5);
  const { fitted } = fit(data, { warp: 'identity' });
  const preview = momentsOf(leaveGroupsOut(routines(), fitted, groups)!);
  const error = (mean: Float64Array): number =>
    Math.sqrt(mean.reduce((sum, m, i) => sum + (m - data.y[i]!) ** 2, 0) / 50);
  const refitted = new Float64Array(50);
  for (let group = 0; group < 5; group++) {
    const inside = Int32Array.from(groups.keys()).filter((i) => groups[i] === group);
    const outside = Int32Array.from(groups.keys()).filter((i) => groups[i] !== group);
    const { fitted: without } = fit(
      {
        inputs: takeInputRows(data.inputs, outside),
        y: Float64Array.from(outside, (i) => data.y[i]!),
        groups: outside,
      },
      { warp: 'identity' },
    );
    const { mean } = momentsOf(gaussianProcessModel.predict(without, takeInputRows(data.inputs, inside)));
    inside.forEach((row, k) => (refitted[row] = mean[k]!));
  }
  expect(error(preview.mean) / error(refitted)).toBeGreaterThan(0.6);
  expect(error(preview.mean) / error(refitted)).toBeLessThan(1.3);
  expect(() => leaveGroupsOut(routines(), fitted, new Int32Array(50))).toThrow('at least two');
});

test.each([
  ['a subset for the likelihood and all rows for the posterior', { likelihoodRows: 40, subsetRows: 35 }],
  ['inducing points', { likelihoodRows: 40, subsetRows: 35, exactRows: 60, inducingPoints: 40 }],
])('many rows are learnt through %s nearly as well as all at once', (_, spec) => {
  const data = tableOf(120, 16, smooth);
  const test = tableOf(200, 17, smooth);
  const { fitted, warnings } = fit(data, { ...spec, averagedRows: 0 });
  expect(warnings).toEqual([]);
  expect(rmseOf(fitted, test)).toBeLessThan(rmseOf(fit(data).fitted, test) + 0.02);
});

test('variants without a linear part, with other kernels, priors and one length scale learn too', () => {
  const data = tableOf(50, 18, smooth);
  const test = tableOf(100, 19, smooth);
  for (const spec of [
    { hasLinear: false, hasOutputScale: false },
    { kernel: 'rbf' },
    { lengthscalePrior: 'logNormal' },
    { lengthscales: 'shared' },
    { warp: 'yeoJohnson' },
    { hyperparameterDraws: 0 },
  ] satisfies Partial<GaussianProcessSpec>[]) {
    gaussianProcessModel.checkSpec!({ ...gaussianProcessModel.defaultSpec, ...spec }, []);
    const { fitted } = fit(data, spec);
    expect(rmseOf(fitted, test)).toBeLessThan(0.15);
    gaussianProcessModel.warmStart!({ ...gaussianProcessModel.defaultSpec, ...spec }, fitted);
  }
});

test('an automatic kernel is the smooth one for a smooth target and the other for one with kinks', () => {
  const formOf = (seed: number, target: (a: number, b: number) => number) => {
    const data = tableOf(40, seed, (a, b, noise) => target(a, b) + 0.001 * noise);
    const { fitted } = fit(data, { kernel: 'auto', warp: 'identity' });
    const { state } = fitted;
    if (state.kind === 'constant') throw new Error('nothing was learnt');
    // Folds start from what was found, and do not ask again.
    const spec = { ...gaussianProcessModel.defaultSpec, kernel: 'auto' as const };
    expect(gaussianProcessModel.warmStart!(spec, fitted).kernel).toBe(state.kernel.form);
    return state.kernel.form;
  };
  for (const seed of [30, 31, 32]) {
    expect(formOf(seed, (a, b) => Math.exp(-8 * ((a - 0.4) ** 2 + (b - 0.6) ** 2)))).toBe('rbf');
    expect(formOf(seed, (a, b) => Math.abs(((3 * a) % 1) - 0.5) + b)).toBe('matern52');
  }
});

test('a spec out of its range is refused with what is allowed', () => {
  const check = (spec: Partial<GaussianProcessSpec>) =>
    gaussianProcessModel.checkSpec!({ ...gaussianProcessModel.defaultSpec, ...spec }, []);
  expect(() => check({ kernel: 'cubic' as 'rbf' })).toThrow('kernel must be one of auto, matern52, rbf');
  expect(() => check({ inducingPoints: 0.5 })).toThrow('inducingPoints must be a whole number');
  expect(() => check({ targetBounds: { lower: 1, upper: 1 } })).toThrow('targetBounds must be');
});
