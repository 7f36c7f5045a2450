import { expect, test } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { tailLimit } from './tailLimit.ts';

const sizes = (n: number): Float64Array => {
  const generator = createGenerator('sizes');
  return Float64Array.from({ length: n }, () => Math.abs(generator.normal()));
};

test('ordinary errors lie below the limit, and a tenth of wild ones hardly moves it', () => {
  const plain = sizes(60);
  expect(plain.filter((size) => size > tailLimit(plain))).toHaveLength(0);
  const wild = plain.map((size, i) => (i % 12 === 0 ? 1000 : size));
  expect(tailLimit(wild)).toBeLessThan(2 * tailLimit(plain));
});

test('the limit goes with the unit of the errors', () => {
  const plain = sizes(30);
  expect(tailLimit(plain.map((size) => 8 * size))).toBe(8 * tailLimit(plain));
});

test('where ordinary errors are zero there is none', () => {
  expect(tailLimit(Float64Array.from({ length: 40 }, (_, i) => (i === 3 ? 1 : 0)))).toBe(Infinity);
});
