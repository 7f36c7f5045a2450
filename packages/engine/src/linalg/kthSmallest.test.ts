import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { kthSmallest } from './kthSmallest.ts';

it('finds what sorting finds, with equal values and infinite ones', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(), (values, place) => {
      const k = place % values.length;
      const sorted = Float64Array.from(values).sort();
      expect(kthSmallest(Float64Array.from(values), k) === sorted[k]).toBe(true);
    }),
  );
});
