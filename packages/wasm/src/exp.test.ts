import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';

describe.each(supportedBuilds())('exp of the %s build', (build) => {
  const { arena, exp } = createRoutines({ build });

  function expOf(values: readonly number[]): number[] {
    const mark = arena.mark();
    const x = arena.storeFloat64(values);
    const y = arena.allocateFloat64(values.length);
    exp(values.length, x, y);
    const result = [...arena.float64(y, values.length)];
    arena.release(mark);
    return result;
  }

  it('lies within two units in the last place of Math.exp, which is itself within one', () => {
    const next = randomNumbers(1);
    const values = [700, 40, 1, 1e-3, 1e-10].flatMap((scale) =>
      Array.from({ length: 20_001 }, () => scale * next()),
    );
    let worst = 0;
    expOf(values).forEach((value, i) => {
      const expected = Math.exp(values[i]);
      // An ulp lies between epsilon / 2 and epsilon relative to the value.
      worst = Math.max(
        worst,
        Math.abs(value - expected) / (2 ** Math.floor(Math.log2(expected)) * Number.EPSILON),
      );
    });
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('is exact where the result is', () => {
    expect(expOf([0, -0, -Infinity, Infinity, -746, 710])).toEqual([1, 1, 0, Infinity, 0, Infinity]);
    expect(expOf([NaN])).toEqual([NaN]);
    expect(expOf([NaN, 0, 1, NaN])).toEqual([NaN, 1, Math.exp(1), NaN]);
  });

  it('goes gradually into the subnormal numbers and up to the greatest number', () => {
    const values = [-708.3, -708.4, -709, -720, -744, -745.13, 709.05, 709.7, 709.782712893384];
    expOf(values).forEach((value, i) => {
      const expected = Math.exp(values[i]);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.max(2 * Number.EPSILON * expected, 5e-324));
    });
  });

  it('handles any number of values, in place too, and writes no more', () => {
    for (let n = 0; n <= 17; n++) {
      const values = Array.from({ length: n + 1 }, (_, i) => -i / 3);
      const mark = arena.mark();
      const x = arena.storeFloat64(values);
      exp(n, x, x);
      const result = arena.float64(x, n + 1).slice();
      arena.release(mark);
      expect(result[n]).toBe(values[n]);
      for (let i = 0; i < n; i++) expect(result[i]).toBeCloseTo(Math.exp(values[i]), 14);
    }
  });
});
