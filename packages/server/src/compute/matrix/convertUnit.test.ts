import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { convertUnit } from './convertUnit.ts';

it.each([
  ['kg', 'g', 2, 2000],
  ['MPa', 'psi', 1, 145.03773773],
  ['°C', 'K', 25, 298.15],
  ['F', '°C', 212, 100],
  ['C', 'F', -40, -40],
  ['g/cm³', 'kg/m3', 1.2, 1200],
  ['%', 'ppm', 0.5, 5000],
  ['h', 'min', 1.5, 90],
  ['μm', 'nm', 1, 1000],
])('converts %s to %s', (from, to, value, wanted) => {
  expect(convertUnit(from, to)!(value)).toBeCloseTo(wanted, 6);
});

it('does not guess: unknown units and different dimensions have no conversion', () => {
  for (const [from, to] of [
    ['kg', 'L'],
    ['HV', 'MPa'],
    ['widgets', 'g'],
    ['constructor', 'g'],
  ] as const) {
    expect(convertUnit(from, to)).toBeNull();
  }
  expect(convertUnit('HV', 'HV')!(5)).toBe(5);
});

it('comes back to where it began', () => {
  const units = ['C', 'K', 'F', 'kg', 'lb', 'MPa', 'psi', 'h', 's', 'ppm', '%'];
  fc.assert(
    fc.property(
      fc.constantFrom(...units),
      fc.constantFrom(...units),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      (from, to, value) => {
        const there = convertUnit(from, to);
        const back = convertUnit(to, from);
        expect(there === null).toBe(back === null);
        if (there !== null)
          expect(Math.abs(back!(there(value)) - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
      },
    ),
  );
});
