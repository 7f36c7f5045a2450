import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlainDataReader } from '../plainDataReader.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { normalCdf } from '../special/normalCdf.ts';
import {
  checkPosterior,
  logDensitiesOf,
  momentsOf,
  probabilitiesOf,
  quantilesOf,
  scalePosterior,
  valuesAt,
  zScoresOf,
} from './operations.ts';
import type { MixturePosterior, NormalPosterior, Posterior, SplitNormalPosterior } from './posterior.ts';

function normal(mean: number[], sd: number[]): NormalPosterior {
  const measurementSd = Float64Array.from(sd);
  return {
    kind: 'normal',
    mean: Float64Array.from(mean),
    modelSd: measurementSd.map((value) => value / 2),
    measurementSd,
  };
}

function mixture(weights: number[], members: Posterior[], rowCount = 1): MixturePosterior {
  return {
    kind: 'mixture',
    weights: Float64Array.from(weights),
    members,
    scale: new Float64Array(rowCount).fill(1),
  };
}

/** Two bumps, one of them narrow, in a mixture of mixtures. */
const bumpy = mixture(
  [0.25, 0.75],
  [mixture([0.5, 0.5], [normal([0], [1]), normal([4], [0.3])]), normal([-2], [2])],
);

/** Twice as wide above its median as below. */
const skewed: SplitNormalPosterior = {
  kind: 'splitNormal',
  median: Float64Array.of(0.5),
  lowerSd: Float64Array.of(1),
  upperSd: Float64Array.of(2),
  modelSd: Float64Array.of(0.3),
};

const one = (x: number) => Float64Array.of(x);
const cdf = (posterior: Posterior, y: number) => probabilitiesOf(posterior, one(y))[0]!;

test('a z-score is the normal quantile of the distribution function', () => {
  const p = normal([10, -5], [2, 0.5]);
  expect([...zScoresOf(p, Float64Array.of(14, -5))]).toEqual([2, 0]);
  for (const y of [-8, -2, 0, 3.5, 4.2, 7])
    expect(normalCdf(zScoresOf(bumpy, one(y))[0]!)).toBeCloseTo(
      0.125 * normalCdf(y) + 0.125 * normalCdf((y - 4) / 0.3) + 0.75 * normalCdf((y + 2) / 2),
      12,
    );
});

test('z-scores of mixtures stay exact where probabilities have vanished', () => {
  const narrow = mixture([0.5, 0.5], [normal([0], [1]), normal([0], [1])]);
  for (const y of [-300, -60, 60, 300]) expect(zScoresOf(narrow, one(y))[0]! / y).toBeCloseTo(1, 10);
});

test('the quantile function inverts the distribution function for every kind and factor', () => {
  for (const posterior of [
    normal([3], [2]),
    bumpy,
    scalePosterior(bumpy, 1.7),
    scalePosterior(bumpy, 0.4),
    skewed,
  ])
    for (const level of [1e-6, 0.025, 0.3, 0.5, 0.7, 0.975, 1 - 1e-9])
      expect(cdf(posterior, quantilesOf(posterior, level)[0]!)).toBeCloseTo(level, 12);
});

test('a factor divides every z-score by itself', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.double({ min: -12, max: 12, noNaN: true }),
      (factor, y) => {
        for (const posterior of [normal([1], [2]), bumpy, skewed])
          expect(zScoresOf(scalePosterior(posterior, factor), one(y))[0]).toBeCloseTo(
            zScoresOf(posterior, one(y))[0]! / factor,
            9,
          );
      },
    ),
  );
  const twice = scalePosterior(scalePosterior(normal([1, 2], [1, 1]), 2), Float64Array.of(1, 3));
  expect([...momentsOf(twice).measurementSd]).toEqual([2, 6]);
  expect([...momentsOf(twice).modelSd]).toEqual([1, 3]);
});

test('densities are the derivative of the distribution function', () => {
  const h = 1e-5;
  for (const posterior of [
    normal([3], [2]),
    bumpy,
    scalePosterior(bumpy, 1.7),
    scalePosterior(bumpy, 0.4),
    skewed,
  ])
    for (const y of [-4, -1.3, 0.4, 3.8, 5])
      expect(Math.exp(logDensitiesOf(posterior, one(y))[0]!)).toBeCloseTo(
        (cdf(posterior, y + h) - cdf(posterior, y - h)) / (2 * h),
        7,
      );
});

test('moments without a closed form are those of a sample', () => {
  for (const posterior of [bumpy, { ...bumpy, scale: one(1.5) }, skewed]) {
    const generator = createGenerator('moments');
    const count = 20_000;
    const z = Float64Array.from({ length: count }, () => generator.normal());
    const sample = valuesAt(repeat(posterior, count), z);
    const mean = sample.reduce((sum, y) => sum + y, 0) / count;
    const sd = Math.sqrt(sample.reduce((sum, y) => sum + (y - mean) ** 2, 0) / count);
    const moments = momentsOf(posterior);
    expect(Math.abs(moments.mean[0]! - mean)).toBeLessThan(5 * (sd / 141));
    expect(Math.abs(moments.measurementSd[0]! / sd - 1)).toBeLessThan(0.03);
  }
});

function repeat(posterior: Posterior, count: number): Posterior {
  if (posterior.kind === 'mixture')
    return {
      ...posterior,
      members: posterior.members.map((member) => repeat(member, count)),
      scale: new Float64Array(count).fill(posterior.scale[0]!),
    };
  if (posterior.kind === 'warpedNormal')
    return { ...posterior, latent: repeat(posterior.latent, count) as NormalPosterior };
  if (posterior.kind === 'splitNormal') {
    const [median, lowerSd, upperSd, modelSd] = [
      posterior.median,
      posterior.lowerSd,
      posterior.upperSd,
      posterior.modelSd,
    ].map((cells) => new Float64Array(count).fill(cells[0]!)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return { kind: 'splitNormal', median, lowerSd, upperSd, modelSd };
  }
  return normal(
    Array<number>(count).fill(posterior.mean[0]!),
    Array<number>(count).fill(posterior.measurementSd[0]!),
  );
}

test('equal members make their own mixture', () => {
  const p = normal([1e300, 2, -1e-310], [1e299, 3, 1e-311]);
  const moments = momentsOf(mixture([0.5, 0.5], [p, p], 3));
  p.measurementSd.forEach((sd, i) => expect(moments.measurementSd[i]! / sd).toBeCloseTo(1, 10));
  p.mean.forEach((mean, i) => expect(moments.mean[i]! / mean).toBeCloseTo(1, 10));
});

test('a posterior passes its own check, a garbled one does not', () => {
  const check = (data: unknown) => checkPosterior(new PlainDataReader(structuredClone(data)));
  expect(check(bumpy)).toEqual(bumpy);
  expect(check(skewed)).toEqual(skewed);
  const p = normal([1, 2], [1, 1]);
  for (const wrong of [
    null,
    { kind: 'other' },
    { ...p, mean: Float64Array.of(1, NaN) },
    { ...p, modelSd: Float64Array.of(1) },
    { ...p, modelSd: Float64Array.of(1, 2) },
    { ...p, measurementSd: Float64Array.of(1, 0) },
    { ...skewed, upperSd: Float64Array.of(0) },
    { ...bumpy, members: [] },
    { ...bumpy, weights: Float64Array.of(0.5, 0.6) },
    { ...bumpy, scale: Float64Array.of(1, 1) },
  ])
    expect(() => check(wrong)).toThrow(expect.objectContaining({ code: 'ARTIFACT_INVALID' }));
});
