import { inflateRawSync } from 'node:zlib';
import { defaultReadLimits, listCells, readTable, type Table, typeTable } from '@athanor/engine';
import type { CellValue, InputRow, VariableOverride } from '@athanor/schema';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendRows, type AppendedRows } from './appendRows.ts';
import { writeXlsx } from './files/writeXlsx.ts';

const describe = () => Promise.reject(new Error('there are no molecules'));
const source = { hash: '', fileName: 'table', readOptions: {}, overrides: [] };
const append = (bytes: Uint8Array, rows: readonly InputRow[], overrides: readonly VariableOverride[] = []) =>
  appendRows(bytes, { ...source, overrides }, rows, describe);

async function read({ bytes, readOptions, overrides }: AppendedRows): Promise<Table> {
  const inflateRaw = (packed: Uint8Array, maxOutputLength: number) =>
    inflateRawSync(packed, { maxOutputLength });
  const raw = await readTable(bytes, {
    fileName: '',
    limits: defaultReadLimits,
    inflateRaw,
    ...(readOptions.decimalMark === undefined ? {} : { decimalMark: readOptions.decimalMark }),
  });
  return typeTable(raw, overrides);
}
const cellsOf = async (appended: AppendedRows): Promise<CellValue[][]> =>
  listCells(await read(appended), 0, 1_000_000);

const utf8 = (text: string) => new TextEncoder().encode(text);

test('a workbook goes on as a CSV file that says the same', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => [i + 0.1, `grade ${i % 3}`, i % 2 === 0, 1 / (i + 1)]);
  const bytes = writeXlsx({ header: ['x (g)', 'grade', 'is dry', 'y'], rows }, 'data');
  const added = { 'x (g)': 1e-9, grade: 'grade "7", new', 'is dry': true, y: 0.30000000000000004 };
  const appended = await append(bytes, [added]);
  expect(appended).toMatchObject({ isConverted: true, rowCount: 21, readOptions: { decimalMark: '.' } });
  expect(appended.warnings.map(({ code }) => code)).toEqual(['file_converted', 'beyond_range', 'new_level']);
  const cells = await cellsOf(appended);
  expect(cells.slice(0, 20)).toEqual(rows);
  expect(cells[20]).toEqual(Object.values(added));
});

test('whatever numbers and texts are added come out as they went in, and the rest stays as it was', async () => {
  const bytes = utf8(
    `x,name,y\n${Array.from({ length: 30 }, (_, i) => `${i * 1.5},"n, ${i % 4}",${i % 7}`).join('\n')}\n`,
  );
  const before = await cellsOf(await append(bytes, [{ x: 0 }]));
  const name = fc
    .stringMatching(/^[a-z][a-z0-9 ,;"'=-]{0,10}[a-z]$/)
    .filter((text) => !/^(na|nan|none|null|nil)$/.test(text));
  const row = fc.record({
    x: fc.double({ noNaN: true, noDefaultInfinity: true }),
    name,
    y: fc.option(fc.integer({ min: -1000, max: 1000 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
      const cells = await cellsOf(await append(bytes, rows));
      expect(cells.slice(0, 30)).toEqual(before.slice(0, 30));
      // -0 is 0 for a chemist.
      expect(cells.slice(30)).toEqual(rows.map(({ x, name: text, y }) => [x + 0, text, y]));
    }),
    { numRuns: 60, seed: 3 },
  );
});

test('a column keeps its meaning when new rows would change it', async () => {
  const lines = Array.from({ length: 12 }, (_, i) => `${[304, 316, 410][i % 3]},${i},${(i * 5) % 7}`);
  const overrides: VariableOverride[] = [{ key: 'steel', dataType: 'categorical' }];
  const bytes = utf8(`steel,x,y\n${lines.join('\n')}`);
  const appended = await append(bytes, [{ steel: '316L', x: 3, y: 4 }], overrides);
  expect(appended.overrides).toEqual(overrides);
  expect((await cellsOf(appended)).at(-1)).toEqual(['316L', 3, 4]);
  // Numbers stay numbers, and text among them is refused with its place.
  await expect(append(bytes, [{ steel: '316L', x: 3, y: 'soft' }], overrides)).rejects.toMatchObject({
    code: 'CELL_INVALID',
    location: { field: 'body/rows/0/y', column: 'y' },
  });
});

test('a second time adds to what the first time made', async () => {
  const bytes = utf8('a;b\n1,5;2\n2,5;3\n3,25;4\n4,5;5\n5,5;6\n');
  const once = await append(bytes, [{ a: 6.5, b: 7 }]);
  expect(once.readOptions).toEqual({ decimalMark: ',' });
  const twice = await appendRows(once.bytes, { ...source, ...once }, [{ a: 7.125, b: 8 }], describe);
  expect(new TextDecoder().decode(twice.bytes)).toBe(
    'a;b\n1,5;2\n2,5;3\n3,25;4\n4,5;5\n5,5;6\n6,5;7\n7,125;8\n',
  );
});
