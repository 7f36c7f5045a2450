import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engineError.ts';
import type { RawCell, RawTable } from '../rawTable.ts';
import { defaultReadLimits, type ReadOptions } from '../readOptions.ts';
import { readTable } from '../readTable.ts';

const fixtures = join(import.meta.dirname, '../../../../../fixtures/table');
const options: ReadOptions = {
  fileName: '',
  limits: defaultReadLimits,
  inflateRaw: (bytes, max) => inflateRawSync(bytes, { maxOutputLength: max }),
};
const fixture = (name: string) => new Uint8Array(readFileSync(join(fixtures, name)));
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Record<
  string,
  Record<string, RawCell[]>
>;
const cells = (table: RawTable) =>
  Object.fromEntries(table.columns.map(({ header, cells }) => [header, [...cells]]));

async function refusal(bytes: Uint8Array, more: Partial<ReadOptions> = {}): Promise<EngineError> {
  const error = await readTable(bytes, { ...options, ...more }).then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
}

describe('what pyarrow writes', () => {
  test.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'plain', 'split', 'int96'])(
    '%s.parquet holds the same cells',
    async (name) => {
      const table = await readTable(fixture(`${name}.parquet`), options);
      expect(table.format).toEqual({
        kind: 'parquet',
        encoding: null,
        delimiter: null,
        decimalMark: null,
        sheet: null,
        headerRow: null,
      });
      for (const { header, cells } of table.columns)
        expect(cells, header).toEqual(expected['parquet']![header]);
      expect(table.columns).toHaveLength(Object.keys(expected['parquet']!).length);
    },
  );

  test.each([
    ['list.parquet', 'list'],
    ['struct.parquet', 'struct'],
    ['binary.parquet', 'blob'],
    ['delta.parquet', 'x'],
  ])('%s is refused with the name of the column', async (name, column) => {
    expect(await refusal(fixture(name))).toMatchObject({ code: 'COLUMN_UNSUPPORTED', location: { column } });
  });

  test('integers beyond 2^53 are rounded with a warning', async () => {
    const table = await readTable(fixture('long.parquet'), options);
    expect(table.warnings).toMatchObject([{ code: 'precision_loss', column: 'x', rows: [1, 2], count: 2 }]);
  });

  test('a table without rows says so', async () => {
    expect((await refusal(fixture('none.parquet'))).code).toBe('TABLE_WITHOUT_ROWS');
  });
});

describe('what hyparquet-writer writes', () => {
  const write = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'], rowGroupSize?: number) =>
    new Uint8Array(parquetWriteBuffer({ columnData, ...(rowGroupSize !== undefined && { rowGroupSize }) }));

  test('numbers, texts and missing values come back, over several row groups', async () => {
    const n = 1000;
    const mass = Array.from({ length: n }, (_, i) => (i % 13 === 0 ? null : i / 7));
    const name = Array.from({ length: n }, (_, i) => `name ${i % 5}`);
    const bytes = write(
      [
        { name: 'mass', data: mass, type: 'DOUBLE' },
        { name: 'name', data: name, type: 'STRING' },
      ],
      300,
    );
    expect(cells(await readTable(bytes, options))).toEqual({ mass, name });
  });

  test('infinite numbers get as far as the typing of cells, NaN is missing', async () => {
    const bytes = write([{ name: 'x', data: [1, NaN, Infinity], type: 'DOUBLE' }]);
    expect(cells(await readTable(bytes, options))).toEqual({ x: [1, null, Infinity] });
  });

  test('names that differ only in case are refused', async () => {
    const bytes = write([
      { name: 'Mass', data: [1], type: 'DOUBLE' },
      { name: 'mass', data: [1], type: 'DOUBLE' },
    ]);
    expect((await refusal(bytes)).code).toBe('HEADER_INVALID');
  });

  test('rows, columns and cells are limited by what the footer says', async () => {
    const bytes = write([{ name: 'x', data: [1, 2, 3], type: 'DOUBLE' }]);
    const error = await refusal(bytes, { limits: { ...defaultReadLimits, maxRows: 2 } });
    expect(error.code).toBe('TABLE_TOO_LARGE');
    expect(error.message).toContain('3 rows (limit 2)');
    expect((await refusal(bytes, { limits: { ...defaultReadLimits, maxUnpackedBytes: 10 } })).code).toBe(
      'FILE_UNPACKS_TOO_LARGE',
    );
  });
});

describe('hostile and damaged files', () => {
  const plain = fixture('plain.parquet');

  test('a footer longer than the file is refused with its offset', async () => {
    const bytes = plain.slice();
    new DataView(bytes.buffer).setUint32(bytes.length - 8, 0xfffffff0, true);
    const error = await refusal(bytes);
    expect(error.code).toBe('FILE_DAMAGED');
    expect(error.message).toMatch(/at byte \d+/);
  });

  test('an encrypted footer is named as such', async () => {
    const bytes = plain.slice();
    bytes.set([80, 65, 82, 69], bytes.length - 4);
    expect((await refusal(bytes)).code).toBe('FILE_ENCRYPTED');
  });

  test('a footer of lists in lists in lists does not allocate what it claims', async () => {
    // Field 2, a list of structures, with a length of two billion; again inside, and again.
    const claim = [0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07];
    const footer = Array.from({ length: 40 }, () => claim).flat();
    const bytes = Uint8Array.from([
      80,
      65,
      82,
      49,
      ...footer,
      footer.length & 255,
      footer.length >> 8,
      0,
      0,
      80,
      65,
      82,
      49,
    ]);
    const error = await refusal(bytes);
    expect(error.code).toBe('FILE_DAMAGED');
    expect(error.message).toContain('list');
  });

  test('a footer with an endless number is refused', async () => {
    const footer = [0x26, ...Array.from({ length: 100_000 }, () => 0xff), 0x01, 0x00];
    const length = footer.length;
    const bytes = Uint8Array.from([
      80,
      65,
      82,
      49,
      ...footer,
      length & 255,
      (length >> 8) & 255,
      length >> 16,
      0,
      80,
      65,
      82,
      49,
    ]);
    expect((await refusal(bytes)).message).toContain('endless');
  });

  test('a flipped byte in a page with a checksum is found', async () => {
    const meta = parquetMetadata(plain.slice().buffer as ArrayBuffer);
    const chunk = meta.row_groups[0]!.columns[0]!.meta_data!;
    const at = Number(chunk.data_page_offset) + Number(chunk.total_compressed_size) - 3;
    const bytes = plain.slice();
    bytes[at]! ^= 4;
    const error = await refusal(bytes);
    expect(error).toMatchObject({ code: 'FILE_DAMAGED', location: { column: 'float64' } });
    expect(error.message).toMatch(/not those it was saved with.*at byte \d+/);
  });

  test('a page that claims four gigabytes is refused before they are there', async () => {
    // hyparquet-writer: the first page header begins right after the magic number; field 2 is the unpacked size.
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [{ name: 'x', data: ['aaaa', 'bbbb', 'cccc', 'dddd'], type: 'STRING' }],
      }),
    );
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 4; at < 40; at++) {
      const hostile = new Uint8Array(bytes.length + 4);
      hostile.set(bytes.subarray(0, at));
      hostile.set([0xfe, 0xff, 0xff, 0xff, 0x1f], at);
      hostile.set(bytes.subarray(at + 1), at + 5);
      await readTable(hostile, options).catch((error: unknown) => expect(error).toBeInstanceOf(EngineError));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
  });

  test('every file cut off or with a byte changed is read or refused, and nothing else', async () => {
    for (const name of ['gzip', 'lz4', 'brotli', 'split', 'snappy', 'zstd']) {
      const bytes = fixture(`${name}.parquet`);
      for (let i = 0; i < 15; i++) {
        const at = (i * 7919 * 13) % bytes.length;
        const changed = i % 3 === 0 ? bytes.slice(0, at) : bytes.slice();
        if (i % 3 !== 0) changed[at] = (changed[at]! + 1 + ((i * 37) % 255)) & 255;
        await readTable(changed, options).catch((error: unknown) => {
          if (!(error instanceof EngineError)) throw error;
        });
      }
    }
  });
});
