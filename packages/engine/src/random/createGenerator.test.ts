import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGenerator } from './createGenerator.ts';
import { murmurHash3 } from './murmurHash3.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../../../fixtures/random/streams.json', import.meta.url), 'utf8'),
) as {
  hashes: [string, number[]][];
  uniformsOfSeed1: number[];
  uniformsOfText1: number[];
  normalsOfSeed1: number[];
  uniformsOfSplit: number[];
  thousandthOfSeed1: number;
};

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

test('the hash agrees with the mmh3 package at every tail length', () => {
  for (const [text, lanes] of golden.hashes) expect([...murmurHash3(text)]).toEqual(lanes);
});

test('the streams are those of numpy to the last bit', () => {
  const uniform = createGenerator(1);
  expect(draw(20, () => uniform.uniform())).toEqual(golden.uniformsOfSeed1);
  const text = createGenerator('1');
  expect(draw(5, () => text.uniform())).toEqual(golden.uniformsOfText1);
  const child = createGenerator(1).split('fold 3');
  expect(draw(20, () => child.uniform())).toEqual(golden.uniformsOfSplit);
  const long = createGenerator(1);
  expect(draw(1000, () => long.uniform()).at(-1)).toBe(golden.thousandthOfSeed1);
});

test('normal numbers are the quantiles that scipy gives', () => {
  const normal = createGenerator(1);
  for (const expected of golden.normalsOfSeed1)
    expect(Math.abs(normal.normal() - expected)).toBeLessThan(1e-14 * Math.max(1, Math.abs(expected)));
});

test('whoever is lent a stream draws what it would, and it goes on from there', () => {
  const [generator, lent] = [createGenerator('lent'), createGenerator('lent')];
  for (const one of [generator, lent]) draw(5, () => one.uniform());
  const word = (value: bigint): bigint => BigInt.asUintN(64, value);
  const drawn = lent.lend((state) => {
    const words = new BigUint64Array(state.buffer);
    return draw(20, () => {
      const [a, b, c, counter] = words as unknown as [bigint, bigint, bigint, bigint];
      const out = word(a + b + counter);
      words.set([
        b ^ (b >> 11n),
        word(c + (c << 3n)),
        word(word((c << 24n) | (c >> 40n)) + out),
        counter + 1n,
      ]);
      return Number(out >> 11n) * 2 ** -53;
    });
  });
  expect(drawn).toEqual(draw(20, () => generator.uniform()));
  expect(lent.uniform()).toBe(generator.uniform());
});

test('a child stream does not depend on how far its parent has been read', () => {
  const parent = createGenerator('a');
  const before = parent.split('x').uniform();
  draw(17, () => parent.uniform());
  expect(parent.split('x').uniform()).toBe(before);
  expect(parent.split('y').uniform()).not.toBe(before);
});

test('different seeds share no values', () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 200; seed++) {
    const generator = createGenerator(seed);
    for (let i = 0; i < 50; i++) seen.add(generator.uniform());
  }
  expect(seen.size).toBe(10_000);
});

test('uniform numbers pass a chi-square test, also of consecutive pairs', () => {
  const generator = createGenerator('chi-square');
  const cells = new Float64Array(1024);
  const count = 200_000;
  for (let i = 0; i < count; i++)
    cells[Math.floor(generator.uniform() * 32) * 32 + Math.floor(generator.uniform() * 32)]!++;
  const expected = count / cells.length;
  const statistic = cells.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
  // 1023 degrees of freedom: mean 1023, standard deviation 45.2; five of them on either side.
  expect(Math.abs(statistic - 1023)).toBeLessThan(226);
});

test('each of the 53 bits of a uniform number is set half of the time', () => {
  const generator = createGenerator('bits');
  const counts = new Float64Array(53);
  const count = 20_000;
  for (let i = 0; i < count; i++) {
    let bits = BigInt(generator.uniform() * 2 ** 53);
    for (let bit = 0; bit < 53; bit++) {
      counts[bit]! += Number(bits & 1n);
      bits >>= 1n;
    }
  }
  for (const ones of counts) expect(Math.abs(ones - count / 2)).toBeLessThan(5 * Math.sqrt(count / 4));
});

test('normal numbers have the first four moments of a normal distribution', () => {
  const generator = createGenerator('moments');
  const count = 200_000;
  const moments = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const z = generator.normal();
    for (let k = 0; k < 4; k++) moments[k]! += z ** (k + 1) / count;
  }
  const expected = [0, 1, 0, 3];
  const variance = [1, 2, 15, 96];
  for (let k = 0; k < 4; k++)
    expect(Math.abs(moments[k]! - expected[k]!)).toBeLessThan(5 * Math.sqrt(variance[k]! / count));
});

test('integers are uniform below any bound and refuse a wrong one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), (bound, seed) => {
      const value = createGenerator(seed).integer(bound);
      return Number.isInteger(value) && value >= 0 && value < bound;
    }),
  );
  const generator = createGenerator('integers');
  const counts = new Float64Array(7);
  for (let i = 0; i < 70_000; i++) counts[generator.integer(7)]!++;
  for (const observed of counts)
    expect(Math.abs(observed - 10_000)).toBeLessThan(5 * Math.sqrt((10_000 * 6) / 7));
  for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1])
    expect(() => generator.integer(bound)).toThrow(/bound of a random integer/);
});

test('shuffling gives every permutation equally often', () => {
  const generator = createGenerator('shuffle');
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = generator.shuffle([0, 1, 2, 3]).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  for (const observed of counts.values()) expect(Math.abs(observed - 1000)).toBeLessThan(5 * Math.sqrt(1000));
});
