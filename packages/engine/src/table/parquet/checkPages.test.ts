import { inflateRawSync } from 'node:zlib';
import type { ColumnMetaData, SchemaElement } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../../engineError.ts';
import { checkPages } from './checkPages.ts';
import { readThriftStruct } from './readThriftStruct.ts';

/** A field of a compact structure: its number and an integer, or a structure. */
type Field = readonly [id: number, value: number | readonly Field[]];

function varInt(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function thrift(fields: readonly Field[]): number[] {
  const bytes: number[] = [];
  let last = 0;
  for (const [id, value] of fields) {
    const type = typeof value === 'number' ? 5 : 12;
    bytes.push(((id - last) << 4) | type, ...(typeof value === 'number' ? varInt(2 * value) : thrift(value)));
    last = id;
  }
  return [...bytes, 0];
}

/** A data page of the first version. */
function page(values: readonly number[], count: number, encoding: number, claimed = values.length): number[] {
  const details: Field[] = [
    [1, count],
    [2, encoding],
    [3, 3],
    [4, 3],
  ];
  return [
    ...thrift([
      [1, 0],
      [2, claimed],
      [3, values.length],
      [5, details],
    ]),
    ...values,
  ];
}

function check(bytes: readonly number[], rowCount: number, element: Partial<SchemaElement>, budget = 1e9) {
  return checkPages({
    bytes: Uint8Array.from(bytes),
    offset: 4,
    meta: { codec: 'UNCOMPRESSED' } as ColumnMetaData,
    element: { name: 'x', type: 'INT32', repetition_type: 'REQUIRED', ...element } as SchemaElement,
    rowCount,
    budget,
    inflateRaw: (packed, max) => inflateRawSync(packed, { maxOutputLength: max }),
  });
}

function refusal(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  }
  throw new Error('was not refused');
}

const [plain, dictionary, deltaBinary, deltaText] = [0, 8, 5, 7];
/** A run of 2^30 values in six bytes. */
const endlessRun = [0x80, 0x80, 0x80, 0x80, 0x08, 1];

describe('pages', () => {
  test('that are what they claim pass', () => {
    const values = [1, 0, 0, 0, 2, 0, 0, 0];
    expect(check(page(values, 2, plain), 2, {})).toEqual({ unpacked: [], unpackedBytes: 8 });
    // Levels of four bytes' length, a run of two ones; then the values.
    const optional = [2, 0, 0, 0, 4, 1, ...values];
    expect(check(page(optional, 2, plain), 2, { repetition_type: 'OPTIONAL' }).unpackedBytes).toBe(14);
    expect(check([...page(values, 2, plain), ...page(values, 2, plain)], 4, {}).unpackedBytes).toBe(16);
  });

  test.each([
    [
      'a run of levels beyond the values',
      page([6, 0, 0, 0, ...endlessRun], 4, plain),
      4,
      { repetition_type: 'OPTIONAL' },
      'longer than its values',
    ],
    [
      'levels that are cut off',
      page([9, 0, 0, 0, 4, 1], 2, plain),
      2,
      { repetition_type: 'OPTIONAL' },
      'cut off',
    ],
    ['a dictionary that is not there', page([1, ...endlessRun], 4, dictionary), 4, {}, 'not there'],
    ['fewer values than rows', page([1, 0, 0, 0], 1, plain), 3, {}, '1 of 3'],
    ['more values than rows', page([1, 0, 0, 0, 2, 0, 0, 0], 2, plain), 1, {}, 'more than the 1'],
    ['values that are cut off', page([1, 0, 0, 0], 2, plain), 2, {}, 'cut off'],
    ['texts that are cut off', page([200, 0, 0, 0, 65], 1, plain), 1, { type: 'BYTE_ARRAY' }, 'cut off'],
    [
      'differences in impossible blocks',
      page([0x80, 0x01, 0xff, 0xff, 0xff, 0x7f, 2, 0], 2, deltaBinary),
      2,
      {},
      'impossible blocks',
    ],
    [
      'four gigabytes for two numbers',
      page([1, 0, 0, 0, 2, 0, 0, 0], 2, plain, 2 ** 31 - 1),
      2,
      {},
      'claims 2147483647 bytes for 2 values',
    ],
    ['no values at all', page([], 0, plain), 2, {}, 'empty page'],
    ['a header that is cut off', [0x15, 0x00], 2, {}, 'cut off'],
  ] as const)('with %s are damage', (_, bytes, rowCount, element, message) => {
    const error = refusal(() => check(bytes, rowCount, element));
    expect(error.code).toBe('FILE_DAMAGED');
    expect(error.message).toContain(message);
  });

  test('beyond the budget, or that grow a thousand times, are refused as too large', () => {
    expect(refusal(() => check(page([1, 0, 0, 0], 1, plain), 1, {}, 3)).code).toBe('FILE_UNPACKS_TOO_LARGE');
    const text = { type: 'BYTE_ARRAY' } as const;
    expect(refusal(() => check(page([1, 0, 0, 0, 65], 1, plain, 100e6), 1, text)).code).toBe(
      'FILE_UNPACKS_TOO_LARGE',
    );
  });

  test('in an encoding that may claim anything are refused with the column', () => {
    expect(refusal(() => check(page([1, 0, 0, 0], 1, deltaText), 1, {}))).toMatchObject({
      code: 'COLUMN_UNSUPPORTED',
      location: { column: 'x' },
    });
  });
});

describe('structures of the compact protocol', () => {
  test('are read with their fields', () => {
    const { struct, end } = readThriftStruct(
      Uint8Array.from([
        9,
        ...thrift([
          [1, 300],
          [16, [[2, 5]]],
        ]),
      ]),
      1,
    );
    expect(struct).toEqual(
      new Map<number, unknown>([
        [1, 300],
        [16, new Map([[2, 5]])],
      ]),
    );
    expect(end).toBe(9);
  });

  test('may be nested only so deep', () => {
    const deep = Array.from({ length: 100_000 }, () => 0x1c);
    expect(refusal(() => readThriftStruct(Uint8Array.from(deep), 0)).message).toContain('nested');
  });
});
