import type { PlainData } from '../plainData.ts';
import {
  arrayOfType,
  plainDataFormat,
  plainDataFormatVersion,
  maxHeaderBytes,
  maxTextInHeader,
  numberKey,
  tensorKey,
  textTensor,
  type TensorArray,
  type TensorType,
} from './plainDataFormat.ts';
import { encodeUtf8 } from '../utf8.ts';

/**
 * Plain data as the bytes of a safetensors file; `decodePlainData` gives an equal value back, typed arrays bit by bit.
 * Equal data give equal bytes, whatever they came from. Properties whose value is undefined are left out.
 *
 * @throws TypeError when the data is not plain: a bug of the caller.
 */
export function encodePlainData(data: PlainData): Uint8Array {
  const tensors = new Map<string, TensorArray>();
  const text = JSON.stringify(replaceTensors(data, '', tensors));
  const metadata: Record<string, string> = {
    format: plainDataFormat,
    version: String(plainDataFormatVersion),
  };
  if (text.length <= maxTextInHeader) metadata.data = text;
  else tensors.set(textTensor, encodeUtf8(text));

  // Wide cells first keeps every tensor aligned without gaps; equal data then have one order of tensors.
  const sorted = [...tensors].sort(
    ([a, x], [b, y]) => y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1),
  );
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, array] of sorted) {
    const end = offset + array.byteLength;
    header[name] = { dtype: typeOf(array), shape: [array.length], data_offsets: [offset, end] };
    offset = end;
  }
  const json = encodeUtf8(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  if (headerBytes > maxHeaderBytes)
    throw new TypeError(`the header of plain data is ${headerBytes} bytes long, ${tensors.size} tensors`);

  const bytes = new Uint8Array(8 + headerBytes + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + headerBytes);
  let at = 8 + headerBytes;
  for (const [, array] of sorted) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

function typeOf(array: TensorArray): TensorType {
  return (Object.keys(arrayOfType) as TensorType[]).find((type) => array instanceof arrayOfType[type])!;
}

/** The data as JSON with typed arrays taken out into `tensors`. */
function replaceTensors(data: PlainData, path: string, tensors: Map<string, TensorArray>): unknown {
  if (data === null || typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number') {
    if (Number.isFinite(data) && !Object.is(data, -0)) return data;
    return { [numberKey]: Object.is(data, -0) ? '-0' : String(data) };
  }
  if (isTensorArray(data)) {
    tensors.set(path, data);
    return { [tensorKey]: path };
  }
  if (Array.isArray(data)) return data.map((item, i) => replaceTensors(item, `${path}/${i}`, tensors));
  if (typeof data !== 'object' || ![Object.prototype, null].includes(Object.getPrototypeOf(data)))
    throw new TypeError(`${path || 'the value'} is not plain data`);
  const members: Record<string, unknown> = {};
  // Sorted, so that equal data are equal bytes however they were put together.
  for (const key of Object.keys(data).sort()) {
    const value = (data as { [key: string]: PlainData | undefined })[key];
    if (value === undefined) continue;
    if (key === tensorKey || key === numberKey || key === '__proto__')
      throw new TypeError(`${path} has the reserved member ${key}`);
    const step = key.replaceAll('~', '~0').replaceAll('/', '~1');
    members[key] = replaceTensors(value, `${path}/${step}`, tensors);
  }
  return members;
}

function isTensorArray(data: PlainData): data is TensorArray {
  return Object.values(arrayOfType).some((type) => data instanceof type);
}
