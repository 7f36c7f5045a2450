import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtobufWriter } from './protobufWriter.ts';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex');

/** The numbers in a run of varints, read as the encoding's definition says: seven bits a byte, lowest first. */
function readVarints(bytes: Uint8Array): bigint[] {
  const numbers: bigint[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if ((byte & 0x80) !== 0) continue;
    numbers.push(BigInt.asIntN(64, value));
    value = 0n;
    shift = 0n;
  }
  return numbers;
}

test('writes the examples of the definition of the encoding', () => {
  expect(hex(new ProtobufWriter().integer(1, 150))).toBe('089601');
  expect(hex(new ProtobufWriter().text(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(new ProtobufWriter().message(3, (inner) => inner.integer(1, 150)))).toBe('1a03089601');
  expect(hex(new ProtobufWriter().integers(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  expect(hex(new ProtobufWriter().integers(6, []))).toBe('');
});

test('every whole number that a double holds comes back from its bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1 }), (values) => {
      const [tag, length, ...numbers] = readVarints(new ProtobufWriter().integers(1, values).finish());
      expect(tag).toBe(10n);
      expect(Number(length)).toBeGreaterThanOrEqual(values.length);
      expect(numbers).toEqual(values.map(BigInt));
    }),
  );
});
