import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { logDensitiesOf, scalePosterior, zScoresOf } from '../posteriors/operations.ts';
import type { MixturePosterior, NormalPosterior } from '../posteriors/posterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { coverage, wilsonInterval } from './coverage.ts';
import { crps, panelCrps } from './crps.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { miscalibrationArea } from './miscalibrationArea.ts';
import { rmse } from './rmse.ts';
import { rSquared } from './rSquared.ts';
import { spearman } from './spearman.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/scores/scores.json', import.meta.url), 'utf8'),
) as {
  y: number[];
  mean: number[];
  sd: number[];
  rmse: number;
  mae: number;
  r2: number;
  spearman: number;
  crps: number[];
  nll: number;
  coverage: Record<string, number>;
  miscalibration: number;
  wilson: [number, number, number, number][];
  mixtureCrps: [number, number][];
};
const y = Float64Array.from(golden.y);
const mean = Float64Array.from(golden.mean);
const posterior: NormalPosterior = {
  kind: 'normal',
  mean,
  modelSd: new Float64Array(y.length),
  measurementSd: Float64Array.from(golden.sd),
};

test('scores of predictions agree with scikit-learn and scipy', () => {
  expect(rmse(mean, y)).toBeCloseTo(golden.rmse, 12);
  expect(meanAbsoluteError(mean, y)).toBeCloseTo(golden.mae, 12);
  expect(rSquared(mean, y)).toBeCloseTo(golden.r2, 12);
  expect(spearman(mean, y)).toBeCloseTo(golden.spearman, 12);
});

test('scores of distributions agree with the integral of their definition', () => {
  crps(posterior, y).forEach((score, i) => expect(score).toBeCloseTo(golden.crps[i]!, 8));
  const z = zScoresOf(posterior, y);
  for (const [level, share] of Object.entries(golden.coverage))
    expect(coverage(z, Number(level))).toBe(share);
  expect(Math.abs(miscalibrationArea((level) => coverage(z, level)) - golden.miscalibration)).toBeLessThan(
    0.002,
  );
  const densities = logDensitiesOf(posterior, y);
  expect(-densities.reduce((sum, log) => sum + log / y.length, 0)).toBeCloseTo(golden.nll, 10);
});

test('the integral by panels gives the score of normal posteriors and of mixtures', () => {
  panelCrps(posterior, y).forEach((score, i) => expect(score / golden.crps[i]!).toBeCloseTo(1, 8));
  const parts: NormalPosterior[] = [
    [-1, 0.5],
    [2, 1.5],
  ].map(([m, s]) => ({
    kind: 'normal',
    mean: Float64Array.of(m!),
    modelSd: Float64Array.of(0),
    measurementSd: Float64Array.of(s!),
  }));
  const mixture: MixturePosterior = {
    kind: 'mixture',
    weights: Float64Array.of(0.3, 0.7),
    members: parts,
    scale: Float64Array.of(1),
  };
  for (const [value, score] of golden.mixtureCrps)
    expect(crps(mixture, Float64Array.of(value))[0]! / score).toBeCloseTo(1, 6);
});

test('the score of a posterior without spread is its absolute error', () => {
  const sharp = scalePosterior(posterior, 1e-9);
  crps(sharp, y).forEach((score, i) => expect(score).toBeCloseTo(Math.abs(y[i]! - mean[i]!), 6));
});

test('the interval of a share is that of Wilson', () => {
  for (const [k, n, lower, upper] of golden.wilson) {
    const interval = wilsonInterval(k / n, n);
    expect(interval.lower).toBeCloseTo(lower, 12);
    expect(interval.upper).toBeCloseTo(upper, 12);
  }
});

test('a true posterior is covered as often as it says', () => {
  const generator = createGenerator('coverage');
  const z = Float64Array.from({ length: 20_000 }, () => generator.normal());
  for (const level of [0.5, 0.8, 0.9, 0.95]) {
    const { lower, upper } = wilsonInterval(coverage(z, level), z.length, 0.9999);
    expect(lower).toBeLessThan(level);
    expect(upper).toBeGreaterThan(level);
  }
  const wide = z.map((value) => value * 3);
  expect(miscalibrationArea((level) => coverage(z, level))).toBeLessThan(0.01);
  expect(miscalibrationArea((level) => coverage(wide, level))).toBeGreaterThan(0.2);
});

test('constant lists and huge numbers have defined scores', () => {
  const constant = Float64Array.of(3, 3, 3);
  const varied = Float64Array.of(1, 2, 3);
  expect(spearman(constant, varied)).toBeNull();
  expect(spearman(varied, constant)).toBeNull();
  expect(rSquared(varied, constant)).toBe(0);
  const huge = varied.map((value) => value * 1e307);
  expect(
    rmse(
      huge,
      huge.map((value) => -value),
    ) / 1e307,
  ).toBeCloseTo(Math.sqrt((4 + 16 + 36) / 3), 10);
  expect(rSquared(huge, huge)).toBe(1);
});
