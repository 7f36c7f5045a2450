import { expect, test } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { panelCrps } from '../scores/crps.ts';
import { fitTargetScale } from '../transforms/targetScale.ts';
import { fitTargetWarp, warpTargets } from '../transforms/targetWarp.ts';
import { PlainDataReader } from '../plainDataReader.ts';
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
import type { WarpedNormalPosterior } from './posterior.ts';

const generator = createGenerator('warped');
const y = Float64Array.from({ length: 200 }, () => Math.exp(1 + 0.5 * generator.normal()));
const warp = fitTargetWarp({ kind: 'log' }, y);
const posterior: WarpedNormalPosterior = {
  kind: 'warpedNormal',
  latent: {
    kind: 'normal',
    mean: Float64Array.of(-0.5, 0, 0.8),
    modelSd: Float64Array.of(0.1, 0.2, 0.3),
    measurementSd: Float64Array.of(0.2, 0.4, 0.5),
  },
  warp,
};

test('the moments of a log-normal are its moments', () => {
  // log y = centre + spread z, so y is log-normal: mean exp(m + s^2 / 2), sd mean sqrt(exp(s^2) - 1).
  const { magnitude, centre, spread } = warp.scale;
  const { mean, modelSd, measurementSd } = momentsOf(posterior);
  posterior.latent.mean.forEach((z, i) => {
    const m = magnitude * (centre + spread * z);
    const s = magnitude * spread * posterior.latent.measurementSd[i]!;
    const expected = Math.exp(m + (s * s) / 2);
    expect(mean[i]! / expected).toBeCloseTo(1, 6);
    expect(measurementSd[i]! / (expected * Math.sqrt(Math.expm1(s * s)))).toBeCloseTo(1, 5);
    expect(modelSd[i]!).toBeLessThan(measurementSd[i]!);
  });
});

test('quantiles map exactly, and z-scores go back', () => {
  for (const level of [0.05, 0.5, 0.9]) {
    const values = quantilesOf(posterior, level);
    probabilitiesOf(posterior, values).forEach((p) => expect(p).toBeCloseTo(level, 10));
  }
  const z = Float64Array.of(-1, 0.3, 1.2);
  zScoresOf(posterior, valuesAt(posterior, z)).forEach((value, i) => expect(value).toBeCloseTo(z[i]!, 10));
  const wide = zScoresOf(scalePosterior(posterior, 2), valuesAt(posterior, z));
  wide.forEach((value, i) => expect(value).toBeCloseTo(z[i]! / 2, 10));
});

test('the density is the slope of the distribution, and vanishes outside the domain', () => {
  const at = Float64Array.of(2, 3, 4);
  const h = 1e-5;
  const up = probabilitiesOf(
    posterior,
    at.map((value) => value + h),
  );
  const down = probabilitiesOf(
    posterior,
    at.map((value) => value - h),
  );
  logDensitiesOf(posterior, at).forEach((log, i) =>
    expect(Math.exp(log)).toBeCloseTo((up[i]! - down[i]!) / (2 * h), 6),
  );
  expect([...logDensitiesOf(posterior, Float64Array.of(-1, 0, -5))]).toEqual([
    -Infinity,
    -Infinity,
    -Infinity,
  ]);
  expect([...probabilitiesOf(posterior, new Float64Array(3))]).toEqual([0, 0, 0]);
});

test('its CRPS is that of draws', () => {
  const at = Float64Array.of(2, 3.5, 7);
  const count = 20_000;
  const draws = Array.from({ length: count }, () =>
    valuesAt(
      posterior,
      Float64Array.from({ length: 3 }, () => generator.normal()),
    ),
  );
  panelCrps(posterior, at).forEach((score, i) => {
    // E|Y - y| - E|Y - Y'| / 2
    const away = draws.reduce((sum, draw) => sum + Math.abs(draw[i]! - at[i]!), 0) / count;
    const apart =
      draws.reduce((sum, draw, k) => sum + Math.abs(draw[i]! - draws[(k + 1) % count]![i]!), 0) / count;
    expect(Math.abs(score - (away - apart / 2))).toBeLessThan(0.05);
  });
});

test('what is said of a measurement is no surer beyond the data than at their end', () => {
  const bounded = Float64Array.from({ length: 200 }, () => 90 - Math.exp(2 + 0.6 * generator.normal()));
  const shape = { kind: 'yeoJohnson', lambda: 2.4, inner: fitTargetScale(bounded) } as const;
  const flat = fitTargetWarp(shape, bounded);
  const end = warpTargets(flat, bounded).reduce((a, b) => Math.max(a, b));
  const mean = Float64Array.of(end, end + 1, end + 3, end + 10);
  const sd = new Float64Array(4).fill(0.1);
  const latent = { kind: 'normal', mean, modelSd: sd, measurementSd: sd.map((one) => 2 * one) } as const;
  const far: WarpedNormalPosterior = { kind: 'warpedNormal', latent, warp: flat };
  const { mean: means, measurementSd } = momentsOf(far);
  const width = (level: number): Float64Array => {
    const lower = quantilesOf(far, (1 - level) / 2);
    return quantilesOf(far, (1 + level) / 2).map((upper, i) => upper - lower[i]!);
  };
  for (const i of [1, 2, 3]) {
    expect(means[i]).toBeGreaterThan(means[i - 1]!);
    expect(measurementSd[i]).toBeGreaterThan(0.9 * measurementSd[0]!);
    expect(width(0.9)[i]).toBeGreaterThan(0.9 * width(0.9)[0]!);
  }
});

test('it passes its own check', () => {
  expect(checkPosterior(new PlainDataReader(structuredClone(posterior)))).toEqual(posterior);
});
