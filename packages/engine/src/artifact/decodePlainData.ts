import { EngineError } from '../engineError.ts';
import type { PlainData } from '../plainData.ts';
import {
  arrayOfType,
  plainDataFormat,
  plainDataFormatVersion,
  maxHeaderBytes,
  numberKey,
  tensorKey,
  textTensor,
  type TensorArray,
  type TensorType,
} from './plainDataFormat.ts';
import { decodeUtf8 } from '../utf8.ts';

/**
 * The value that `encodePlainData` wrote. Nothing in the bytes is trusted: lengths are checked before they are used,
 * tensors must fill the file without holes or overlaps, and the header must be exactly what our writer would write for
 * the same content, which rules out repeated keys. Numbers may be NaN or infinite; readers of models check that.
 *
 * @throws EngineError with code ARTIFACT_INVALID
 */
export function decodePlainData(bytes: Uint8Array): PlainData {
  const { header, body } = splitFile(bytes);
  const metadata = header.__metadata__;
  if (!isRecord(metadata) || metadata.format !== plainDataFormat)
    throw invalid('the file was not written by Athanor');
  checkVersion(metadata.version);
  const tensors = readTensors(header, body);
  const inTensor = tensors.get(textTensor);
  tensors.delete(textTensor);
  if ((inTensor === undefined) === (metadata.data === undefined))
    throw invalid('the text of the file must be in one place');
  const text = inTensor === undefined ? metadata.data : decodeText(inTensor);
  const value = restore(parseCanonical(text, 'the text'), tensors);
  if (tensors.size > 0) throw invalid(`the tensor ${[...tensors.keys()][0]!} belongs nowhere`);
  return value;
}

/** Nothing we write is nested more than a dozen levels. */
const maxDepth = 100;

function invalid(message: string): EngineError {
  return new EngineError('ARTIFACT_INVALID', message);
}

function splitFile(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.length < 8) throw invalid('the file is too short to have a header');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes))
    throw invalid(`the header is ${length} bytes long, more than ${maxHeaderBytes}`);
  const end = 8 + Number(length);
  if (end > bytes.length) throw invalid('the file ends within its header');
  if (bytes[8] !== 0x7b) throw invalid('the header does not start with {');
  const header = parseCanonical(decodeText(bytes.subarray(8, end)).trimEnd(), 'the header');
  if (!isRecord(header)) throw invalid('the header is not an object');
  return { header, body: bytes.subarray(end) };
}

function decodeText(bytes: TensorArray): string {
  if (!(bytes instanceof Uint8Array)) throw invalid('text must be bytes');
  try {
    return decodeUtf8(bytes);
  } catch {
    throw invalid('text in the file is not UTF-8');
  }
}

/** Parses JSON and insists on the one spelling that our writer uses: no repeated keys, no other escapes or spaces. */
function parseCanonical(text: unknown, name: string): unknown {
  let value: unknown;
  let again: string | undefined;
  try {
    value = JSON.parse(text as string);
    again = JSON.stringify(value);
  } catch {
    // Not JSON, or nested beyond the depth of the stack.
    throw invalid(`${name} is not JSON`);
  }
  if (again !== text) throw invalid(`${name} is not spelt as Athanor writes it, or repeats a key`);
  return value;
}

function checkVersion(version: unknown): void {
  if (typeof version !== 'string' || !/^[1-9]\d{0,8}$/.test(version))
    throw invalid('the file has no format version');
  if (Number(version) > plainDataFormatVersion)
    throw new EngineError(
      'ARTIFACT_INVALID',
      `the file has format version ${version}, this Athanor reads up to ${plainDataFormatVersion}`,
      {},
      'Update Athanor, or write the file again with this version.',
    );
}

function readTensors(header: Record<string, unknown>, body: Uint8Array): Map<string, TensorArray> {
  const tensors = new Map<string, TensorArray>();
  let next = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (!isRecord(entry) || Object.keys(entry).join() !== 'dtype,shape,data_offsets')
      throw invalid(`the tensor ${name} must have dtype, shape and data_offsets`);
    const { dtype, shape, data_offsets: offsets } = entry;
    if (typeof dtype !== 'string' || !Object.hasOwn(arrayOfType, dtype))
      throw invalid(`the tensor ${name} has an unknown dtype`);
    const ArrayType = arrayOfType[dtype as TensorType];
    if (!isCounts(shape, 1) || !isCounts(offsets, 2))
      throw invalid(`the tensor ${name} must have one dimension and two offsets`);
    const [length] = shape as [number];
    const [begin, end] = offsets as [number, number];
    // In the order of the file, each begins where the last ended.
    if (begin !== next || end < begin || end > body.length)
      throw invalid(`the tensor ${name} leaves a hole, overlaps another or leaves the file`);
    if (end - begin !== length * ArrayType.BYTES_PER_ELEMENT)
      throw invalid(`the tensor ${name} has another size than its shape says`);
    next = end;
    // A copy: aligned, and free of the file; a subclass such as Buffer would slice without copying.
    const cells = Uint8Array.from(body.subarray(begin, end));
    tensors.set(name, new ArrayType(cells.buffer, 0, length));
  }
  if (next !== body.length) throw invalid('the file has bytes that belong to no tensor');
  return tensors;
}

/** A list of `count` whole numbers that a double holds exactly. */
function isCounts(value: unknown, count: number): boolean {
  return (
    Array.isArray(value) &&
    value.length === count &&
    value.every((one) => Number.isSafeInteger(one) && one >= 0)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts tensors and special numbers back into place; takes each tensor out of `tensors` when it is used. */
function restore(value: unknown, tensors: Map<string, TensorArray>, depth = 0): PlainData {
  if (depth > maxDepth) throw invalid(`the text is nested deeper than ${maxDepth}`);
  if (Array.isArray(value)) return value.map((item) => restore(item, tensors, depth + 1));
  if (!isRecord(value)) return value as PlainData;
  if (Object.hasOwn(value, tensorKey)) return takeTensor(value[tensorKey], tensors);
  if (Object.hasOwn(value, numberKey)) return specialNumber(value[numberKey]);
  if (Object.hasOwn(value, '__proto__')) throw invalid('a member must not be called __proto__');
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, restore(member, tensors, depth + 1)]),
  );
}

function takeTensor(name: unknown, tensors: Map<string, TensorArray>): TensorArray {
  const tensor = typeof name === 'string' ? tensors.get(name) : undefined;
  if (tensor === undefined) throw invalid(`the tensor ${String(name)} is missing or used twice`);
  tensors.delete(name as string);
  return tensor;
}

function specialNumber(name: unknown): number {
  const numbers = new Map([
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['-0', -0],
  ]);
  const number = numbers.get(name as string);
  if (number === undefined) throw invalid(`${String(name)} is not a special number`);
  return number;
}
