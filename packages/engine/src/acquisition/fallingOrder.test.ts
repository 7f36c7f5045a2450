import { describe, expect, it } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { FallingOrder } from './fallingOrder.ts';

describe('FallingOrder', () => {
  it('finds the best as often as values fall, asking for few of them', () => {
    const generator = createGenerator('falling');
    const n = 300;
    const values = Float64Array.from({ length: n }, () => Math.floor(40 * generator.uniform()));
    values[7] = -Infinity;
    let asked = 0;
    const order = new FallingOrder(
      values.map((value) => value + generator.uniform()),
      (i) => {
        asked++;
        return values[i]!;
      },
    );
    for (let turn = 0; turn < 40; turn++) {
      const isOpen = (i: number): boolean => i % 2 === turn % 2;
      let expected = -1;
      values.forEach((value, i) => {
        if (isOpen(i) && value > (expected < 0 ? -Infinity : values[expected]!)) expected = i;
      });
      expect(order.best(isOpen)).toBe(expected);
      expect(order.at(expected)).toBe(values[expected]);
      // A few fall, the best among them, and all may rise by a little.
      const rise = turn % 5 === 0 ? 0.5 : 0;
      values.forEach((value, i) => {
        if (i === expected || generator.uniform() < 0.1) values[i] = value - 3 * generator.uniform();
        else values[i] = value + rise;
      });
      order.expire(rise);
    }
    expect(asked).toBeLessThan((40 * n) / 4);
  });

  it('has no best where none is open or above -Infinity', () => {
    const order = new FallingOrder(Float64Array.of(Infinity, Infinity), () => -Infinity);
    expect(order.best(() => true)).toBe(-1);
    expect(order.best(() => false)).toBe(-1);
  });
});
