import { snappyUncompress } from 'hyparquet';
import { decompressBrotli, decompressLz4Raw, decompressZstd } from 'hyparquet-compressors';
import type { InflateRaw } from '../readOptions.ts';

/** Codecs that can be read; LZO and the old framing of LZ4 are written by nothing that is still in use. */
export const codecs: ReadonlySet<string> = new Set([
  'UNCOMPRESSED',
  'SNAPPY',
  'GZIP',
  'BROTLI',
  'ZSTD',
  'LZ4_RAW',
]);

/**
 * Unpacks one page into exactly `length` bytes; work and memory are bounded by it whatever the bytes say.
 * @throws Error when the bytes are not what the codec writes, or unpack to another length.
 */
export function decompressPage(
  codec: string,
  bytes: Uint8Array,
  length: number,
  inflateRaw: InflateRaw,
): Uint8Array {
  // Pages of nothing but missing values; codecs differ in what they write for nothing.
  if (length === 0) return new Uint8Array();
  const page = unpack(codec, bytes, length, inflateRaw);
  if (page.length !== length) throw new Error(`the page has ${page.length} bytes and not ${length}`);
  return page;
}

function unpack(codec: string, bytes: Uint8Array, length: number, inflateRaw: InflateRaw): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      return bytes;
    case 'SNAPPY': {
      const page = new Uint8Array(length);
      snappyUncompress(bytes, page);
      return page;
    }
    case 'GZIP':
      return inflateRaw(bytes.subarray(gzipHeaderLength(bytes)), length);
    case 'BROTLI':
      return decompressBrotli(bytes, length);
    case 'ZSTD':
      // Without a buffer it would make one as large as the stream claims.
      return decompressZstd(bytes, new Uint8Array(length));
    case 'LZ4_RAW':
      checkLz4(bytes, length);
      return decompressLz4Raw(bytes, length);
    default:
      throw new Error(`the codec ${codec} is unknown`);
  }
}

/** Bytes before the DEFLATE stream of a gzip member (RFC 1952, 2.3). */
function gzipHeaderLength(bytes: Uint8Array): number {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8)
    throw new Error('the page has no gzip header');
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    while (at < bytes.length && bytes[at] !== 0) at++;
    at++;
  }
  if (flags & 2) at += 2;
  if (at >= bytes.length) throw new Error('the gzip header is cut off');
  return at;
}

/** Adds up what an LZ4 block will unpack to, because the library goes on past the end of its output. */
function checkLz4(bytes: Uint8Array, length: number): void {
  let total = 0;
  const readLength = (nibble: number, at: number): { count: number; at: number } => {
    let count = nibble;
    if (nibble === 15) {
      let byte = 255;
      while (byte === 255 && at < bytes.length) {
        byte = bytes[at++]!;
        count += byte;
      }
    }
    return { count, at };
  };
  for (let at = 0; at < bytes.length;) {
    const token = bytes[at++]!;
    const literals = readLength(token >> 4, at);
    at = literals.at + literals.count;
    total += literals.count;
    if (at < bytes.length) {
      const match = readLength(token & 15, at + 2);
      at = match.at;
      total += match.count + 4;
    }
    if (total > length) break;
  }
  if (total !== length) throw new Error('the LZ4 block does not have the length it claims');
}
