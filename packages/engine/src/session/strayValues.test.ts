import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { findStrayValues } from './strayValues.ts';

test('a value a thousand times too large is found, wherever it stands', () => {
  const values = fc.array(fc.double({ min: 20, max: 30, noNaN: true }), { minLength: 8, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.nat(), fc.boolean(), (rest, place, isAbove) => {
      const y = Float64Array.from(rest);
      y[place % y.length]! *= isAbove ? 1000 : 0.001;
      const others = y.filter((_, i) => i !== place % y.length);
      if (new Set(others).size < 2) return;
      expect(findStrayValues(y)).toEqual({
        positions: [place % y.length],
        low: Math.min(...others),
        high: Math.max(...others),
      });
    }),
  );
});

test('two of forty are found together, three are not', () => {
  const y = Float64Array.from({ length: 40 }, (_, i) => 5 + i / 40);
  y.set([80, 90], 7);
  expect(findStrayValues(y)?.positions).toEqual([7, 8]);
  y[20] = 85;
  expect(findStrayValues(y)).toBeNull();
});

test('long tails, equal values and values on both sides of zero are left alone', () => {
  const generator = createGenerator('stray');
  let found = 0;
  for (let draw = 0; draw < 300; draw++) {
    const size = 8 + generator.integer(100);
    const normal = Float64Array.from({ length: size }, () => generator.normal());
    if (findStrayValues(normal) !== null) found++;
    if (findStrayValues(normal.map((value) => Math.exp(3 * value))) !== null) found++;
  }
  expect(found).toBeLessThan(6);
  expect(findStrayValues(Float64Array.of(0, 0, 0, 0, 0, 7))).toBeNull();
  expect(findStrayValues(Float64Array.of(1, 1, 1))).toBeNull();
});
