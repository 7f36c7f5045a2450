import { inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engineError.ts';
import type { RawTable } from '../rawTable.ts';
import { defaultReadLimits, type ReadOptions } from '../readOptions.ts';
import { readTable } from '../readTable.ts';

const options: ReadOptions = {
  fileName: 'table.csv',
  limits: defaultReadLimits,
  inflateRaw: (bytes, max) => inflateRawSync(bytes, { maxOutputLength: max }),
};

function read(text: string | Uint8Array, more: Partial<ReadOptions> = {}): Promise<RawTable> {
  return readTable(typeof text === 'string' ? new TextEncoder().encode(text) : text, { ...options, ...more });
}

async function refusal(text: string | Uint8Array, more: Partial<ReadOptions> = {}): Promise<EngineError> {
  try {
    await read(text, more);
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  }
  throw new Error('the table was not refused');
}

const cells = (table: RawTable) =>
  Object.fromEntries(table.columns.map(({ header, cells }) => [header, [...cells]]));
const codes = (table: RawTable) => table.warnings.map(({ code }) => code);

describe('delimiters and line ends', () => {
  test.each([',', ';', '\t', '|'])('delimiter %j is found', async (delimiter) => {
    const table = await read(['a', 'b', 'c'].join(delimiter) + '\n' + ['1', '2', 'x'].join(delimiter) + '\n');
    expect(table.format.delimiter).toBe(delimiter);
    expect(cells(table)).toEqual({ a: ['1'], b: ['2'], c: ['x'] });
  });

  test('decimal commas between semicolons stay together', async () => {
    const table = await read('x;y\n1,5;2,5\n3,25;4\n');
    expect(table.format).toMatchObject({ delimiter: ';', decimalMark: ',' });
    expect(cells(table)).toEqual({ x: ['1,5', '3,25'], y: ['2,5', '4'] });
  });

  test('a single column of decimal commas is not cut', async () => {
    const table = await read('strength\n1,5\n2,25\n');
    expect(cells(table)).toEqual({ strength: ['1,5', '2,25'] });
    expect(table.format.decimalMark).toBe(',');
  });

  test('a line that declares the separator is obeyed and is no row', async () => {
    const table = await read('sep=;\na;b\n1;2\n');
    expect(cells(table)).toEqual({ a: ['1'], b: ['2'] });
    expect(table.format.headerRow).toBe(2);
    expect([...table.fileRows]).toEqual([3]);
  });

  test.each(['\n', '\r\n', '\r'])('line end %j is read', async (end) => {
    expect(cells(await read(`a,b${end}1,2${end}3,4${end}`))).toEqual({ a: ['1', '3'], b: ['2', '4'] });
  });

  test('mixed line ends are read, and kept inside quoted cells', async () => {
    const table = await read('a,b\r\n1,"x\r\ny"\r3,z\n');
    expect(cells(table)).toEqual({ a: ['1', '3'], b: ['x\r\ny', 'z'] });
    expect([...table.fileRows]).toEqual([2, 4]);
  });

  test('quoted cells keep delimiters, doubled quotes and line breaks', async () => {
    const table = await read('name,value\n"a, ""b""\nc",1\nd,2\n');
    expect(cells(table)['name']).toEqual(['a, "b"\nc', 'd']);
    expect([...table.fileRows]).toEqual([2, 4]);
  });

  test('a quote inside a cell is a character like any other', async () => {
    expect(cells(await read('pipe,n\n5" pipe,1\n3" pipe,2\n'))['pipe']).toEqual(['5" pipe', '3" pipe']);
  });

  test('what is written with quotes is read back, whatever it holds', async () => {
    const cell = fc
      .string({ maxLength: 8 })
      .map((text) => text.replace(/[\0-\x08\x0e-\x1f\ud800-\udfff\ufeff]/g, '?'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        async (rows) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const lines = [
            ['name one', 'name two', 'name three'],
            ...rows.map((row) => ['word', ...row.slice(1)]),
          ];
          const table = await read(lines.map((line) => line.map(quoted).join(',')).join('\n'), {
            decimalMark: '.',
          }).catch((error: EngineError) => error.code);
          // A contradiction between numbers is a refusal of its own.
          if (table === 'DECIMAL_CONTRADICTORY') return;
          expect((table as RawTable).columns[1]!.cells).toEqual(
            rows.map((row) => (row[1] === '' ? null : row[1])),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a quoted cell that is never closed is refused with the row where it opens', async () => {
    const error = await refusal('a,b\n1,2\n3,"open\n5,6\n7,8\n');
    expect(error).toMatchObject({ code: 'QUOTE_UNCLOSED', location: { row: 3, file: 'table.csv' } });
  });

  test('text after a closing quote is refused', async () => {
    expect(await refusal('a,b\n"x"y,2\n')).toMatchObject({ code: 'QUOTE_UNCLOSED', location: { row: 2 } });
  });

  test('a ragged row is refused with row, expected and found count', async () => {
    const error = await refusal('a,b,c\n1,2,3\n4,5\n');
    expect(error).toMatchObject({ code: 'ROW_RAGGED', location: { row: 3 } });
    expect(error.message).toContain('2 cells');
    expect(error.message).toContain('3');
    expect(await refusal('a,b\n1,2\n1,2,3\n')).toMatchObject({ code: 'ROW_RAGGED', location: { row: 3 } });
  });

  test('empty cells beyond the header do no harm', async () => {
    expect(cells(await read('a,b,,\n1,2,,\n3,4,,\n'))).toEqual({ a: ['1', '3'], b: ['2', '4'] });
    expect(cells(await read('a,b\n1,2,\n3,4,\n'))).toEqual({ a: ['1', '3'], b: ['2', '4'] });
  });

  test('blank rows are left out and counted, not those at the end', async () => {
    const table = await read('a,b\n\n1,2\n,\n3,4\n\n\n');
    expect(cells(table)).toEqual({ a: ['1', '3'], b: ['2', '4'] });
    expect([...table.fileRows]).toEqual([3, 5]);
    expect(table.warnings).toMatchObject([{ code: 'blank_rows', count: 2 }]);
  });
});

describe('encodings', () => {
  const text = 'Größe µm,±\n1,2\n';
  const utf16 = (mark: boolean, isBig: boolean) => {
    const units = [...(mark ? '\ufeff' : ''), ...text].map((character) => character.charCodeAt(0));
    return Uint8Array.from(
      units.flatMap((unit) => (isBig ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8])),
    );
  };

  test('a byte-order mark is no part of the first header', async () => {
    const table = await read('\ufeffname,b\n1,2\n');
    expect(table.columns[0]!.header).toBe('name');
    expect(table.format.encoding).toBe('utf-8');
  });

  test.each([
    ['utf-16le', true, false],
    ['utf-16be', true, true],
    ['utf-16le', false, false],
    ['utf-16be', false, true],
  ] as const)('%s with mark %s is read', async (encoding, mark, isBig) => {
    const table = await read(utf16(mark, isBig));
    expect(table.format.encoding).toBe(encoding);
    expect(table.columns.map(({ header }) => header)).toEqual(['Größe µm', '±']);
  });

  test('Windows-1252 is read with a warning that names the first row', async () => {
    const bytes = Uint8Array.from('a,b\n1,2\n5 \xb0C,\xb5\n', (character) => character.charCodeAt(0));
    const table = await read(bytes);
    expect(table.format.encoding).toBe('windows-1252');
    expect(cells(table)['b']).toEqual(['2', 'µ']);
    expect(table.warnings).toMatchObject([{ code: 'encoding_guessed', count: 2 }]);
    expect(table.warnings[0]!.message).toContain('row 3');
  });

  test('mixed encodings are refused with the first bad row', async () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('a,b\nµ,1\n'), 0xb5, 0x2c, 0x32, 0x0a]);
    expect(await refusal(bytes)).toMatchObject({ code: 'ENCODING_UNKNOWN', location: { row: 3 } });
  });

  test('a zero character is refused with its row', async () => {
    expect(await refusal('a,b\n1,2\n3,\0\n')).toMatchObject({ code: 'CELL_INVALID', location: { row: 3 } });
  });

  test('binary data is no table', async () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3)) % 127);
    expect((await refusal(bytes)).code).toBe('FILE_KIND_UNSUPPORTED');
  });

  test('no data ever holds a replacement character that the file does not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (bytes) => {
        const head = new TextEncoder().encode('a\nx\n');
        const table = await read(Uint8Array.from([...head, ...bytes])).catch(() => null);
        const text = JSON.stringify(table?.columns ?? '');
        const hasOwn =
          new TextDecoder().decode(bytes).includes('\ufffd') &&
          /\xef\xbf\xbd/.test(String.fromCharCode(...bytes));
        expect(text.includes('\ufffd')).toBe(hasOwn && table !== null);
      }),
      { numRuns: 300 },
    );
  });
});

describe('header and rows', () => {
  test('an empty file says so', async () => {
    expect(await refusal('')).toMatchObject({ code: 'FILE_EMPTY' });
    expect(await refusal('  \n \n')).toMatchObject({ code: 'FILE_EMPTY' });
  });

  test('a header without rows says so', async () => {
    const error = await refusal('a,b,c\n');
    expect(error.code).toBe('TABLE_WITHOUT_ROWS');
    expect(error.message).toContain('1 header line and 0 rows');
  });

  test('a table that begins with data has no header', async () => {
    expect(await refusal('1,2,3\n4,5,6\n')).toMatchObject({ code: 'HEADER_MISSING', location: { row: 1 } });
    expect(await refusal('M1,353,12.5\nM2,215,11.1\nM3,220,10\n')).toMatchObject({ code: 'HEADER_MISSING' });
  });

  test('wavelengths may be column names', async () => {
    const table = await read('sample,400,410,420\nA,0.1,0.2,0.3\nB,0.1,0.2,0.3\n');
    expect(table.columns.map(({ header }) => header)).toEqual(['sample', '400', '410', '420']);
  });

  test('title rows above the header are left out with a warning', async () => {
    const table = await read(
      'Series 12 of project Blue\nmade by Kim,2025\n\nname,strength,age\nA,12.5,7\nB,13.5,28\n',
    );
    expect(table.format.headerRow).toBe(4);
    expect(codes(table)).toContain('title_rows');
    expect(cells(table)['strength']).toEqual(['12.5', '13.5']);
    expect([...table.fileRows]).toEqual([5, 6]);
  });

  test('a row of units below the header is joined to it', async () => {
    const table = await read('cement,age,strength\nkg/m3,d,MPa\n350,28,45\n300,7,30\n');
    expect(table.columns.map(({ header }) => header)).toEqual([
      'cement (kg/m3)',
      'age (d)',
      'strength (MPa)',
    ]);
    expect(codes(table)).toContain('unit_row');
    expect(table.rowCount).toBe(2);
  });

  test('names below a row of merged groups are the header', async () => {
    const table = await read('Inputs,,Results,\nx1,x2,y1,y2\n1,2,3,4\n5,6,7,8\n');
    expect(table.columns.map(({ header }) => header)).toEqual(['x1', 'x2', 'y1', 'y2']);
    expect(codes(table)).toContain('title_rows');
  });

  test('two rows that both look like names are refused', async () => {
    expect(await refusal('a,b,c\nalpha,beta,gamma\n1,2,3\n4,5,6\n')).toMatchObject({
      code: 'HEADER_INVALID',
      location: { row: 2 },
    });
  });

  test('words and bounds in the first row of data are data', async () => {
    expect((await read('name,solvent,strength\nA,water,broken\nB,water,5\nC,water,6\n')).rowCount).toBe(3);
    expect((await read('x,y\n<0.1,<0.2\n1,2\n3,4\n')).rowCount).toBe(3);
    expect((await read('mix,7 d,28 d\nA,12,20\nB,13,21\n')).columns.map(({ header }) => header)).toEqual([
      'mix',
      '7 d',
      '28 d',
    ]);
  });

  test('a line of totals is taken away if its numbers prove it, and kept with a warning if not', async () => {
    const proved = await read('name,mass\na,1.5\nb,2.5\nc,4\nTotal,8\n');
    expect(proved.rowCount).toBe(3);
    expect(proved.warnings).toMatchObject([{ code: 'totals_row', rows: [4] }]);
    const unproved = await read('name,mass\na,1.5\nb,2.5\nc,4\nTotal,7\n');
    expect(unproved.rowCount).toBe(4);
    expect(codes(unproved)).toEqual(['totals_row']);
  });

  test.each([
    ['blank', 'a,,c\n1,2,3\n', 'column 2'],
    ['equal', 'a,b,a\n1,2,3\n', 'column 1'],
    ['equal but for case', 'Mass,b,mass\n1,2,3\n', 'column 3'],
    ['composed in different ways', 'Gr\u00f6\u00dfe,b,Gro\u0308\u00dfe\n1,2,3\n', 'column 3'],
  ])('%s headers are refused with their position', async (_, text, position) => {
    const error = await refusal(text);
    expect(error).toMatchObject({ code: 'HEADER_INVALID', location: { row: 1 } });
    expect(error.message).toContain(position);
  });

  test('the nameless index that data frames write gets a name', async () => {
    const table = await read(',a,b\n0,5,6\n1,7,8\n2,9,10\n');
    expect(table.columns.map(({ header }) => header)).toEqual(['row number', 'a', 'b']);
    expect(codes(table)).toEqual(['header_blank']);
  });

  test('headers that mean something to JavaScript are only names', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'then', 'length', '0', 'hasOwnProperty'];
    const table = await read(`${names.join(',')}\n1,2,3,4,5,6,7\n8,9,10,11,12,13,14\n`);
    expect(table.columns.map(({ header }) => header)).toEqual(names);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(table.columns[0]!.cells).toEqual(['1', '8']);
  });

  test('headers keep emoji, zero-width and right-to-left characters, lose line breaks, and end at 200 characters', async () => {
    const table = await read('"line\nbreak",🧪,a\u200bb,מבחן\n1,2,3,4\n');
    expect(table.columns.map(({ header }) => header)).toEqual(['line break', '🧪', 'a\u200bb', 'מבחן']);
    expect(await read(`${'x'.repeat(200)},b\n1,2\n`)).toMatchObject({ rowCount: 1 });
    const error = await refusal(`${'x'.repeat(201)},b\n1,2\n`);
    expect(error.code).toBe('HEADER_INVALID');
    expect(error.message).toContain('201');
    expect((await refusal(`${'x'.repeat(10_000)},b\n1,2\n`)).location.value!.length).toBeLessThanOrEqual(100);
  });

  test('cells that a spreadsheet would run are kept as they are', async () => {
    const dangerous = ['=cmd|x', '+1+2', '-x', '@sum', '\t=1', ' =1', '\u00a0=1'];
    const table = await read(`name,n\n${dangerous.map((cell) => `"${cell}",1`).join('\n')}\n`);
    expect(cells(table)['name']).toEqual(dangerous);
  });

  test('limits are told with the counts they meet', async () => {
    const limits = { ...defaultReadLimits, maxRows: 100, maxColumns: 5, maxCellCharacters: 50 };
    const rows = await refusal(`a,b\n${'1,2\n'.repeat(101)}`, { limits });
    expect(rows.code).toBe('TABLE_TOO_LARGE');
    expect(rows.message).toMatch(/101 rows \(limit 100\)/);
    const many = await refusal(`a,b\n${'1,2\n'.repeat(5000)}`, { limits });
    expect(many.code).toBe('TABLE_TOO_LARGE');
    expect(many.message).toMatch(/5002 rows \(limit 100\)/);
    const columns = await refusal('a,b,c,d,e,f\n1,2,3,4,5,6\n', { limits });
    expect(columns.message).toMatch(/6 columns \(limit 5\)/);
    const long = await refusal(`a,b\n${'x'.repeat(51)},2\n`, { limits });
    expect(long.message).toMatch(/51 characters \(limit 50\)/);
    expect((await refusal('a,b\n1,2\n3,4\n', { limits: { ...limits, maxCells: 3 } })).code).toBe(
      'TABLE_TOO_LARGE',
    );
  });
});

describe('decimal marks', () => {
  test('a comma before three digits is not guessed', async () => {
    const error = await refusal('name;mass\na;1,234\nb;2,345\n');
    expect(error).toMatchObject({
      code: 'DECIMAL_AMBIGUOUS',
      location: { row: 2, column: 'mass', value: '1,234' },
    });
    expect(error.fix).toContain('decimalMark');
  });

  test('the user can say what the comma is', async () => {
    expect((await read('name;mass\na;1,234\n', { decimalMark: ',' })).format.decimalMark).toBe(',');
    expect((await read('name;mass\na;1,234\n', { decimalMark: '.' })).format.decimalMark).toBe('.');
  });

  test('another column can say what the comma is', async () => {
    expect((await read('a;b\n1,234;0,5\n')).format.decimalMark).toBe(',');
    expect((await read('a;b\n1,234;0.5\n')).format.decimalMark).toBe('.');
  });

  test('a point before three digits is a decimal unless the table uses commas', async () => {
    expect((await read('a,b\n1.234,2.345\n')).format.decimalMark).toBeNull();
    expect(await refusal('a;b\n1.234;0,5\n2.345;0,7\n')).toMatchObject({
      code: 'DECIMAL_AMBIGUOUS',
      location: { column: 'a' },
    });
  });

  test.each([
    ['1.234,5', '1,234.5'],
    ['1,5', '2.5'],
    ['1 234', "1'234"],
    ["1'234", '1_000'],
    ['1,234,567', '1.234.567'],
    ['1,234.5', '1 234'],
  ])('%s and %s in one column contradict each other', async (first, second) => {
    const error = await refusal(`name\tx\na\t7\nb\t${first}\nc\t${second}\n`);
    expect(error).toMatchObject({ code: 'DECIMAL_CONTRADICTORY', location: { row: 4, column: 'x' } });
    expect(error.message).toContain('row 3');
  });

  test('columns may differ, and the user is told', async () => {
    const table = await read('a;b\n1,5;2.5\n3,5;4.5\n');
    expect(table.format.decimalMark).toBeNull();
    expect(codes(table)).toEqual(['decimal_marks_differ']);
  });
});
