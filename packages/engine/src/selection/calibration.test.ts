import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MixturePosterior, NormalPosterior } from '../posteriors/posterior.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { normalQuantile } from '../special/normalQuantile.ts';
import { normalCdf } from '../special/normalCdf.ts';
import { calibrateFolds } from './calibrateFolds.ts';
import { calibrationScale } from './calibrationScale.ts';
import { errorShape } from './errorShape.ts';
import { mixtureExcess } from './mixtureExcess.ts';
import { conformalHalfWidth, fitCalibration, halfWidth, levelOf } from './calibration.ts';
import type { HeldOutFold } from './heldOutFold.ts';
import { scoreOutOfFold } from './scoreOutOfFold.ts';

const scoresOf = (z: readonly number[]) => z.map((value) => ({ z: value, weight: 1 }));

test('the conformal half-width is the ceil((n + 1) level)-th smallest size, and unknown where there are too few rows', () => {
  const calibration = fitCalibration(1, scoresOf([3, -1, 2, -5, 4, 6, -7, 8, 9]));
  expect([...calibration.sizes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(conformalHalfWidth(calibration, 0.9)).toBe(9);
  expect(conformalHalfWidth(calibration, 0.5)).toBe(5);
  expect(conformalHalfWidth(calibration, 0.01)).toBe(1);
  expect(conformalHalfWidth(calibration, 0.95)).toBeNull();
  // Too few rows: at least the largest size seen, and the usual shape of errors where that is wider.
  expect(halfWidth(calibration, 0.95)).toBe(9);
  expect(halfWidth(fitCalibration(1, scoresOf([0.1, 0.2])), 0.95)).toBeCloseTo(
    errorShape.halfWidth(0.95),
    12,
  );
});

test('a row lies within the interval of a level exactly when the level is above its own', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -80, max: 80 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 99 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (tenths, size, level) => {
        const calibration = fitCalibration(1, scoresOf(tenths.map((z) => z / 10)));
        const own = levelOf(calibration, size / 10);
        fc.pre(Math.abs(own - level) > 1e-6);
        expect(size / 10 <= halfWidth(calibration, level)).toBe(level > own);
      },
    ),
  );
});

test('a half-width goes from that of the usual shape of errors to the conformal one as rows come', () => {
  const usual = errorShape.halfWidth(0.9);
  for (const count of [19, 99, 999]) {
    const calibration = fitCalibration(1, scoresOf(Array.from({ length: count }, () => 1)));
    const share = 100 / (count + 100);
    expect(halfWidth(calibration, 0.9)).toBeCloseTo((1 - share) * 1 + share * usual, 12);
  }
});

test('with few rows of normal errors, intervals miss their level by less than conformal ones', () => {
  const generator = createGenerator('few rows');
  const misses = { blended: 0, conformal: 0 };
  for (let run = 0; run < 500; run++) {
    const errors = Array.from({ length: 30 }, () => generator.normal());
    const scale = calibrationScale(
      errors.reduce((sum, error) => sum + error * error, 0),
      errors.length,
    );
    const calibration = fitCalibration(scale, scoresOf(errors.map((error) => error / scale)));
    const missOf = (width: number): number => (2 * normalCdf(width * scale) - 1 - 0.9) ** 2;
    misses.blended += missOf(halfWidth(calibration, 0.9));
    misses.conformal += missOf(conformalHalfWidth(calibration, 0.9)!);
  }
  expect(misses.blended).toBeLessThan(0.7 * misses.conformal);
});

test('over many tables of any shape of error, intervals cover what they say', () => {
  const generator = createGenerator('conformal');
  const shapes: (() => number)[] = [
    () => generator.normal(),
    () => generator.normal() / Math.sqrt(generator.uniform() + 0.02),
    () => generator.uniform() - 0.5,
  ];
  for (const draw of shapes)
    for (const level of [0.5, 0.9]) {
      let covered = 0;
      for (let run = 0; run < 1000; run++) {
        const errors = Array.from({ length: 999 }, draw);
        const scale = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
        const calibration = fitCalibration(scale, scoresOf(errors.map((error) => error / scale)));
        if (Math.abs(draw()) / scale <= halfWidth(calibration, level)) covered++;
      }
      expect(Math.abs(covered / 1000 - level)).toBeLessThan(0.05);
    }
});

test('rows held out several times share the weight of one, and large tables keep 499 sizes', () => {
  const twice = fitCalibration(
    1,
    [1, 1, 2, 2, 3, 3, 4, 4].map((z) => ({ z, weight: 0.5 })),
  );
  expect(twice).toEqual(fitCalibration(1, scoresOf([1, 2, 3, 4])));
  const generator = createGenerator('many');
  const many = fitCalibration(1, scoresOf(Array.from({ length: 20_000 }, () => generator.normal())));
  expect(many.rowCount).toBe(20_000);
  expect(many.sizes).toHaveLength(499);
  for (const level of [0.5, 0.8, 0.9, 0.95])
    expect(Math.abs(halfWidth(many, level) - normalQuantile(0.5 + level / 2))).toBeLessThan(0.05);
});

function normal(mean: ArrayLike<number>, sd: number): NormalPosterior {
  const measurementSd = new Float64Array(mean.length).fill(sd);
  return { kind: 'normal', mean: Float64Array.from(mean), modelSd: measurementSd, measurementSd };
}

test('one wild row is no reason to widen what is said of all others', () => {
  const generator = createGenerator('wild');
  const y = Float64Array.from({ length: 100 }, () => generator.normal());
  const mean = new Float64Array(100);
  const folds = [0, 1].map((fold): HeldOutFold => {
    const rows = Int32Array.from(y.keys()).filter((i) => i % 2 === fold);
    return { repeat: 0, rows, posterior: normal(mean.subarray(0, 50), 1) };
  });
  y[7] = 1e200;
  const { scale } = calibrateFolds(folds, y).all;
  expect(scale).toBeGreaterThan(1);
  expect(scale).toBeLessThan(1.2);
});

test('a spread that is far too small for most rows is widened for all it takes', () => {
  const generator = createGenerator('too sure');
  const y = Float64Array.from({ length: 100 }, () => 4 * generator.normal());
  const rows = Int32Array.from(y.keys());
  const { scale } = calibrateFolds([{ repeat: 0, rows, posterior: normal(new Float64Array(100), 1) }], y).all;
  expect(scale).toBeGreaterThan(3);
});

test('a mixture is widened through its members, until its errors have the size that it says', () => {
  const generator = createGenerator('mixture');
  const y = Float64Array.from({ length: 1200 }, () => generator.normal());
  const mixture = (count: number): MixturePosterior => ({
    kind: 'mixture',
    weights: Float64Array.of(0.5, 0.5),
    members: [normal(new Float64Array(count).fill(-0.3), 3), normal(new Float64Array(count).fill(0.3), 3)],
    scale: new Float64Array(count).fill(1),
  });
  const folds = [0, 1, 2, 3].map((fold): HeldOutFold => {
    const rows = Int32Array.from(y.keys()).filter((i) => i % 4 === fold);
    return { repeat: 0, rows, posterior: mixture(rows.length) };
  });
  const { calibration, metrics } = scoreOutOfFold(folds, y);
  const calibrated = widenPosterior(mixture(1), calibration.scale);
  expect(calibrated).toMatchObject({ kind: 'mixture', scale: Float64Array.of(1) });
  expect(momentsOf(calibrated).mean[0]).toBeCloseTo(0, 12);
  expect(Math.abs(momentsOf(calibrated).measurementSd[0]! - 1)).toBeLessThan(0.15);
  for (const { level, observed } of metrics.coverage) expect(Math.abs(observed - level)).toBeLessThan(0.06);
});

test('the usual shape of errors is a distribution of unit variance, and level and half-width undo each other', () => {
  for (const level of [0.01, 0.5, 0.9, 0.999]) {
    const width = errorShape.halfWidth(level);
    // F(x) = 1 / (1 + exp(-pi x / sqrt(3))) at both ends.
    const below = 1 / (1 + Math.exp((Math.PI / Math.sqrt(3)) * width));
    expect(1 - 2 * below).toBeCloseTo(level, 12);
    expect(errorShape.level(width)).toBeCloseTo(level, 12);
  }
  expect(errorShape.level(-1)).toBe(0);
  const steps = 200_000;
  let variance = 0;
  for (let k = 0; k < steps; k++) variance += errorShape.halfWidth((k + 0.5) / steps) ** 2 / steps;
  expect(variance).toBeCloseTo(1, 3);
});

test('a mixture of members that know their errors states too large a variance, by twice their disagreement', () => {
  // Members err by independent parts of variance 1 and a shared one of variance 1, and say so: 2 each. Their mean errs by
  // 1 + 1 / 4, and states 2 + 3 / 4.
  const generator = createGenerator('members');
  const count = 20_000;
  const members = Array.from({ length: 4 }, () => new Float64Array(count));
  const y = Float64Array.from({ length: count }, (_, i) => {
    const shared = generator.normal();
    for (const member of members) member[i] = shared + generator.normal();
    return 0;
  });
  const posterior: MixturePosterior = {
    kind: 'mixture',
    weights: new Float64Array(4).fill(0.25),
    members: members.map((mean) => normal(mean, Math.SQRT2)),
    scale: new Float64Array(count).fill(1),
  };
  const { mean, measurementSd } = momentsOf(posterior);
  const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value / count, 0);
  const errors = average(mean.map((value, i) => (y[i]! - value) ** 2));
  const stated = average(measurementSd.map((sd) => sd * sd));
  const expected = average(
    mixtureExcess(posterior).map((excess, i) => (1 - excess) * measurementSd[i]! ** 2),
  );
  expect(stated / errors).toBeGreaterThan(2);
  expect(expected / errors).toBeCloseTo(1, 1);
  expect(mixtureExcess(normal([1, 2], 1))).toEqual(new Float64Array(2));
});

test('few rows of a mixture are calibrated from what its members disagree about', () => {
  const generator = createGenerator('few of a mixture');
  let misses = 0;
  for (let run = 0; run < 200; run++) {
    const posteriorOf = (count: number): MixturePosterior => ({
      kind: 'mixture',
      weights: Float64Array.of(0.5, 0.5),
      members: [0, 1].map(() =>
        normal(
          Array.from({ length: count }, () => generator.normal()),
          1,
        ),
      ),
      scale: new Float64Array(count).fill(1),
    });
    const y = new Float64Array(20);
    const folds = [0, 1, 2, 3].map((fold): HeldOutFold => {
      const rows = Int32Array.from(y.keys()).filter((i) => i % 4 === fold);
      return { repeat: 0, rows, posterior: posteriorOf(rows.length) };
    });
    // Independent members: errors of variance 1/2 where 3/2 is stated.
    misses += Math.log(calibrateFolds(folds, y).all.scale / Math.sqrt(1 / 3)) / 200;
  }
  expect(Math.abs(misses)).toBeLessThan(0.1);
});
