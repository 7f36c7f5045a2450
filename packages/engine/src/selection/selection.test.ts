import { expect, test } from 'vitest';
import { scalePosterior } from '../posteriors/operations.ts';
import type { NormalPosterior } from '../posteriors/posterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { normalCrps } from '../scores/crps.ts';
import { calibrationScale } from './calibrationScale.ts';
import { chooseDefault, type JudgedModel } from './chooseDefault.ts';
import { pairedDifference } from './pairedDifference.ts';
import { pureError } from './pureError.ts';
import type { HeldOutFold } from './heldOutFold.ts';
import { scoreOutOfFold } from './scoreOutOfFold.ts';

function normal(mean: ArrayLike<number>, sd: number): NormalPosterior {
  const measurementSd = new Float64Array(mean.length).fill(sd);
  return { kind: 'normal', mean: Float64Array.from(mean), modelSd: measurementSd, measurementSd };
}

/** Folds of n rows dealt in turn; predictions with errors of standard deviation 1 that claim `claimed`. */
function sample(n: number, foldCount: number, repeats: number, claimed: number, seed: string) {
  const generator = createGenerator(seed);
  const y = Float64Array.from({ length: n }, () => 10 * generator.normal());
  const folds: HeldOutFold[] = [];
  for (let repeat = 0; repeat < repeats; repeat++)
    for (let fold = 0; fold < foldCount; fold++) {
      const rows = Int32Array.from(y.keys()).filter((i) => (i + repeat) % foldCount === fold);
      const mean = Float64Array.from(rows, (i) => y[i]! + generator.normal());
      folds.push({ repeat, rows, posterior: normal(mean, claimed) });
    }
  return { y, folds };
}

test('the factor makes z-scores of unit variance, drawn towards one while there are few rows', () => {
  expect(calibrationScale(0, 0)).toBe(1);
  expect(calibrationScale(4000, 1000)).toBeCloseTo(Math.sqrt(4030 / 1030), 12);
  expect(calibrationScale(8, 2)).toBeCloseTo(Math.sqrt(38 / 32), 12);
  expect(calibrationScale(8, 2, 0.5)).toBeCloseTo(Math.sqrt(15.5 / 32), 12);
});

test('a model that claims too much or too little is brought to honest intervals', () => {
  for (const claimed of [0.2, 1, 5]) {
    const { y, folds } = sample(6000, 5, 2, claimed, 'honest');
    const { metrics, calibration, rowCrps } = scoreOutOfFold(folds, y);
    expect(Math.abs(calibration.scale * claimed - 1)).toBeLessThan(0.08);
    for (const { level, observed, lower, upper } of metrics.coverage) {
      expect(lower).toBeLessThan(observed);
      expect(upper).toBeGreaterThan(observed);
      expect(Math.abs(observed - level)).toBeLessThan(0.03);
    }
    expect(metrics.miscalibrationArea).toBeLessThan(0.02);
    expect(metrics.rmse).toBeCloseTo(1, 1);
    expect(metrics.r2).toBeGreaterThan(0.98);
    // CRPS of a normal forecast that is right: sd / sqrt(pi).
    expect(metrics.crps).toBeCloseTo(1 / Math.sqrt(Math.PI), 1);
    expect(rowCrps.reduce((sum, score) => sum + score, 0) / y.length).toBeCloseTo(metrics.crps, 10);
  }
});

test('a fold is scored with the factor of the other folds', () => {
  const y = Float64Array.of(0, 0, 0, 10);
  const folds: HeldOutFold[] = [
    { repeat: 0, rows: Int32Array.of(0, 1), posterior: normal([1, -1], 1) },
    { repeat: 0, rows: Int32Array.of(2, 3), posterior: normal([2, 0], 1) },
  ];
  const { calibration, rowCrps } = scoreOutOfFold(folds, y);
  expect(calibration.scale).toBe(calibrationScale(1 + 1 + 4 + 100, 4));
  const first = scalePosterior(folds[0]!.posterior, calibrationScale(104, 2)) as NormalPosterior;
  const second = scalePosterior(folds[1]!.posterior, calibrationScale(2, 2)) as NormalPosterior;
  expect([...rowCrps.subarray(0, 2)]).toEqual([...normalCrps(first, y.subarray(0, 2))]);
  expect([...rowCrps.subarray(2)]).toEqual([...normalCrps(second, y.subarray(2))]);
});

test('scores are means over repeats, and rows that are never held out take no part', () => {
  const y = Float64Array.of(0, 0, 3);
  const { metrics, rowCrps } = scoreOutOfFold(
    [
      { repeat: 0, rows: Int32Array.of(0, 1), posterior: normal([3, 4], 1) },
      { repeat: 1, rows: Int32Array.of(1), posterior: normal([2], 1) },
    ],
    y,
  );
  expect(metrics.rmse).toBeCloseTo((Math.sqrt(12.5) + 2) / 2, 12);
  expect(metrics.mae).toBeCloseTo((3 + (4 + 2) / 2) / 2, 12);
  expect(rowCrps[2]).toBeNaN();
  expect(metrics.spearman).toBeNull();
});

test('a measurement that a posterior rules out leaves every score finite', () => {
  const { y, folds } = sample(20, 5, 1, 1e-300, 'sharp');
  const { metrics } = scoreOutOfFold(folds, y);
  for (const value of Object.values(metrics).flat())
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
});

test('the standard error of a difference counts groups, not rows', () => {
  const generator = createGenerator('groups');
  const groupCount = 40;
  const size = 25;
  const effects = Array.from({ length: groupCount }, () => generator.normal());
  const groups = Int32Array.from({ length: groupCount * size }, (_, i) => i % groupCount);
  const a = Float64Array.from(groups, (group) => 1 + effects[group]!);
  const zero = new Float64Array(a.length);
  const { difference, standardError } = pairedDifference(a, zero, groups, groupCount);
  const mean = effects.reduce((sum, value) => sum + value, 0) / groupCount;
  const scatter = Math.sqrt(effects.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (groupCount - 1));
  expect(difference).toBeCloseTo(1 + mean, 12);
  expect(standardError).toBeCloseTo(scatter / Math.sqrt(groupCount), 12);
  expect(pairedDifference(a, zero, new Int32Array(a.length), 1).standardError).toBe(Infinity);
  const half = a.map((x, i) => (i % 2 === 0 ? NaN : x));
  expect(pairedDifference(half, zero, groups, groupCount).difference).not.toBeNaN();
});

/** Models whose mean CRPS over 50 rows is given, with a scatter that makes the standard error of a difference 0.01. */
function judged(scores: Record<string, number>, baseline: number) {
  const generator = createGenerator('judged');
  const n = 50;
  const groups = Int32Array.from({ length: n }, (_, i) => i);
  const rowsOf = (mean: number) => {
    const noise = Float64Array.from({ length: n }, () => generator.normal());
    const average = noise.reduce((sum, value) => sum + value / n, 0);
    return noise.map((value) => mean + 0.05 * (value - average));
  };
  const order = ['mean', 'ridge', 'process', 'trees'];
  const models = Object.entries(scores).map(([name, score]): JudgedModel => ({
    name,
    simplicity: order.indexOf(name),
    isBaseline: name === 'mean',
    rowCrps: [name === 'mean' ? rowsOf(baseline) : rowsOf(score)],
  }));
  const targets = [{ groups, groupCount: n, baseline: rowsOf(baseline) }];
  return chooseDefault(models, targets);
}

test('the simplest model within one standard error of the best is the default', () => {
  const close = judged({ mean: 1, ridge: 0.505, process: 0.502, trees: 0.5 }, 1);
  expect(close.model).toBe(1);
  expect(close.reason).toMatch(
    /^ridge is the simplest model whose out-of-fold CRPS \(0\.505\) lies within one/,
  );
  const apart = judged({ mean: 1, ridge: 0.8, process: 0.6, trees: 0.5 }, 1);
  expect(apart.model).toBe(3);
  expect(apart.reason).toBe('trees has the lowest out-of-fold CRPS (0.500).');
  expect(judged({ ridge: 0.7 }, 1).reason).toMatch(/only model/);
});

test('the mean is the default only where nothing is better', () => {
  const nothing = judged({ mean: 1, ridge: 1.2, trees: 1.3 }, 1);
  expect(nothing.model).toBe(0);
  expect(nothing.reason).toMatch(/No model has a lower CRPS than mean/);
  const weak = judged({ mean: 1, ridge: 0.995, trees: 1.3 }, 1);
  expect(weak.model).toBe(1);
});

test('over several targets the unit of a target has no weight', () => {
  const rows = (value: number) => new Float64Array(20).fill(value);
  const groups = Int32Array.from({ length: 20 }, (_, i) => i);
  const targets = [1, 1000].map((unit) => ({ groups, groupCount: 20, baseline: rows(unit) }));
  const model = (name: string, first: number, second: number): JudgedModel => ({
    name,
    simplicity: 1,
    isBaseline: false,
    rowCrps: [rows(first), rows(second * 1000)],
  });
  const choice = chooseDefault([model('a', 0.9, 0.3), model('b', 0.4, 0.5)], targets);
  expect(choice.model).toBe(1);
  expect(choice.reason).toBe('b has the lowest out-of-fold CRPS relative to the mean of the data (0.450).');
});

test('pure error is the scatter of repeats, and neither copies nor one botched repeat count', () => {
  const generator = createGenerator('repeats');
  const formulations = Array.from({ length: 2000 }, (_, i) => `f${i >> 1}`);
  const y = Float64Array.from(formulations, () => 3 * generator.normal());
  const rows = formulations.map((_, i) => `r${i}`);
  expect(Math.abs(pureError(formulations, rows, y)! - 3)).toBeLessThan(0.25);
  y[0] = 1e6;
  expect(Math.abs(pureError(formulations, rows, y)! - 3)).toBeLessThan(0.25);

  const pasted = [...formulations, ...formulations];
  expect(pureError(pasted, [...rows, ...rows], Float64Array.of(...y, ...y))).toBe(
    pureError(formulations, rows, y),
  );
  expect(pureError(['a', 'a', 'b', 'b'], ['1', '2', '3', '4'], Float64Array.of(1, 2, 3, 4))).toBeNull();
  // Rounded readings: three of four pairs agree, so the pooled standard deviation is taken.
  const rounded = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'];
  const different = rounded.map((_, i) => String(i));
  expect(pureError(rounded, different, Float64Array.of(1, 1, 2, 2, 3, 3, 4, 5))).toBeCloseTo(
    Math.sqrt(0.5 / 4),
    12,
  );
});
