import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engineError.ts';
import type { RawCell, RawTable } from '../rawTable.ts';
import { defaultReadLimits, type ReadOptions } from '../readOptions.ts';
import { readTable } from '../readTable.ts';
import { buildXlsx, type CellSpec, type WorkbookSpec } from '../testing/buildXlsx.ts';
import { buildZip } from '../testing/buildZip.ts';

const options: ReadOptions = {
  fileName: '',
  limits: defaultReadLimits,
  inflateRaw: (bytes, max) => inflateRawSync(bytes, { maxOutputLength: max }),
};
const deflate = (bytes: Uint8Array) => new Uint8Array(deflateRawSync(bytes));

function read(spec: WorkbookSpec, more: Partial<ReadOptions> = {}): Promise<RawTable> {
  return readTable(buildXlsx({ deflate, ...spec }), { ...options, ...more });
}

function readRows(
  rows: readonly (readonly CellSpec[])[],
  spec: Partial<WorkbookSpec> = {},
): Promise<RawTable> {
  return read({ sheets: [{ name: 'Data', rows }], ...spec });
}

async function refusal(action: Promise<unknown>): Promise<EngineError> {
  const error = await action.then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

const cells = (table: RawTable) =>
  Object.fromEntries(table.columns.map(({ header, cells }) => [header, [...cells]]));
const codes = (table: RawTable) => table.warnings.map(({ code }) => code);
const styled = (value: number, style: number) => ({ value, style });
const xml = (text: string) => ({ xml: text });

describe('cells', () => {
  test('numbers, texts and truth values come out as they are', async () => {
    const table = await readRows([
      ['name', 'mass', 'ok'],
      ['a & <b>', 1.5, true],
      ['ö "q"', -2e-7, false],
    ]);
    expect(cells(table)).toEqual({ name: ['a & <b>', 'ö "q"'], mass: [1.5, -2e-7], ok: [true, false] });
    expect(table.format).toEqual({
      kind: 'xlsx',
      encoding: null,
      delimiter: null,
      decimalMark: null,
      sheet: 'Data',
      headerRow: 1,
    });
    expect([...table.fileRows]).toEqual([2, 3]);
  });

  test('every decimal is rounded as JavaScript rounds it', async () => {
    const numbers = [
      0.1,
      123456789012345,
      0.39619299999999996,
      1 / 3,
      1e-300,
      5e-324,
      1.7976931348623157e308,
      4.35,
      0.000001,
      100.25,
    ];
    const texts = numbers.map((number) => xml(`<c r="ADDRESS"><v>${number}</v></c>`));
    const more = ['1E3', '1.5e+2', '.5', '-0.25', '007'].map((text) =>
      xml(`<c r="ADDRESS"><v>${text}</v></c>`),
    );
    const table = await readRows([['x'], ...[...texts, ...more].map((cell) => [cell])]);
    expect(table.columns[0]!.cells).toEqual([...numbers, 1000, 150, 0.5, -0.25, 7]);
  });

  test('shared strings, rich text, phonetic guides and escaped characters are read', async () => {
    const sharedStrings =
      '<sst count="9" uniqueCount="5"><si><t>name</t></si><si><t xml:space="preserve"> plain </t></si>' +
      '<si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and &amp; plain</t></r></si>' +
      '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si><si><t>a_x000D_b_x005F_c</t></si><si/></sst>';
    const shared = (index: number) => xml(`<c r="ADDRESS" t="s"><v>${index}</v></c>`);
    const table = await readRows([[shared(0), 'n'], ...[1, 2, 3, 4, 5].map((index) => [shared(index), 1])], {
      sharedStrings,
    });
    expect(cells(table)['name']).toEqual([' plain ', 'bold and & plain', '東京', 'a\rb_c', null]);
  });

  test('inline rich text and CDATA are read, comments are not', async () => {
    const table = await readRows([
      ['a', 'b'],
      [
        xml('<c r="ADDRESS" t="inlineStr"><is><r><t>one</t></r><r><t> two</t></r></is></c>'),
        xml('<c r="ADDRESS" t="str"><f>X</f><v><![CDATA[<x> & y]]><!-- no --></v></c>'),
      ],
    ]);
    expect(cells(table)).toEqual({ a: ['one two'], b: ['<x> & y'] });
  });

  test('dates are ISO text, with the time if there is one', async () => {
    const table = await readRows([
      ['date', 'moment', 'custom'],
      [styled(45720, 1), styled(45720.5, 2), styled(45720, 5)],
      [styled(1, 1), styled(45720.999999999, 2), styled(61, 5)],
    ]);
    expect(cells(table)).toEqual({
      date: ['2025-03-04', '1900-01-01'],
      moment: ['2025-03-04T12:00:00', '2025-03-05'],
      custom: ['2025-03-04', '1900-03-01'],
    });
  });

  test('workbooks that count from 1904 give the same days', async () => {
    const table = await readRows([['date'], [styled(45720 - 1462, 1)], [styled(0, 1)]], { isDate1904: true });
    expect(cells(table)).toEqual({ date: ['2025-03-04', '1904-01-01'] });
  });

  test('the 29th of February 1900 that Excel invented keeps its name', async () => {
    expect(cells(await readRows([['date'], [styled(60, 1)]]))).toEqual({ date: ['1900-02-29'] });
  });

  test('durations are hours, minutes and seconds', async () => {
    expect(cells(await readRows([['cure'], [styled(1.5, 4)], [styled(1 / 24, 4)]]))).toEqual({
      cure: ['36:00:00', '01:00:00'],
    });
  });

  test('a colour or a quoted word in a format makes no date', async () => {
    expect(cells(await readRows([['x'], [styled(45720, 6)]]))).toEqual({ x: [45720] });
  });

  test('percentages are fractions, and the user is told', async () => {
    const table = await readRows([['solids'], [styled(0.05, 3)], [styled(0.1, 3)]]);
    expect(cells(table)).toEqual({ solids: [0.05, 0.1] });
    expect(table.warnings).toMatchObject([{ code: 'percent_format', column: 'solids', count: 2 }]);
  });

  test('formulas count by their saved result; errors and unsaved results are missing and counted', async () => {
    const table = await readRows([
      ['a', 'b'],
      [xml('<c r="ADDRESS"><f>1+1</f><v>2</v></c>'), xml('<c r="ADDRESS" t="str"><f>"x"</f><v>text</v></c>')],
      [xml('<c r="ADDRESS" t="e"><f>1/0</f><v>#DIV/0!</v></c>'), xml('<c r="ADDRESS" t="e"><v>#N/A</v></c>')],
      [xml('<c r="ADDRESS"><f>A2</f></c>'), 'y'],
      [4, 'z'],
    ]);
    expect(cells(table)).toEqual({ a: [2, null, null, 4], b: ['text', null, 'y', 'z'] });
    expect(table.warnings).toMatchObject([
      { code: 'formula_errors', column: 'a', count: 1 },
      { code: 'formulas_unsaved', column: 'a', count: 1 },
      { code: 'formula_errors', column: 'b', count: 1 },
    ]);
  });

  test('a cell merged over rows holds for each of them', async () => {
    const table = await read({
      sheets: [
        {
          name: 'Data',
          rows: [
            ['batch', 'x', 'y'],
            ['A', 1, 2],
            [null, 3, 4],
            ['B', 5, 6],
          ],
          merges: ['A2:A3'],
        },
      ],
    });
    expect(cells(table)['batch']).toEqual(['A', 'A', 'B']);
    expect(table.warnings).toMatchObject([{ code: 'merged_cells', count: 1 }]);
  });

  test('a merge over the whole sheet and a false dimension cost nothing', async () => {
    const table = await read({
      sheets: [
        {
          name: 'Data',
          rows: [
            ['a', 'b'],
            [1, 2],
          ],
          merges: ['A1:XFD1048576', 'A2:A1048576'],
        },
      ],
    });
    expect(cells(table)).toEqual({ a: [1], b: [2] });
  });

  test('a merged title above the header is left out', async () => {
    const table = await read({
      sheets: [
        {
          name: 'Data',
          rows: [['Series 4'], [], ['name', 'x', 'y'], ['A', 1, 2], ['B', 3, 4]],
          merges: ['A1:C1'],
        },
      ],
    });
    expect(cells(table)).toEqual({ name: ['A', 'B'], x: [1, 3], y: [2, 4] });
    expect(table.format.headerRow).toBe(3);
    expect(codes(table)).toEqual(['title_rows']);
  });

  test('notes below the table are left out with a warning', async () => {
    const table = await readRows([
      ['name', 'x', 'y'],
      ['A', 1, 2],
      ['B', 3, 4],
      ['* measured at 23 °C by another laboratory'],
    ]);
    expect(table.rowCount).toBe(2);
    expect(codes(table)).toEqual(['note_rows']);
  });

  test('empty columns between others leave no trace', async () => {
    const table = await readRows([
      ['a', null, 'c'],
      [1, null, 2],
    ]);
    expect(cells(table)).toEqual({ a: [1], c: [2] });
  });

  test('a column without a name is refused with its letter', async () => {
    const error = await refusal(
      readRows([
        ['a', null, 'c'],
        [1, 9, 2],
      ]),
    );
    expect(error.code).toBe('HEADER_INVALID');
    expect(error.message).toContain('column B');
  });
});

describe('dialects', () => {
  test('elements with a namespace prefix are read', async () => {
    const table = await readRows(
      [
        ['a', 'b'],
        [1, 'x'],
      ],
      { prefix: 'x' },
    );
    expect(cells(table)).toEqual({ a: [1], b: ['x'] });
  });

  test('cells and rows without references follow each other', async () => {
    const sheet =
      '<worksheet><sheetData><row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>';
    expect(cells(await read({ sheets: [{ name: 'Data', xml: sheet }] }))).toEqual({ a: [1], b: [2] });
  });

  test('macros in a workbook do not matter', async () => {
    const extraParts = [{ name: 'xl/vbaProject.bin', bytes: new Uint8Array(100).fill(7) }];
    expect(cells(await readRows([['a'], [1]], { extraParts }))).toEqual({ a: [1] });
  });

  test('a ZIP64 directory is read', async () => {
    expect(cells(await readRows([['a'], [1]], { isZip64: true }))).toEqual({ a: [1] });
  });

  test('the workbook may lie anywhere', async () => {
    expect(cells(await readRows([['a'], [1]], { workbookPart: 'excel/workbook.xml' }))).toEqual({ a: [1] });
  });
});

describe('sheets', () => {
  const rows = [
    ['a', 'b'],
    [1, 2],
    [3, 4],
  ];

  test('the one sheet with data is taken, beside empty and hidden ones and notes', async () => {
    const table = await read({
      sheets: [
        { name: 'Empty', rows: [] },
        { name: 'Old', state: 'hidden', rows },
        { name: 'Read me', rows: [['This workbook'], ['holds data'], ['of 2025']] },
        { name: 'Data', rows },
      ],
    });
    expect(table.format.sheet).toBe('Data');
    expect(table.warnings).toMatchObject([{ code: 'sheets_ignored', count: 1 }]);
  });

  test('several tables are refused with their names and rows', async () => {
    const error = await refusal(
      read({
        sheets: [
          { name: 'One', rows },
          { name: 'Two', rows: [...rows, [5, 6]] },
        ],
      }),
    );
    expect(error.code).toBe('SHEET_AMBIGUOUS');
    expect(error.message).toContain('"One" (3 rows)');
    expect(error.message).toContain('"Two" (4 rows)');
  });

  test('a named sheet is taken, hidden or not', async () => {
    const spec: WorkbookSpec = {
      sheets: [
        { name: 'One', rows },
        { name: 'Two', state: 'hidden', rows: [['c'], [9]] },
      ],
    };
    expect(cells(await read(spec, { sheet: 'Two' }))).toEqual({ c: [9] });
    const error = await refusal(read(spec, { sheet: 'Three' }));
    expect(error).toMatchObject({ code: 'SHEET_UNKNOWN', location: { sheet: 'Three' } });
    expect(error.message).toContain('"One", "Two"');
  });

  test('hidden sheets alone are not chosen by themselves', async () => {
    expect((await refusal(read({ sheets: [{ name: 'Old', state: 'veryHidden', rows }] }))).code).toBe(
      'SHEET_AMBIGUOUS',
    );
  });

  test('a workbook without cells is empty', async () => {
    expect((await refusal(read({ sheets: [{ name: 'Data', rows: [] }] }))).code).toBe('FILE_EMPTY');
    expect((await refusal(read({ sheets: [{ name: 'Data', rows: [['a', 'b']] }] }))).code).toBe(
      'TABLE_WITHOUT_ROWS',
    );
  });
});

describe('hostile and damaged workbooks', () => {
  const sheetOf = (inner: string) => `<worksheet><sheetData>${inner}</sheetData></worksheet>`;
  const good = () =>
    buildXlsx({
      deflate,
      sheets: [
        {
          name: 'Data',
          rows: [
            ['a', 'b'],
            [1, 'x'],
          ],
        },
      ],
    });

  test('a cell in the last corner of the sheet costs one cell', async () => {
    const xmlText = sheetOf(
      '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>5</v></c></row>',
    );
    const error = await refusal(read({ sheets: [{ name: 'Data', xml: xmlText }] }));
    expect(error.code).toBe('HEADER_INVALID');
    expect(error.message).toContain('XFD');
  });

  test('a part that unpacks far beyond its size is refused before it is unpacked', async () => {
    let inflated = 0;
    const zeros = new Uint8Array(64 * 1024 * 1024);
    const bytes = buildZip([{ name: 'xl/worksheets/sheet1.xml', bytes: zeros, packed: deflate(zeros) }]);
    const error = await refusal(
      readTable(bytes, {
        ...options,
        inflateRaw: (packed, max) => {
          inflated++;
          return options.inflateRaw(packed, max);
        },
      }),
    );
    expect(error.code).toBe('FILE_UNPACKS_TOO_LARGE');
    expect(inflated).toBe(0);
  });

  test('the sum of all parts is limited', async () => {
    const limits = { ...defaultReadLimits, maxUnpackedBytes: 1000 };
    expect((await refusal(readTable(good(), { ...options, limits }))).code).toBe('FILE_UNPACKS_TOO_LARGE');
  });

  test('a part that claims fewer bytes than it has is stopped while it unpacks', async () => {
    const long = new TextEncoder().encode(`<Types>${' '.repeat(100_000)}</Types>`);
    const bytes = buildZip([
      { name: '_rels/.rels', bytes: long, packed: deflate(long), claimedUnpackedBytes: 500 },
      { name: 'xl/workbook.xml', bytes: long },
    ]);
    expect((await refusal(readTable(bytes, options))).code).toBe('FILE_UNPACKS_TOO_LARGE');
  });

  test('a part that claims more bytes than it has, or other ones, is damaged', async () => {
    const text = new TextEncoder().encode('<Relationships/>');
    for (const lie of [{ claimedUnpackedBytes: 500 }, { claimedCrc: 1 }]) {
      const bytes = buildZip([{ name: '_rels/.rels', bytes: text, packed: deflate(text), ...lie }]);
      expect((await refusal(readTable(bytes, options))).code).toBe('FILE_DAMAGED');
    }
  });

  test('parts that share bytes are refused', async () => {
    const text = new TextEncoder().encode('<x/>'.repeat(100));
    const parts = [{ name: 'a', bytes: text, packed: deflate(text) }];
    for (let i = 0; i < 50; i++)
      parts.push(Object.assign({}, parts[0]!, { name: `b${i}`, isOverlapping: true }));
    const error = await refusal(readTable(buildZip(parts), options));
    expect(error).toMatchObject({ code: 'FILE_DAMAGED' });
    expect(error.message).toContain('overlap');
  });

  test('more than a thousand parts are refused, and so is a part that occurs twice', async () => {
    const many = Array.from({ length: 1001 }, (_, i) => ({ name: `p${i}`, bytes: new Uint8Array(1) }));
    const error = await refusal(readTable(buildZip(many), options));
    expect(error.code).toBe('FILE_UNPACKS_TOO_LARGE');
    expect(error.message).toContain('1001');
    const twice = [1, 2].map(() => ({ name: 'same', bytes: new Uint8Array(1) }));
    expect((await refusal(readTable(buildZip(twice), options))).code).toBe('FILE_DAMAGED');
  });

  test('paths that climb out of the archive are only names', async () => {
    const extraParts = [
      { name: '../../etc/passwd', bytes: new Uint8Array(3) },
      { name: '/abs', bytes: new Uint8Array(3) },
    ];
    expect(cells(await readRows([['a'], [1]], { extraParts }))).toEqual({ a: [1] });
  });

  test('an encrypted part is named as such', async () => {
    const bytes = buildZip([{ name: 'xl/workbook.xml', bytes: new Uint8Array(9), flags: 1 }]);
    expect((await refusal(readTable(bytes, options))).code).toBe('FILE_ENCRYPTED');
  });

  test('document types are refused, and with them entity bombs and external entities', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${sheetOf('<row><c t="str"><v>&b;</v></c></row>')}`;
    const external = `<!DOCTYPE x SYSTEM "http://example.org/x">${sheetOf('')}`;
    for (const text of [bomb, external])
      expect((await refusal(read({ sheets: [{ name: 'Data', xml: text }] }))).code).toBe('FILE_DAMAGED');
    const unknown = sheetOf('<row><c t="str"><v>&b;</v></c></row>');
    expect((await refusal(read({ sheets: [{ name: 'Data', xml: unknown }] }))).code).toBe('FILE_DAMAGED');
  });

  test.each([
    ['shared string -1', '<c r="B2" t="s"><v>-1</v></c>'],
    ['shared string 1e9', '<c r="B2" t="s"><v>1000000000</v></c>'],
    ['a style that does not exist', '<c r="B2" s="99"><v>1</v></c>'],
    ['a number that is none', '<c r="B2"><v>12abc</v></c>'],
    ['an infinite number', '<c r="B2"><v>1e999</v></c>'],
    ['an unknown type', '<c r="B2" t="zz"><v>1</v></c>'],
  ])('%s is refused with the address of the cell', async (_, cell) => {
    const xmlText = sheetOf(`<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2">${cell}</row>`);
    const error = await refusal(read({ sheets: [{ name: 'Data', xml: xmlText }] }));
    expect(error).toMatchObject({ code: 'FILE_DAMAGED', location: { sheet: 'Data', row: 2, column: 'B' } });
    expect(error.message).toContain('B2');
  });

  test.each([
    ['rows backwards', '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"/>'],
    ['cells backwards', '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'],
    ['a column beyond XFD', '<row r="1"><c r="XFE1"><v>1</v></c></row>'],
    ['a row beyond the last', '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'],
    ['a tag that is cut off', '<row r="1"><c r="A1"'],
    ['a comment that never ends', '<!-- '],
  ])('%s is damage', async (_, inner) => {
    expect((await refusal(read({ sheets: [{ name: 'Data', xml: sheetOf(inner) }] }))).code).toBe(
      'FILE_DAMAGED',
    );
  });

  test('a million unused shared strings are not built', async () => {
    const sharedStrings = `<sst><si><t>a</t></si>${`<si><t>${'x'.repeat(20)}</t></si>`.repeat(100_000)}</sst>`;
    const table = await readRows([[xml('<c r="ADDRESS" t="s"><v>0</v></c>')], [1]], { sharedStrings });
    expect(cells(table)).toEqual({ a: [1] });
  });

  test('rows and columns are limited by those in use', async () => {
    const limits = { ...defaultReadLimits, maxRows: 10, maxColumns: 3 };
    const rows = Array.from({ length: 100 }, (_, i) => (i === 0 ? ['a', 'b'] : [i, i]));
    const tall = await refusal(read({ sheets: [{ name: 'Data', rows }] }, { limits }));
    expect(tall.code).toBe('TABLE_TOO_LARGE');
    expect(tall.message).toContain('10 rows');
    const wide = await refusal(
      read({ sheets: [{ name: 'Data', rows: [['a', 'b', 'c', 'd']] }] }, { limits }),
    );
    expect(wide.code).toBe('TABLE_TOO_LARGE');
  });

  test('a cell that is too long is refused with its place', async () => {
    const error = await refusal(readRows([['a'], ['x'.repeat(40_000)]]));
    expect(error).toMatchObject({ code: 'TABLE_TOO_LARGE', location: { row: 2, column: 'A' } });
  });

  test('a workbook cut off anywhere is refused, and never anything but refused', async () => {
    const bytes = good();
    for (let length = 0; length < bytes.length; length += 7) {
      const error = await refusal(readTable(bytes.subarray(0, length), options));
      expect([
        'FILE_EMPTY',
        'FILE_DAMAGED',
        'FILE_KIND_UNSUPPORTED',
        'CELL_INVALID',
        'ENCODING_UNKNOWN',
        'TABLE_WITHOUT_ROWS',
      ]).toContain(error.code);
      if (length > 8) expect(error.message).toMatch(/at byte \d+/);
    }
  });
});

describe('what other programs write', () => {
  const fixtures = join(import.meta.dirname, '../../../../../fixtures/table');
  const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<
    string,
    Record<string, RawCell[]>
  >;

  test.each(['openpyxl.xlsx', 'xlsxwriter.xlsx', 'xlsxwriter1904.xlsx'])(
    '%s holds the same cells',
    async (name) => {
      const table = await readTable(new Uint8Array(readFileSync(join(fixtures, name))), options);
      const wanted = structuredClone(expected['workbook']!);
      // A workbook that counts from 1904 has no days before.
      if (name.includes('1904')) wanted['made on']![2] = '1905-03-01';
      expect(cells(table)).toEqual(wanted);
      expect(table.format.sheet).toBe('Messung 1');
    },
  );
});
