import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { erfc, erfcx } from './erfc.ts';
import { normalCdf, normalLogCdf } from './normalCdf.ts';
import { normalLogPdf, normalPdf } from './normalPdf.ts';
import { normalQuantile, normalQuantileOfLog } from './normalQuantile.ts';
import { gaussHermite, gaussLegendre } from './quadrature.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/special/special.json', import.meta.url), 'utf8'),
) as Record<string, [number, number][]> & {
  gaussLegendre: [number, number[], number[]][];
  gaussHermite: [number, number[], number[]][];
};

/** Largest relative error over the golden values; absolute where the true value is 0. */
function worst(name: string, f: (x: number) => number): number {
  let error = 0;
  for (const [x, expected] of golden[name]!)
    error = Math.max(error, Math.abs(f(x) - expected) / (expected === 0 ? 1 : Math.abs(expected)));
  return error;
}

test('erfc and erfcx keep their stated error against mpmath', () => {
  expect(worst('erfc', erfc)).toBeLessThan(1e-14);
  expect(worst('erfcx', erfcx)).toBeLessThan(1e-13);
  for (const [x, expected] of golden.erfc!)
    if (x <= 2) expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(4e-16);
  for (const [x, expected] of golden.erfcx!)
    if (x >= 0) expect(Math.abs(erfcx(x) / expected - 1)).toBeLessThan(1e-15);
  expect(erfc(30)).toBe(0);
  expect(erfcx(-30)).toBe(Infinity);
  expect(erfcx(1e300) * 1e300).toBeCloseTo(1 / Math.sqrt(Math.PI), 14);
});

test('the normal functions keep their stated error against mpmath', () => {
  for (const [z, expected] of golden.normalCdf!)
    expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(1e-15 * (1 + z * z));
  expect(worst('normalLogCdf', normalLogCdf)).toBeLessThan(1e-14);
  expect(worst('normalPdf', normalPdf)).toBeLessThan(1e-13);
  expect(worst('normalQuantile', normalQuantile)).toBeLessThan(4e-15);
  expect(worst('normalQuantileOfLog', normalQuantileOfLog)).toBeLessThan(1e-13);
  for (const [z, expected] of golden.normalPdf!)
    if (expected > 0) expect(normalLogPdf(z)).toBeCloseTo(Math.log(expected), 10);
});

test('the quantile function inverts the distribution function and is odd', () => {
  for (let z = -8; z <= 8; z += 0.173) {
    expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, z > 5 ? 1 : 9);
    expect(normalQuantileOfLog(normalLogCdf(z))).toBeCloseTo(z, z > 5 ? 1 : 9);
  }
  expect(normalQuantile(0.3)).toBe(-normalQuantile(0.7));
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalQuantile(1)).toBe(Infinity);
  expect(normalQuantile(-0.1)).toBeNaN();
  expect(normalQuantileOfLog(0)).toBe(Infinity);
  expect(normalQuantileOfLog(-Infinity)).toBe(-Infinity);
});

test('quadrature rules agree with numpy and integrate polynomials exactly', () => {
  for (const [name, rule] of [
    ['gaussLegendre', gaussLegendre],
    ['gaussHermite', gaussHermite],
  ] as const) {
    for (const [n, nodes, weights] of golden[name] as unknown as [number, number[], number[]][]) {
      const ours = rule(n);
      nodes.forEach((node, i) => expect(Math.abs(ours.nodes[i]! - node)).toBeLessThan(1e-13));
      weights.forEach((weight, i) =>
        expect(Math.abs(ours.weights[i]! - weight)).toBeLessThan(1e-13 * Math.max(weight, 1e-3) + 1e-16),
      );
    }
  }
  const { nodes, weights } = gaussHermite(20);
  const moment = (k: number) => nodes.reduce((sum, z, i) => sum + weights[i]! * z ** k, 0);
  expect(moment(0)).toBeCloseTo(1, 13);
  expect(moment(2)).toBeCloseTo(1, 12);
  expect(moment(8) / 105).toBeCloseTo(1, 12);
});

test('the ends of the normal distribution are its limits', () => {
  expect(normalCdf(-Infinity)).toBe(0);
  expect(normalCdf(Infinity)).toBe(1);
  expect(normalLogCdf(-Infinity)).toBe(-Infinity);
  expect(normalLogCdf(Infinity)).toBeCloseTo(0, 15);
});
