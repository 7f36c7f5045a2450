import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';

/** Bins 0 .. binCounts[j] of each input, the last that of missing cells. */
function randomBins(seed: number, n: number, binCounts: readonly number[]): Uint8Array[] {
  const next = randomNumbers(seed);
  return binCounts.map((count) =>
    Uint8Array.from({ length: n }, () => Math.floor(((next() + 1) / 2) * (count + 1))),
  );
}

/** In strips of four inputs. */
function inStrips(columns: readonly Uint8Array[], n: number): Uint8Array {
  const strips = new Uint8Array(4 * n * Math.ceil(columns.length / 4));
  columns.forEach((column, j) =>
    column.forEach((bin, i) => (strips[4 * (n * Math.floor(j / 4) + i) + (j % 4)] = bin)),
  );
  return strips;
}

describe.each(supportedBuilds())('histograms of the %s build', (build) => {
  const { arena, ...routines } = createRoutines({ build });

  it.each([1, 2, 3, 4, 5, 8, 11])(
    'of %i inputs hold sum and weight of the rows in each bin, and leave the rest of a whole',
    (d) => {
      const n = 60;
      const mark = arena.mark();
      const binCounts = Array.from({ length: d }, (_, j) => [1, 2, 17, 255][j % 4]);
      const columns = randomBins(d, n, binCounts);
      const next = randomNumbers(d + 100);
      const moments = Float64Array.from({ length: 2 * n }, next);
      const all = Int32Array.from({ length: n }, (_, i) => i);
      const some = all.filter((row) => row % 3 === 1).reverse();
      const starts = [0];
      for (const count of binCounts) starts.push(starts.at(-1)! + 16 * (count + 1));
      const cells = starts[d] / 8;
      const inputs = { n, d, bins: arena.storeUint8(inStrips(columns, n)) };
      const common = {
        ...inputs,
        moments: arena.storeFloat64(moments),
        starts: arena.storeInt32(starts),
      };
      const whole = arena.storeFloat64(new Float64Array(cells).fill(NaN));
      const part = arena.allocateFloat64(cells);
      routines.fillHistogram({ ...common, count: n, rows: arena.storeInt32(all), histogram: whole });
      const before = arena.float64(whole, cells).slice();
      const rows = arena.storeInt32(some);
      routines.fillHistogram({ ...common, count: some.length, rows, histogram: part, whole });

      const expected = new Float64Array(cells);
      for (const row of some)
        for (let j = 0; j < d; j++) {
          const cell = starts[j] / 8 + 2 * columns[j][row];
          expected[cell] += moments[2 * row];
          expected[cell + 1] += moments[2 * row + 1];
        }
      expect(arena.float64(part, cells).slice()).toEqual(expected);
      expect(arena.float64(whole, cells).slice()).toEqual(before.map((cell, k) => cell - expected[k]));
      arena.release(mark);
    },
  );

  it('part rows by a bin, missing cells to either side, each side in its order', () => {
    const n = 50;
    const binCounts = [3, 9, 255, 4, 20];
    const columns = randomBins(1, n, binCounts);
    const inputs = { n, d: 5, bins: arena.storeUint8(inStrips(columns, n)) };
    const list = Int32Array.from({ length: 40 }, (_, k) => (k * 7) % n);
    binCounts.forEach((missingBin, feature) => {
      for (const missingLeft of [false, true])
        for (const bin of [0, missingBin >> 1, missingBin - 1])
          for (const count of [0, 1, 40]) {
            const mark = arena.mark();
            const rows = arena.storeInt32(list);
            const split = { feature, bin, missingBin, missingLeft };
            const left = routines.partBinnedRows({ ...inputs, ...split, count, rows });
            const goesLeft = (row: number): boolean => {
              const cell = columns[feature][row];
              return cell === missingBin ? missingLeft : cell <= bin;
            };
            const parted = [...list.subarray(0, count)];
            const expected = [...parted.filter(goesLeft), ...parted.filter((row) => !goesLeft(row))];
            expect(left).toBe(parted.filter(goesLeft).length);
            expect([...arena.int32(rows, 40)]).toEqual([...expected, ...list.subarray(count)]);
            arena.release(mark);
          }
    });
  });

  it('refuse an input that there is not, and a histogram without room', () => {
    const mark = arena.mark();
    const inputs = { n: 2, d: 1, bins: arena.storeUint8([0, 1, 0, 0, 1, 0, 0, 0]) };
    const rows = arena.storeInt32([0, 1]);
    const split = { feature: 1, bin: 0, missingBin: 2, missingLeft: false, count: 2, rows };
    expect(() => routines.partBinnedRows({ ...inputs, ...split })).toThrow(/feature is 1, there are 1/);
    const moments = arena.allocateFloat64(4);
    const starts = arena.storeInt32([0, 48_000]);
    const histogram = arena.allocateFloat64(6);
    expect(() => routines.fillHistogram({ ...inputs, moments, count: 2, rows, starts, histogram })).toThrow(
      /histogram takes bytes/,
    );
    arena.release(mark);
  });
});
