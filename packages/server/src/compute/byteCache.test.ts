import { expect, it } from 'vitest';
import { ByteCache } from './byteCache.ts';

it('drops what was not used for longest when it holds too much', () => {
  const cache = new ByteCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  expect(cache.get('a')).toBe('A');
  cache.set('c', 'C', 4);
  expect(cache.get('b')).toBeUndefined();
  expect([cache.get('a'), cache.get('c')]).toEqual(['A', 'C']);
});

it('keeps the newest value even when it is too large, and nothing else then', () => {
  const cache = new ByteCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('big', 'B', 40);
  expect([cache.get('a'), cache.get('big')]).toEqual([undefined, 'B']);
  cache.set('c', 'C', 4);
  expect([cache.get('big'), cache.get('c')]).toEqual([undefined, 'C']);
});

it('counts a replaced value once', () => {
  const cache = new ByteCache<string>(10);
  for (let i = 0; i < 5; i++) cache.set('a', `A${i}`, 6);
  cache.set('b', 'B', 4);
  expect([cache.get('a'), cache.get('b')]).toEqual(['A4', 'B']);
});
