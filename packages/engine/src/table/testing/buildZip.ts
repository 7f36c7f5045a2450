import { crc32 } from '../crc32.ts';

/** A part of a zip archive as a test wants it; sizes and checksum may lie. */
export interface ZipPart {
  readonly name: string;
  /** Unpacked bytes. */
  readonly bytes: Uint8Array;
  /** The same, deflated; absent for a stored part. */
  readonly packed?: Uint8Array;
  readonly claimedUnpackedBytes?: number;
  readonly claimedCrc?: number;
  readonly flags?: number;
  /** Take the data of the part before instead of own bytes, so that both overlap. */
  readonly isOverlapping?: boolean;
}

/** Writes a zip archive (PKWARE APPNOTE 6.3), optionally with its directory in ZIP64 form. */
export function buildZip(parts: readonly ZipPart[], isZip64 = false): Uint8Array<ArrayBuffer> {
  const body = new ByteWriter();
  const directory = new ByteWriter();
  let previousOffset = 0;
  for (const part of parts) {
    const name = new TextEncoder().encode(part.name);
    const data = part.packed ?? part.bytes;
    const method = part.packed === undefined ? 0 : 8;
    const crc = part.claimedCrc ?? crc32(part.bytes);
    const unpacked = part.claimedUnpackedBytes ?? part.bytes.length;
    const offset = part.isOverlapping === true ? previousOffset : body.length;
    previousOffset = offset;
    if (part.isOverlapping !== true) {
      body
        .u32(0x04034b50)
        .u16(20)
        .u16(part.flags ?? 0)
        .u16(method)
        .u32(0)
        .u32(crc)
        .u32(data.length)
        .u32(unpacked);
      body.u16(name.length).u16(0).bytes(name).bytes(data);
    }
    directory
      .u32(0x02014b50)
      .u16(20)
      .u16(20)
      .u16(part.flags ?? 0)
      .u16(method)
      .u32(0)
      .u32(crc);
    if (isZip64) {
      directory
        .u32(0xffffffff)
        .u32(0xffffffff)
        .u16(name.length)
        .u16(28)
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(0)
        .u32(0xffffffff);
      directory.bytes(name).u16(1).u16(24).u64(unpacked).u64(data.length).u64(offset);
    } else {
      directory
        .u32(data.length)
        .u32(unpacked)
        .u16(name.length)
        .u16(0)
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(0)
        .u32(offset);
      directory.bytes(name);
    }
  }
  const start = body.length;
  body.bytes(directory.toBytes());
  if (isZip64) {
    const end64 = body.length;
    body.u32(0x06064b50).u64(44).u16(45).u16(45).u32(0).u32(0).u64(parts.length).u64(parts.length);
    body.u64(directory.length).u64(start);
    body.u32(0x07064b50).u32(0).u64(end64).u32(1);
  }
  const [count, size, at] = isZip64
    ? [0xffff, 0xffffffff, 0xffffffff]
    : [parts.length, directory.length, start];
  body.u32(0x06054b50).u16(0).u16(0).u16(count).u16(count).u32(size).u32(at).u16(0);
  return body.toBytes();
}

/** Little-endian bytes, one after the other. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1024);
  length = 0;

  u16(value: number): this {
    return this.#number(value, 2);
  }

  u32(value: number): this {
    return this.#number(value, 4);
  }

  u64(value: number): this {
    return this.#number(value, 8);
  }

  #number(value: number, width: number): this {
    const bytes = new Uint8Array(width);
    let rest = value;
    for (let i = 0; i < width; i++) {
      bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    if (this.length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.length + bytes.length));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }
}
