import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlainData } from '../plainData.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { decodePlainData } from './decodePlainData.ts';
import { encodePlainData } from './encodePlainData.ts';
import { encodeUtf8 } from '../utf8.ts';

const invalid = expect.objectContaining({ name: 'EngineError', code: 'ARTIFACT_INVALID' });

const example: PlainData = {
  kind: 'example',
  'a/b~c': [Float64Array.of(1, NaN, -0), { deep: Int32Array.of(-1, 2) }],
  bytes: Uint8Array.of(1, 2, 3),
  short: Int16Array.of(-5),
  single: Float32Array.of(0.5),
  empty: new Float64Array(0),
  numbers: [NaN, Infinity, -Infinity, -0, 0, 1e-320, 1e300],
  text: '水泥 "quoted" \\ \u0000 \ud83e\uddea',
  nothing: null,
};

/** A safetensors file from a header given as text and the bytes after it. */
function fileOf(header: string, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = encodeUtf8(header);
  const bytes = new Uint8Array(8 + json.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(body, 8 + json.length);
  return bytes;
}

function headerOf(bytes: Uint8Array): string {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return new TextDecoder().decode(bytes.subarray(8, 8 + length));
}

function bodyOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(8 + Number(new DataView(bytes.buffer).getBigUint64(0, true)));
}

test('plain data come back equal, typed arrays and odd numbers bit by bit', () => {
  const back = decodePlainData(encodePlainData(example));
  expect(back).toEqual(example);
  expect(Object.is((back as { numbers: number[] }).numbers[3], -0)).toBe(true);
  for (const value of [null, 3, 'x', [], {}, Float64Array.of(2), true])
    expect(decodePlainData(encodePlainData(value))).toEqual(value);
});

test('any plain data come back equal', () => {
  const cells = fc.array(fc.double(), { maxLength: 5 });
  const { value } = fc.letrec<{ value: PlainData }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double(),
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.constant(null),
      cells.map((one) => Float64Array.from(one)),
      fc.array(fc.integer(), { maxLength: 5 }).map((one) => Int32Array.from(one)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string({ unit: 'grapheme' }).filter((key) => !['__proto__', '$tensor', '$number'].includes(key)),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }));
  fc.assert(
    fc.property(value, (data) => {
      const bytes = encodePlainData(data);
      expect(encodePlainData(decodePlainData(bytes))).toEqual(bytes);
    }),
    { numRuns: 300 },
  );
});

test('equal data are equal bytes, whatever the order of their members', () => {
  const a = encodePlainData({ x: 1, y: { p: Float64Array.of(1), q: Int32Array.of(2) } });
  const b = encodePlainData({ y: { q: Int32Array.of(2), p: Float64Array.of(1) }, x: 1 });
  expect(a).toEqual(b);
});

test('tensors are aligned to their cells and named by their path', () => {
  const bytes = encodePlainData(example);
  expect((bytes.length - bodyOf(bytes).length) % 8).toBe(0);
  const header = JSON.parse(headerOf(bytes)) as Record<string, { dtype: string; data_offsets: number[] }>;
  expect(Object.keys(header)).toContain('/a~1b~0c/1/deep');
  const width = { F64: 8, F32: 4, I32: 4, I16: 2, U8: 1 } as Record<string, number>;
  for (const [name, { dtype, data_offsets: offsets }] of Object.entries(header))
    if (name !== '__metadata__') expect(offsets[0]! % width[dtype]!).toBe(0);
});

test('text too long for a header travels as a tensor', () => {
  const long = Array.from({ length: 60_000 }, (_, i) => `level ${i}`);
  const bytes = encodePlainData({ long });
  expect(headerOf(bytes).length).toBeLessThan(1000);
  expect(decodePlainData(bytes)).toEqual({ long });
});

test('what is not plain is refused when it is written', () => {
  for (const value of [
    new Date(0),
    new Map(),
    () => 1,
    { a: 1n },
    { $tensor: 'x' },
    new Float64Array(1).buffer,
  ])
    expect(() => encodePlainData(value as unknown as PlainData)).toThrow(TypeError);
  expect(() => encodePlainData(JSON.parse('{"__proto__": 1}') as PlainData)).toThrow(TypeError);
  expect(decodePlainData(encodePlainData({ a: undefined, b: 1 } as unknown as PlainData))).toEqual({ b: 1 });
});

test('a file cut off anywhere is refused', () => {
  const bytes = encodePlainData(example);
  for (let length = 0; length < bytes.length; length++)
    expect(() => decodePlainData(bytes.subarray(0, length))).toThrow(invalid);
});

test('holes, overlaps, wrong sizes, foreign tensors and repeated keys are refused', () => {
  const metadata = (text: string) =>
    `"__metadata__":${JSON.stringify({ format: 'athanor plain data', version: '1', data: text })}`;
  const tensor = (length: number, begin: number, end: number, dtype = 'F64') =>
    JSON.stringify({ dtype, shape: [length], data_offsets: [begin, end] });
  const reference = '{"a":{"$tensor":"/a"}}';
  const good = fileOf(`{${metadata(reference)},"/a":${tensor(2, 0, 16)}}`, new Uint8Array(16));
  expect(decodePlainData(good)).toEqual({ a: new Float64Array(2) });
  const two = '{"a":{"$tensor":"/a"},"b":{"$tensor":"/b"}}';
  for (const [header, body] of [
    [`{${metadata(reference)},"/a":${tensor(2, 0, 16)}}`, 24],
    [`{${metadata(reference)},"/a":${tensor(2, 8, 24)}}`, 24],
    [`{${metadata(reference)},"/a":${tensor(3, 0, 16)}}`, 16],
    [`{${metadata(reference)},"/a":${tensor(2, 0, 16)}}`, 8],
    [`{${metadata(reference)},"/a":${tensor(2 ** 61, 0, 16)}}`, 16],
    [`{${metadata(reference)},"/a":${tensor(-2, 0, 16)}}`, 16],
    [`{${metadata(reference)},"/a":${tensor(2, 16, 0)}}`, 16],
    [`{${metadata(reference)},"/a":${tensor(2, 0, 16, 'F16')}}`, 16],
    [`{${metadata(reference)},"/a":${tensor(2, 0, 16, 'toString')}}`, 16],
    [`{${metadata(two)},"/a":${tensor(2, 0, 16)},"/b":${tensor(2, 8, 24)}}`, 24],
    [`{${metadata(two)},"/a":${tensor(1, 0, 8)},"/b":${tensor(1, 16, 24)}}`, 24],
    [`{${metadata(two)},"/a":${tensor(1, 0, 8)}}`, 8],
    [`{${metadata('{}')},"/a":${tensor(1, 0, 8)}}`, 8],
    [`{${metadata('{"a":{"$tensor":"/a"},"b":{"$tensor":"/a"}}')},"/a":${tensor(1, 0, 8)}}`, 8],
    [`{${metadata(reference)},"/a":${tensor(1, 0, 8)},"/a":${tensor(2, 0, 16)}}`, 16],
    [`{${metadata('{"a":1,"a":2}')}}`, 0],
    [`{${metadata('{"__proto__":{"x":1}}')}}`, 0],
    [`{${metadata('{"$number":"1e400"}')}}`, 0],
    [`{${metadata('{"a":')}}`, 0],
    [`{${metadata('[ 1]')}}`, 0],
    [`{${metadata(`${'['.repeat(5000)}${']'.repeat(5000)}`)}}`, 0],
    [` {${metadata('{}')}}`, 0],
    ['{}', 0],
    ['{"__metadata__":{"format":"pt"}}', 0],
    ['{"__metadata__":{"format":"athanor plain data","data":"{}"}}', 0],
    ['{"__metadata__":{"format":"athanor plain data","version":"1"}}', 0],
    ['[1]', 0],
  ] as const)
    expect(() => decodePlainData(fileOf(header, new Uint8Array(body))), header.slice(0, 200)).toThrow(
      invalid,
    );
});

test('a newer format is refused with what to do, a giant header before it is read', () => {
  const newer = fileOf('{"__metadata__":{"format":"athanor plain data","version":"2","data":"{}"}}');
  expect(() => decodePlainData(newer)).toThrow(/format version 2, this Athanor reads up to 1/);
  const giant = encodePlainData({});
  new DataView(giant.buffer).setBigUint64(0, 2n ** 63n, true);
  expect(() => decodePlainData(giant)).toThrow(/more than 1048576/);
});

test('pickles, zips and other files are refused', () => {
  for (const start of [
    [0x80, 4, 0x95],
    [0x50, 0x4b, 3, 4],
    [8, 7, 0x12],
  ]) {
    const bytes = new Uint8Array(300);
    bytes.set(start);
    expect(() => decodePlainData(bytes)).toThrow(invalid);
  }
});

test('ten thousand mutated files give a value or a refusal, nothing else', () => {
  const bytes = encodePlainData(example);
  const generator = createGenerator('mutations');
  let refused = 0;
  for (let run = 0; run < 10_000; run++) {
    const mutated = bytes.slice();
    for (let k = 0; k <= generator.integer(4); k++)
      mutated[generator.integer(mutated.length)] = generator.integer(256);
    try {
      decodePlainData(mutated);
    } catch (error) {
      expect(error).toEqual(invalid);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(5000);
});
