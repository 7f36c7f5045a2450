import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findClosedAmounts } from './findClosedAmounts.ts';
import { moveAmount } from './moveAmount.ts';
import { shareRest } from './shareRest.ts';

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('moving one amount of a mixture', () => {
  const mixture = fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 7 })
    .filter((parts) => sumOf(parts) > 1e-6)
    .map((parts) => parts.map((part) => (part / sumOf(parts)) * 100));

  it('keeps the sum, and the ratios of the others where nothing bounds them', () => {
    fc.assert(
      fc.property(
        mixture,
        fc.nat(),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (amounts, seed, wanted) => {
          const index = seed % amounts.length;
          const bounds = { lower: amounts.map(() => 0), upper: amounts.map(() => 100), total: 100 };
          const next = moveAmount(amounts, index, wanted, bounds);
          expect(sumOf(next)).toBeCloseTo(100, 8);
          expect(next[index]).toBeCloseTo(wanted, 9);
          const others = amounts.flatMap((_, i) => (i === index ? [] : [i]));
          const [before, after] = [others.map((i) => amounts[i]!), others.map((i) => next[i]!)];
          if (sumOf(before) < 1e-3 || sumOf(after) < 1e-3) return;
          before.forEach((value, k) =>
            expect(after[k]! / sumOf(after)).toBeCloseTo(value / sumOf(before), 6),
          );
        },
      ),
    );
  });

  it('stays within bounds and leaves held amounts alone, giving way with the moved one', () => {
    fc.assert(
      fc.property(
        mixture,
        fc.nat(),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (amounts, seed, wanted) => {
          const index = seed % amounts.length;
          const held = new Set(amounts.length > 2 ? [(index + 1) % amounts.length] : []);
          const bounds = {
            lower: amounts.map((value) => value * 0.5),
            upper: amounts.map((value) => Math.min(100, value * 1.5)),
            total: 100,
          };
          const next = moveAmount(amounts, index, wanted, bounds, held);
          expect(sumOf(next)).toBeCloseTo(100, 6);
          next.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(bounds.lower[i]! - 1e-9);
            expect(value).toBeLessThanOrEqual(bounds.upper[i]! + 1e-9);
            if (held.has(i)) expect(value).toBe(amounts[i]);
          });
        },
      ),
    );
  });

  it('lets absent components in only when the present ones are full', () => {
    expect(shareRest([30, 10, 0], 60, [0, 0, 0], [100, 100, 100])).toEqual([
      expect.closeTo(45, 9),
      expect.closeTo(15, 9),
      0,
    ]);
    expect(shareRest([30, 0, 0], 60, [0, 0, 0], [40, 100, 100])).toEqual([
      40,
      expect.closeTo(10, 9),
      expect.closeTo(10, 9),
    ]);
    expect(shareRest([0, 0], 8, [0, 0], [100, 100])).toEqual([expect.closeTo(4, 9), expect.closeTo(4, 9)]);
  });
});

describe('amounts that add up', () => {
  const variable = (key: string) => ({
    key,
    name: key,
    type: 'material_amount' as const,
    dataType: 'numeric' as const,
    role: 'input' as const,
    unit: '%',
    range: null,
    bounds: null,
    levels: null,
    distinctCount: 3,
    missingCount: 0,
    overridden: [],
    warnings: [],
  });
  const variables = [variable('a'), variable('b')];

  it('are found with their total and the rows that do not close', () => {
    const rows = [
      [40, 60],
      [20, 80.3],
      [50, 50],
      [100, null],
      [30, 60],
    ];
    const closed = findClosedAmounts(variables, ['a', 'b'], ['a', 'b'], rows);
    expect(closed).toMatchObject({ keys: ['a', 'b'], total: 100, openRows: [5] });
  });

  it('leave out what is counted in another unit', () => {
    const mixed = [
      ...variables.map((one) => ({ ...one, unit: 'wt%' })),
      { ...variables[0]!, key: 'trace', unit: 'ppm' },
    ];
    const keys = ['a', 'b', 'trace'];
    const closed = findClosedAmounts(mixed, keys, keys, [
      [40, 60, 0.2],
      [30, 70, 3],
    ]);
    expect(closed).toMatchObject({ keys: ['a', 'b'], total: 100, openRows: [] });
  });

  it('are not made up: independent amounts have none', () => {
    expect(
      findClosedAmounts(
        variables,
        ['a', 'b'],
        ['a', 'b'],
        [
          [1, 2],
          [30, 9],
        ],
      ),
    ).toBeNull();
    expect(findClosedAmounts(variables, ['a'], ['a', 'b'], [[40, 60]])).toBeNull();
  });
});
