import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import { fitTargetScale } from './targetScale.ts';
import {
  checkTargetWarp,
  fitTargetWarp,
  unwarping,
  warpLogSlope,
  warpTargets,
  type WarpShape,
} from './targetWarp.ts';
import { inverseYeoJohnson, yeoJohnson, yeoJohnsonLogSlope } from './yeoJohnson.ts';

const generator = createGenerator('targets');
const positive = Float64Array.from({ length: 40 }, () => Math.exp(generator.normal()));
const shares = Float64Array.from({ length: 40 }, () => 100 * generator.uniform());
const inner = fitTargetScale(positive);

const cases: [string, WarpShape, Float64Array][] = [
  ['identity', { kind: 'identity' }, positive],
  ['log', { kind: 'log' }, positive],
  ['logit', { kind: 'logit', lower: 0, upper: 100 }, shares],
  ...[-1, 0, 0.5, 1, 2, 3].map((lambda): [string, WarpShape, Float64Array] => [
    `Yeo-Johnson with exponent ${lambda}`,
    { kind: 'yeoJohnson', lambda, inner },
    positive,
  ]),
];

test.each(cases)('%s standardises, goes back, and has the slope of finite differences', (_, shape, y) => {
  const warp = fitTargetWarp(shape, y);
  const z = warpTargets(warp, y);
  expect(z.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
  expect(z.reduce((sum, value) => sum + value * value, 0) / 39).toBeCloseTo(1, 10);
  y.forEach((value, i) => {
    expect(unwarping(warp)(z[i]!) / value).toBeCloseTo(1, 9);
    const h = 1e-6 * value;
    const [up, down] = [...warpTargets(warp, Float64Array.of(value + h, value - h))] as [number, number];
    expect(warpLogSlope(warp, value)).toBeCloseTo(Math.log((up - down) / (2 * h)), 5);
  });
  expect(checkTargetWarp(new PlainDataReader(structuredClone(warp)))).toEqual(warp);
});

test('beyond the targets seen a warp goes on without end, and back again', () => {
  for (const [, shape, y] of cases) {
    const warp = fitTargetWarp(shape, y);
    const unwarp = unwarping(warp);
    for (const z of [-50, -6, 6, 50]) {
      const value = unwarp(z);
      expect(Number.isFinite(value)).toBe(true);
      // The domain of a logarithm ends below, that of a logit on both sides.
      if (shape.kind === 'logit' || (shape.kind === 'log' && z < 0)) continue;
      expect(warpTargets(warp, Float64Array.of(value))[0]! / z).toBeCloseTo(1, 9);
      const rise = (unwarp(z + 1e-3) - unwarp(z - 1e-3)) * Math.exp(warpLogSlope(warp, value));
      expect(rise / 2e-3).toBeCloseTo(1, 4);
    }
  }
});

test('equal targets have a warp too', () => {
  const equal = new Float64Array(5).fill(7);
  for (const shape of [{ kind: 'log' }, { kind: 'yeoJohnson', lambda: 2, inner }] as const) {
    const unwarp = unwarping(fitTargetWarp(shape, equal));
    expect(unwarp(0)).toBeCloseTo(7, 9);
    expect(unwarp(0.1)).toBeGreaterThan(7);
    expect(Number.isFinite(unwarp(30))).toBe(true);
  }
});

test('no warp narrows a spread further than at the last target seen, or than between them on average', () => {
  for (const [, shape, y] of cases) {
    if (shape.kind === 'logit') continue;
    const warp = fitTargetWarp(shape, y);
    const unwarp = unwarping(warp);
    const seen = warpTargets(warp, y).sort();
    const [first, last] = [seen[0]!, seen.at(-1)!];
    const average = (unwarp(last) - unwarp(first)) / (last - first);
    const slopeAt = (z: number): number => (unwarp(z + 1e-4) - unwarp(z - 1e-4)) / 2e-4;
    for (const beyond of [0.1, 0.5, 1, 2, 5, 20]) {
      expect(slopeAt(last + beyond)).toBeGreaterThan(0.999 * Math.min(average, slopeAt(last)));
      if (shape.kind === 'log') continue;
      expect(slopeAt(first - beyond)).toBeGreaterThan(0.999 * Math.min(average, slopeAt(first)));
    }
  }
});

test('outside their domain warps are infinite, and cannot be fitted', () => {
  const log = fitTargetWarp({ kind: 'log' }, positive);
  expect(warpTargets(log, Float64Array.of(0, -1))).toEqual(Float64Array.of(-Infinity, -Infinity));
  expect(warpLogSlope(log, -1)).toBe(-Infinity);
  const logit = fitTargetWarp({ kind: 'logit', lower: 0, upper: 100 }, shares);
  expect(warpTargets(logit, Float64Array.of(-1, 101))).toEqual(Float64Array.of(-Infinity, Infinity));
  expect(() => fitTargetWarp({ kind: 'log' }, Float64Array.of(1, 0))).toThrow('outside the domain of log');
});

test('Yeo-Johnson is increasing, continuous in its exponent and inverted by its inverse', () => {
  const finite = (bound: number) => fc.double({ min: -bound, max: bound, noNaN: true });
  fc.assert(
    fc.property(finite(20), fc.double({ min: -1, max: 3, noNaN: true }), (u, lambda) => {
      const v = yeoJohnson(u, lambda);
      expect(Math.abs(inverseYeoJohnson(v, lambda) - u)).toBeLessThan(1e-6 * (1 + Math.abs(u) ** 4));
      expect(yeoJohnson(u + 1e-3, lambda)).toBeGreaterThan(v);
      expect(Math.abs(yeoJohnson(u, lambda + 1e-9) - v)).toBeLessThan(1e-4 * (1 + Math.abs(v)));
      expect(Number.isFinite(yeoJohnsonLogSlope(u, lambda))).toBe(true);
    }),
  );
  expect(yeoJohnson(0.7, 1)).toBeCloseTo(0.7, 15);
  expect(inverseYeoJohnson(5, -1)).toBe(Infinity);
});
