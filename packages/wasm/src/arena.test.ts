import { describe, expect, it } from 'vitest';
import { Arena, leadingDimension } from './arena.ts';

describe('an arena', () => {
  it('hands out blocks on cache lines, one after the other, and takes them back at a mark', () => {
    const arena = Arena.create();
    const first = arena.allocateFloat64(3);
    const mark = arena.mark();
    const second = arena.allocate(1);
    expect(first % 64).toBe(0);
    expect(second).toBe(first + 64);
    arena.release(mark);
    expect(arena.allocateInt32(5)).toBe(second);
  });

  it('keeps its contents when it grows', () => {
    const arena = Arena.create();
    const pointer = arena.storeFloat64([1, 2, 3]);
    const before = arena.float64(pointer, 3);
    const mark = arena.mark();
    arena.allocate(5_000_000);
    expect(arena.capacityBytes).toBeGreaterThan(5_000_000);
    expect(before).toHaveLength(0);
    expect([...arena.float64(pointer, 3)]).toEqual([1, 2, 3]);
    arena.release(mark);
    expect([...arena.float64(pointer, 3)]).toEqual([1, 2, 3]);
  });

  it('keeps views alive for what was reserved', () => {
    const arena = Arena.create();
    arena.reserve(1_000_000);
    const pointer = arena.storeInt32([7]);
    const view = arena.int32(pointer, 1);
    arena.allocate(900_000);
    expect([...view]).toEqual([7]);
  });

  it('knows a block that was left at its top until another is put there', () => {
    const arena = Arena.create();
    arena.allocate(100);
    const owner = {};
    const mark = arena.mark();
    const pointer = arena.storeFloat64([1, 2, 3]);
    arena.leave(owner, pointer);
    expect(arena.isLeft(owner)).toBe(false);
    arena.allocate(1000);
    arena.release(mark);
    expect(arena.isLeft(owner)).toBe(true);
    expect(arena.isLeft({})).toBe(false);
    expect([...arena.float64(pointer, 3)]).toEqual([1, 2, 3]);
    arena.allocate(1);
    arena.release(mark);
    expect(arena.isLeft(owner)).toBe(false);
  });

  it('does not know a block any more when one before it was handed out', () => {
    const arena = Arena.create();
    const owner = {};
    const lower = arena.mark();
    arena.allocate(100);
    const upper = arena.mark();
    arena.leave(owner, arena.allocate(100));
    arena.release(upper);
    expect(arena.isLeft(owner)).toBe(true);
    arena.release(lower);
    expect(arena.isLeft(owner)).toBe(false);
    arena.allocate(100);
    expect(arena.mark()).toBe(upper);
    expect(arena.isLeft(owner)).toBe(false);
  });

  it('stores every kind of number it reads', () => {
    const arena = Arena.create();
    expect([...arena.uint8(arena.storeUint8([1, 255]), 2)]).toEqual([1, 255]);
    expect([...arena.int32(arena.storeInt32([-1]), 1)]).toEqual([-1]);
    const { pointer, ld } = arena.allocateMatrix(5, 2);
    expect(ld).toBe(8);
    expect(arena.top - pointer).toBe(128);
  });

  it('says what it needs when the memory cannot grow that far, and stays usable', () => {
    const arena = Arena.create();
    expect(() => arena.allocate(5e9)).toThrow(RangeError);
    expect(() => arena.allocate(5e9)).toThrow(/need 5000\.0 MB .* limit 4295 MB/);
    expect(arena.storeFloat64([4])).toBe(arena.base);
  });

  it('refuses sizes that are none and marks that were released', () => {
    const arena = Arena.create();
    for (const size of [-1, 1.5, NaN, Infinity]) expect(() => arena.allocate(size)).toThrow(RangeError);
    arena.allocate(10);
    const mark = arena.mark();
    arena.release(arena.base);
    expect(() => arena.release(mark)).toThrow(RangeError);
    expect(() => arena.release(NaN)).toThrow(RangeError);
  });
});

describe('a leading dimension', () => {
  it('is a multiple of 4 that holds the rows and is no multiple of a memory page', () => {
    expect([0, 1, 4, 5, 100, 511, 512, 1024].map(leadingDimension)).toEqual([
      4, 4, 4, 8, 100, 516, 516, 1028,
    ]);
  });
});
