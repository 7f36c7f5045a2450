import type { Variable } from '@athanor/schema';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listCells } from './listCells.ts';
import { profileTable } from './profileTable.ts';
import type { RawCell } from './rawTable.ts';
import type { Table } from './table.ts';
import { typeTable } from './typeTable.ts';

function table(columns: Record<string, readonly RawCell[]>): Table {
  const rowCount = Object.values(columns)[0]!.length;
  return typeTable(
    {
      format: { kind: 'csv', encoding: null, delimiter: ',', decimalMark: '.', sheet: null, headerRow: 1 },
      columns: Object.entries(columns).map(([header, cells]) => ({ header, cells })),
      rowCount,
      fileRows: Int32Array.from({ length: rowCount }, (_, i) => i + 2),
      warnings: [],
    },
    [],
  );
}

describe('the profile of a table', () => {
  test('has mean, standard deviation, quartiles and histogram of numbers, and the most frequent words', () => {
    const profile = profileTable(
      table({ x: ['1', '2', '3', '4', '', '10'], word: ['a', 'b', 'b', 'c', 'b', 'a'] }),
    );
    const [x, word] = profile.columns;
    expect(x).toMatchObject({ key: 'x', mean: 4, quartiles: [2, 3, 4], frequent: [] });
    expect(x!.standardDeviation).toBeCloseTo(Math.sqrt((9 + 4 + 1 + 0 + 36) / 4), 12);
    expect(x!.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    expect(word).toMatchObject({ mean: null, quartiles: null, histogram: [] });
    expect(word!.frequent).toEqual([
      { value: 'b', count: 3 },
      { value: 'a', count: 2 },
      { value: 'c', count: 1 },
    ]);
  });

  test('counts rows that repeat, and rows that share all inputs', () => {
    const profile = profileTable(
      table({
        temperature: ['1', '1', '1', '2', '2', '3'],
        solvent: ['a', 'a', 'a', 'b', 'b', ''],
        strength: ['5', '5', '6', '7', '8', '9'],
      }),
    );
    expect(profile.duplicateRowCount).toBe(1);
    expect(profile.replicateRowCount).toBe(5);
    expect(profile.warnings.find(({ code }) => code === 'duplicate_rows')).toMatchObject({
      rows: [2],
      count: 1,
    });
  });

  test('names a leak before everything else', () => {
    const y = Array.from({ length: 30 }, (_, i) => String(Math.sin(i)));
    const profile = profileTable(
      table({
        name: y.map((_, i) => `n${i}`),
        solvent: y.map((_, i) => ['a', 'A', ' b', 'b'][i % 4]!),
        foo: y.map((value, i) => String(2 * Number(value) + (i % 2) * 1e-6)),
        strength: y,
      }),
    );
    expect(profile.warnings[0]).toMatchObject({ code: 'possible_leak', column: 'foo' });
    expect(new Set(profile.warnings.map(({ code }) => code))).toContain('similar_levels');
  });

  test('histogram, quartiles and moments hold for any numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 80 }),
        (numbers) => {
          const values = Float64Array.from(numbers, (value) => value + 0);
          const [column] = profileTable({
            format: {
              kind: 'csv',
              encoding: null,
              delimiter: null,
              decimalMark: null,
              sheet: null,
              headerRow: 1,
            },
            rowCount: values.length,
            variables: [{ role: 'input', warnings: [] as Variable['warnings'] } as Variable],
            columns: [{ kind: 'numeric', key: 'x', values }],
            fileRows: new Int32Array(values.length),
            warnings: [],
          }).columns;
          const { histogram, quartiles, mean, standardDeviation } = column!;
          const [low, high] = [Math.min(...values), Math.max(...values)];
          expect(histogram.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
          expect([histogram[0]!.lower, histogram.at(-1)!.upper]).toEqual([low, high]);
          for (const [i, bin] of histogram.entries()) {
            expect(Number.isFinite(bin.lower) && Number.isFinite(bin.upper)).toBe(true);
            if (i > 0) expect(bin.lower).toBe(histogram[i - 1]!.upper);
            const members = [...values].filter(
              (value) => value >= bin.lower && (value < bin.upper || i === histogram.length - 1),
            );
            expect(bin.count).toBe(members.length);
          }
          const [q1, q2, q3] = quartiles!;
          expect(low <= q1 && q1 <= q2 && q2 <= q3 && q3 <= high).toBe(true);
          expect(Number.isFinite(mean!)).toBe(true);
          if (values.length > 1) expect(Number.isFinite(standardDeviation!) || high - low > 1e308).toBe(true);
        },
      ),
      { examples: [[[6.4e-323, 6.4e-323]]] },
    );
  });
});

describe('the cells of a table', () => {
  const cells = table({
    x: ['1', '', '3'],
    word: ['a', 'b', ''],
    ok: ['yes', 'no', ''],
    date: ['2025-03-04', '', '2025-03-05'],
  });

  test('are values by row, null where missing', () => {
    expect(listCells(cells, 0, 10)).toEqual([
      [1, 'a', true, 20151],
      [null, 'b', false, null],
      [3, null, null, 20152],
    ]);
  });

  test('come in pages, and beyond the end there are none', () => {
    expect(listCells(cells, 1, 1)).toEqual([[null, 'b', false, null]]);
    expect(listCells(cells, 3, 5)).toEqual([]);
    expect(listCells(cells, 0, 0)).toEqual([]);
  });
});
