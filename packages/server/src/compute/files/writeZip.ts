import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** Path in the archive, ASCII. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** 1980-01-01, the first day that a ZIP file knows: the same content gives the same bytes. */
const firstDay = 0x21;

/** A ZIP archive of a few files below 4 GB (PKWARE APPNOTE 6.3), deflated. */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const path = new TextEncoder().encode(name);
    const packed = deflateRawSync(bytes);
    // From `version needed` to the length of the extra field, equal in both headers.
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true);
    common.setUint16(4, 8, true);
    common.setUint16(8, firstDay, true);
    common.setUint32(10, crc32(bytes), true);
    common.setUint32(14, packed.length, true);
    common.setUint32(18, bytes.length, true);
    common.setUint16(22, path.length, true);
    const shared = new Uint8Array(common.buffer);
    const local = concatenate([signature(0x04034b50), shared, path, packed]);
    const ending = new DataView(new ArrayBuffer(14));
    ending.setUint32(10, offset, true);
    const madeBy = Uint8Array.of(20, 0);
    directory.push(signature(0x02014b50), madeBy, shared, new Uint8Array(ending.buffer), path);
    parts.push(local);
    offset += local.length;
  }
  const list = concatenate(directory);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, entries.length, true);
  end.setUint16(6, entries.length, true);
  end.setUint32(8, list.length, true);
  end.setUint32(12, offset, true);
  return concatenate([...parts, list, signature(0x06054b50), new Uint8Array(end.buffer)]);
}

function signature(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
