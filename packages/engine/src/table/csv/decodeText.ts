import type { Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';

/** The text of a file and how its bytes were read. */
export interface DecodedText {
  /** Without byte-order mark. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly warnings: readonly Warning[];
}

/** UTF-16 without a byte-order mark is told by its zero bytes, in the first bytes of the file. */
const sampleBytes = 4096;

/**
 * Decodes a text file: UTF-8, UTF-16 with or without byte-order mark, and as a last resort Windows-1252, which old
 * spreadsheet programs write. Bytes that are valid UTF-8 in one place and cannot be in another are refused, because some
 * characters would come out wrong whatever is chosen; no replacement character ever gets into the data.
 *
 * @throws EngineError ENCODING_UNKNOWN, CELL_INVALID for zero characters, FILE_KIND_UNSUPPORTED for binary data.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const decoded = decode(bytes);
  refuseControlCharacters(decoded.text);
  return decoded;
}

function decode(bytes: Uint8Array): DecodedText {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return decodeUtf8(bytes.subarray(3));
  if (first === 0xff && second === 0xfe && !(third === 0 && bytes[3] === 0))
    return decodeUtf16(bytes.subarray(2), 'utf-16le');
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes.subarray(2), 'utf-16be');
  const zeros = [0, 0];
  const length = Math.min(bytes.length, sampleBytes) & ~1;
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 1]!++;
  // Text in Latin letters has a zero in every second byte; a third of that is enough to tell, also beside other letters.
  if (zeros[1]! > length / 6 && zeros[0]! < length / 100) return decodeUtf16(bytes, 'utf-16le');
  if (zeros[0]! > length / 6 && zeros[1]! < length / 100) return decodeUtf16(bytes, 'utf-16be');
  return decodeUtf8(bytes);
}

function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): DecodedText {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, warnings: [] };
  } catch {
    throw new EngineError(
      'ENCODING_UNKNOWN',
      `The file looks like ${encoding.toUpperCase()} but is not valid in it; it has ${bytes.length} bytes after the mark.`,
    );
  }
}

function decodeUtf8(bytes: Uint8Array): DecodedText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encoding: 'utf-8', warnings: [] };
  } catch {
    return decodeOther(bytes, surveyUtf8(bytes));
  }
}

/** What is not UTF-8 is Windows-1252, or nothing that can be told. */
function decodeOther(bytes: Uint8Array, survey: Utf8Survey): DecodedText {
  const row = lineOf(bytes, survey.firstBad);
  if (survey.multibyteCount > 0) {
    throw new EngineError(
      'ENCODING_UNKNOWN',
      `The file is UTF-8 in some places, but not in row ${row} (at byte ${survey.firstBad}).`,
      { row },
    );
  }
  if (survey.hasUndefined) {
    throw new EngineError(
      'ENCODING_UNKNOWN',
      `The file is neither UTF-8 nor Windows-1252; the first byte in question is in row ${row}.`,
      { row },
    );
  }
  return {
    text: new TextDecoder('windows-1252').decode(bytes),
    encoding: 'windows-1252',
    warnings: [
      {
        code: 'encoding_guessed',
        message:
          `The file is not UTF-8 and was read as Windows-1252; ${survey.badCount} characters depend on it, ` +
          `the first in row ${row}. Check letters such as µ, ° and ±.`,
        count: survey.badCount,
      },
    ],
  };
}

interface Utf8Survey {
  /** Offset of the first byte that is not UTF-8, -1 for none. */
  readonly firstBad: number;
  readonly badCount: number;
  /** Characters of several bytes that are valid. */
  readonly multibyteCount: number;
  /** A byte that Windows-1252 does not define either. */
  readonly hasUndefined: boolean;
}

const undefined1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Checks well-formedness byte by byte (Unicode 15, table 3-7). */
function surveyUtf8(bytes: Uint8Array): Utf8Survey {
  let firstBad = -1;
  let badCount = 0;
  let multibyteCount = 0;
  let hasUndefined = false;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      at++;
      continue;
    }
    const length = sequenceLength(bytes, at, byte);
    if (length > 0) {
      multibyteCount++;
      at += length;
      continue;
    }
    if (firstBad < 0) firstBad = at;
    if (undefined1252.has(byte)) hasUndefined = true;
    badCount++;
    at++;
  }
  return { firstBad, badCount, multibyteCount, hasUndefined };
}

/** Bytes of the character that begins here; 0 when it is not valid. */
function sequenceLength(bytes: Uint8Array, at: number, lead: number): number {
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let row = 1;
  for (let i = 0; i < offset; i++) {
    if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) row++;
  }
  return row;
}

/** Control characters other than tab, line feed, vertical tab, form feed and carriage return. */
const control = /[\x00-\x08\x0e-\x1f]/g;
/** From this share of control characters on, a file is not text at all. */
const binaryShare = 0.01;

function refuseControlCharacters(text: string): void {
  const first = text.search(control);
  if (first < 0) return;
  const sample = text.slice(0, 100_000);
  const count = sample.match(control)?.length ?? 0;
  if (count > 4 && count > binaryShare * sample.length)
    throw new EngineError('FILE_KIND_UNSUPPORTED', 'The file holds binary data and is not a table.');
  const zero = text.indexOf('\0');
  if (zero < 0) return;
  const row = text.slice(0, zero).split(/\r\n?|\n/).length;
  throw new EngineError(
    'CELL_INVALID',
    `Row ${row} holds a zero character (U+0000), which no text has.`,
    { row },
    'Export the file again, or remove the character.',
  );
}
