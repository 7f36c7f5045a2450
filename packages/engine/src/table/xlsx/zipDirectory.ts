import { EngineError } from '../../engineError.ts';

/** A file inside a zip archive, as its directory describes it; sizes are claims until the bytes are read. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 DEFLATE. */
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Where the packed bytes begin in the archive. */
  readonly dataOffset: number;
}

/** More parts than this no workbook has; each costs time, so the count is checked before anything else. */
const maxEntries = 1000;
/** Parts above this size may not shrink more than `maxRatio` times. */
const smallPartBytes = 16 * 1024 * 1024;
/** DEFLATE reaches 1032:1 on constant bytes; the XML of real sheets stays below 100:1. */
const maxRatio = 250;

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;

/**
 * Reads the directory of a zip archive and checks it as a whole before a byte is unpacked: counts, claimed sizes,
 * ratios, and that no two entries share bytes (Fifield 2019, "A better zip bomb", overlaps them to reach 10^7:1).
 * Format: PKWARE APPNOTE 6.3.
 *
 * @throws EngineError FILE_DAMAGED, FILE_ENCRYPTED or FILE_UNPACKS_TOO_LARGE.
 */
export function readZipDirectory(bytes: Uint8Array, maxUnpackedBytes: number): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { entryCount, directoryOffset, directoryEnd } = findDirectory(view);
  if (entryCount > maxEntries) {
    throw new EngineError(
      'FILE_UNPACKS_TOO_LARGE',
      `The archive holds ${entryCount} parts; at most ${maxEntries} are allowed.`,
    );
  }
  const entries: ZipEntry[] = [];
  const spans: { start: number; end: number; name: string }[] = [];
  let unpackedBytes = 0;
  let at = directoryOffset;
  for (let i = 0; i < entryCount; i++) {
    if (at + 46 > directoryEnd || view.getUint32(at, true) !== directorySignature)
      throw damaged('the zip directory is cut off', at);
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > directoryEnd) throw damaged('the zip directory is cut off', at);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const extra = { start: at + 46 + nameLength, end: at + 46 + nameLength + extraLength };
    const [unpacked, packed, localOffset] = readSizes(view, at, extra);
    if (flags & 1) throw new EngineError('FILE_ENCRYPTED', `The part ${shown(name)} is encrypted.`);
    if (localOffset + 30 > directoryOffset || view.getUint32(localOffset, true) !== localSignature)
      throw damaged(`the part ${shown(name)} is not where the zip directory says`, at);
    const dataOffset =
      localOffset + 30 + view.getUint16(localOffset + 26, true) + view.getUint16(localOffset + 28, true);
    if (dataOffset + packed > directoryOffset)
      throw damaged(`the part ${shown(name)} is cut off`, localOffset);
    unpackedBytes += unpacked;
    if (unpackedBytes > maxUnpackedBytes) {
      throw new EngineError(
        'FILE_UNPACKS_TOO_LARGE',
        `The archive claims to unpack to more than ${maxUnpackedBytes} bytes.`,
      );
    }
    if (unpacked > smallPartBytes && unpacked > packed * maxRatio) {
      throw new EngineError(
        'FILE_UNPACKS_TOO_LARGE',
        `The part ${shown(name)} claims to grow from ${packed} to ${unpacked} bytes, more than ${maxRatio} times.`,
      );
    }
    spans.push({ start: localOffset, end: dataOffset + packed, name });
    entries.push({
      name,
      method,
      crc: view.getUint32(at + 16, true),
      packedBytes: packed,
      unpackedBytes: unpacked,
      dataOffset,
    });
    at = next;
  }
  refuseOverlaps(spans);
  const byName = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (byName.has(entry.name)) throw damaged(`the part ${shown(entry.name)} occurs twice`, entry.dataOffset);
    byName.set(entry.name, entry);
  }
  return byName;
}

/** The end record is the last thing in the archive, before a comment of at most 65535 bytes. */
function findDirectory(view: DataView): {
  entryCount: number;
  directoryOffset: number;
  directoryEnd: number;
} {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  let at = view.byteLength - 22;
  while (at >= lowest && view.getUint32(at, true) !== endSignature) at--;
  if (at < lowest) throw damaged('the zip directory at its end is missing', view.byteLength);
  let entryCount = view.getUint16(at + 10, true);
  let directoryBytes = view.getUint32(at + 12, true);
  let directoryOffset = view.getUint32(at + 16, true);
  let directoryEnd = at;
  if (entryCount === 0xffff || directoryBytes === 0xffffffff || directoryOffset === 0xffffffff) {
    const end64 = findEnd64(view, at);
    if (end64 !== null) {
      entryCount = readUint64(view, end64 + 32);
      directoryBytes = readUint64(view, end64 + 40);
      directoryOffset = readUint64(view, end64 + 48);
      directoryEnd = end64;
    }
  }
  if (directoryOffset + directoryBytes > directoryEnd)
    throw damaged('the zip directory lies outside the file', at);
  return { entryCount, directoryOffset, directoryEnd: directoryOffset + directoryBytes };
}

function findEnd64(view: DataView, end: number): number | null {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== locator64Signature) return null;
  const end64 = readUint64(view, locator + 8);
  if (end64 + 56 > locator || view.getUint32(end64, true) !== end64Signature)
    throw damaged('the ZIP64 directory is missing', locator);
  return end64;
}

/** Unpacked size, packed size and offset; 0xffffffff in a field means that the ZIP64 extra field has it. */
function readSizes(
  view: DataView,
  at: number,
  extra: { start: number; end: number },
): [unpacked: number, packed: number, localOffset: number] {
  const sizes: [number, number, number] = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  if (!sizes.includes(0xffffffff)) return sizes;
  for (let field = extra.start; field + 4 <= extra.end;) {
    const fieldEnd = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1) {
      let value = field + 4;
      for (let i = 0; i < 3; i++) {
        if (sizes[i] !== 0xffffffff) continue;
        if (value + 8 > Math.min(fieldEnd, extra.end)) throw damaged('a ZIP64 size is cut off', at);
        sizes[i] = readUint64(view, value);
        value += 8;
      }
      return sizes;
    }
    field = fieldEnd;
  }
  return sizes;
}

/** Offsets beyond 2^53 are as wrong as any beyond the file, so losing their last bits does no harm. */
function readUint64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

function refuseOverlaps(spans: { start: number; end: number; name: string }[]): void {
  spans.sort((a, b) => a.start - b.start);
  for (let i = 1; i < spans.length; i++) {
    const [before, after] = [spans[i - 1]!, spans[i]!];
    if (after.start < before.end)
      throw damaged(`the parts ${shown(before.name)} and ${shown(after.name)} overlap`, after.start);
  }
}

function shown(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}

function damaged(what: string, byte: number): EngineError {
  return new EngineError('FILE_DAMAGED', `The file is damaged: ${what} (at byte ${byte}).`);
}
