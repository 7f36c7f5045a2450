import type { ColumnMetaData, SchemaElement } from 'hyparquet';
import { EngineError } from '../../engineError.ts';
import { crc32 } from '../crc32.ts';
import type { InflateRaw } from '../readOptions.ts';
import { decompressPage } from './decompressPage.ts';
import { readThriftStruct, type ThriftStruct } from './readThriftStruct.ts';

/** Number of each encoding in the format. */
const encoding = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  deltaBinary: 5,
  deltaLength: 6,
  deltaText: 7,
  dictionary: 8,
  byteStreamSplit: 9,
} as const;

/** Levels, block headers and padding of a page, whatever its values are. */
const pageOverheadBytes = 1024 * 1024;
/** Pages above this size, sixty times the usual, may not shrink more than `maxRatio` times. */
const smallPageBytes = 64 * 1024 * 1024;
const maxRatio = 1000;

/** The bytes of one column in one row group, and what they claim to hold. */
export interface PageSource {
  /** From the first page to the end of the column chunk. */
  readonly bytes: Uint8Array;
  /** Where they begin in the file, for messages. */
  readonly offset: number;
  readonly meta: ColumnMetaData;
  readonly element: SchemaElement;
  readonly rowCount: number;
  /** Bytes that pages may still unpack to. */
  readonly budget: number;
  readonly inflateRaw: InflateRaw;
}

/** Pages in the order of the file, unpacked, and the bytes they took from the budget. */
export interface CheckedPages {
  /** What the reader will ask to be unpacked, in that order. */
  readonly unpacked: readonly Uint8Array[];
  readonly unpackedBytes: number;
}

/**
 * Walks over the pages of a column before the library decodes them, and checks every number by which it would allocate or
 * loop: page sizes, value counts, run lengths of levels and dictionary indices, block headers of delta encodings. What
 * passes cannot make it allocate more than the rows and bytes that are really there.
 * Format: Apache Parquet 2.10, Encodings.md.
 *
 * @throws EngineError FILE_DAMAGED with a byte offset, FILE_UNPACKS_TOO_LARGE, COLUMN_UNSUPPORTED.
 */
export function checkPages(source: PageSource): CheckedPages {
  const walker = new PageWalker(source);
  return walker.walk();
}

class PageWalker {
  readonly #source: PageSource;
  readonly #isOptional: boolean;
  readonly #unpacked: Uint8Array[] = [];
  #unpackedBytes = 0;
  #rows = 0;
  #at = 0;
  #hasDictionary = false;

  constructor(source: PageSource) {
    this.#source = source;
    this.#isOptional = source.element.repetition_type === 'OPTIONAL';
  }

  walk(): CheckedPages {
    const { bytes, rowCount } = this.#source;
    while (this.#rows < rowCount) {
      if (this.#at >= bytes.length - 1) throw this.#damaged(`ends after ${this.#rows} of ${rowCount} values`);
      this.#page();
    }
    if (this.#rows !== rowCount) throw this.#damaged(`has ${this.#rows} values and not ${rowCount}`);
    return { unpacked: this.#unpacked, unpackedBytes: this.#unpackedBytes };
  }

  #page(): void {
    const { bytes } = this.#source;
    const { struct: header, end } = readThriftStruct(bytes, this.#at);
    const unpackedSize = number(header, 2);
    const packedSize = number(header, 3);
    if (!(packedSize >= 0 && packedSize <= bytes.length - end && unpackedSize >= 0))
      throw this.#damaged(`has a page of ${packedSize} bytes, more than are left`);
    const type = number(header, 1);
    const details = struct(header, type === 0 ? 5 : type === 2 ? 7 : 8);
    this.#checkClaim(unpackedSize, packedSize, number(details, 1));
    const packed = bytes.subarray(end, end + packedSize);
    const checksum = header.get(4);
    if (typeof checksum === 'number' && crc32(packed) !== checksum >>> 0)
      throw this.#damaged('has a page whose bytes are not those it was saved with');
    this.#unpackedBytes += unpackedSize;
    if (type === 0) this.#dataPage(details, packed, unpackedSize);
    else if (type === 2) this.#dictionaryPage(details, packed, unpackedSize);
    else if (type === 3) this.#dataPageV2(details, packed, unpackedSize);
    else throw this.#damaged(`has a page of unknown type ${type}`);
    this.#at = end + packedSize;
  }

  /** Compares what a page claims to unpack to with its values, its packed bytes and what is left of the budget. */
  #checkClaim(unpackedSize: number, packedSize: number, count: number): void {
    const width = this.#width();
    if (width > 0 && unpackedSize > pageOverheadBytes + count * (width + 8))
      throw this.#damaged(`has a page that claims ${unpackedSize} bytes for ${count} values`);
    const isBomb = unpackedSize > smallPageBytes && unpackedSize > maxRatio * packedSize;
    if (!isBomb && this.#unpackedBytes + unpackedSize <= this.#source.budget) return;
    const { name } = this.#source.element;
    throw new EngineError(
      'FILE_UNPACKS_TOO_LARGE',
      `Column "${name}" has a page that claims to grow from ${packedSize} to ${unpackedSize} bytes; that is more than allowed.`,
      { column: name },
    );
  }

  #unpack(packed: Uint8Array, size: number): Uint8Array {
    const { meta, inflateRaw } = this.#source;
    let page: Uint8Array;
    try {
      page = decompressPage(meta.codec, packed, size, inflateRaw);
    } catch {
      throw this.#damaged(`has a page that cannot be unpacked as ${meta.codec}`);
    }
    if (meta.codec !== 'UNCOMPRESSED') this.#unpacked.push(page);
    return page;
  }

  #dictionaryPage(header: ThriftStruct, packed: Uint8Array, size: number): void {
    const page = this.#unpack(packed, size);
    this.#checkPlain(page, 0, this.#count(header, 1));
    this.#hasDictionary = true;
  }

  #dataPage(header: ThriftStruct, packed: Uint8Array, size: number): void {
    const page = this.#unpack(packed, size);
    const count = this.#rowsOf(header);
    let at = 0;
    let present = count;
    if (this.#isOptional) {
      const length = readUint32(page, 0);
      if (!(length <= page.length - 4)) throw this.#damaged('has definition levels that are cut off');
      present = this.#checkRuns(page, 4, 4 + length, 1, count);
      at = 4 + length;
    }
    this.#checkValues(page, at, number(header, 2), present);
  }

  #dataPageV2(header: ThriftStruct, packed: Uint8Array, size: number): void {
    const count = this.#rowsOf(header);
    const nullCount = number(header, 2);
    const levelBytes = number(header, 5);
    if (number(header, 3) !== count || number(header, 6) !== 0 || !(nullCount >= 0 && nullCount <= count))
      throw this.#damaged('has a page whose counts contradict each other');
    if (!(levelBytes >= 0 && levelBytes <= packed.length && levelBytes <= size))
      throw this.#damaged('has definition levels that are cut off');
    const present = this.#isOptional ? this.#checkRuns(packed, 0, levelBytes, 1, count) : count;
    if (present !== count - nullCount)
      throw this.#damaged('has a page that counts its missing values wrongly');
    const values = packed.subarray(levelBytes);
    const isPacked = header.get(7) !== false;
    if (!isPacked && values.length !== size - levelBytes)
      throw this.#damaged('has a page of the wrong length');
    const page = isPacked ? this.#unpack(values, size - levelBytes) : values;
    this.#checkValues(page, 0, number(header, 4), present);
  }

  #rowsOf(header: ThriftStruct): number {
    const count = this.#count(header, 1);
    if (count === 0) throw this.#damaged('has an empty page');
    this.#rows += count;
    if (this.#rows > this.#source.rowCount)
      throw this.#damaged(`has more than the ${this.#source.rowCount} values it claims`);
    return count;
  }

  #count(header: ThriftStruct, id: number): number {
    const count = number(header, id);
    if (!(Number.isSafeInteger(count) && count >= 0))
      throw this.#damaged('has a page with an impossible count');
    return count;
  }

  #checkValues(page: Uint8Array, start: number, code: number, count: number): void {
    const { element } = this.#source;
    switch (code) {
      case encoding.plain:
        return this.#checkPlain(page, start, count);
      case encoding.plainDictionary:
      case encoding.dictionary: {
        if (!this.#hasDictionary) throw this.#damaged('refers to a dictionary that is not there');
        if (count === 0) return;
        const width = page[start] ?? 255;
        if (width > 32) throw this.#damaged('has dictionary indices of impossible width');
        if (width > 0) this.#checkRuns(page, start + 1, page.length, width, count);
        return;
      }
      case encoding.rle: {
        const length = readUint32(page, start);
        if (element.type !== 'BOOLEAN' || !(length <= page.length - start - 4))
          throw this.#damaged('has truth values that are cut off');
        this.#checkRuns(page, start + 4, start + 4 + length, 1, count);
        return;
      }
      case encoding.deltaBinary:
      case encoding.deltaLength:
        return this.#checkDelta(page, start, count);
      case encoding.byteStreamSplit: {
        if (count * this.#width() > page.length - start) throw this.#damaged('has values that are cut off');
        return;
      }
      default:
        throw new EngineError(
          'COLUMN_UNSUPPORTED',
          `Column "${element.name}" is written with encoding ${code}, which cannot be read.`,
          { column: element.name },
          'Write the file with plain or dictionary encoding.',
        );
    }
  }

  /** Bytes of a value of fixed width; 0 for texts, an eighth for truth values. */
  #width(): number {
    const { type, type_length: length } = this.#source.element;
    if (type === 'INT32' || type === 'FLOAT') return 4;
    if (type === 'INT64' || type === 'DOUBLE') return 8;
    if (type === 'INT96') return 12;
    if (type === 'BOOLEAN') return 1 / 8;
    if (type !== 'FIXED_LEN_BYTE_ARRAY') return 0;
    if (!(length !== undefined && length > 0)) throw this.#damaged('has values without a length');
    return length;
  }

  #checkPlain(page: Uint8Array, start: number, count: number): void {
    const width = this.#width();
    if (width > 0) {
      if (count * width > page.length - start) throw this.#damaged('has values that are cut off');
      return;
    }
    let at = start;
    for (let i = 0; i < count; i++) {
      const length = readUint32(page, at);
      at += 4 + length;
      if (!(at <= page.length)) throw this.#damaged('has texts that are cut off');
    }
  }

  /**
   * Checks the runs of the hybrid of run lengths and bit packing: together they must give `count` values, of which only the
   * last group of a bit-packed run may go beyond.
   * @returns For width 1, how many of the values are 1.
   */
  #checkRuns(page: Uint8Array, start: number, end: number, width: number, count: number): number {
    let at = start;
    let seen = 0;
    let ones = 0;
    while (seen < count) {
      let header = 0;
      let shift = 1;
      for (;;) {
        if (at >= end || shift > 2 ** 35) throw this.#damaged('has runs that are cut off');
        const byte = page[at++]!;
        header += (byte & 127) * shift;
        shift *= 128;
        if (byte < 128) break;
      }
      const isPacked = header % 2 === 1;
      const length = Math.floor(header / 2);
      if (isPacked) {
        // Groups of eight; the last one is padded, and some writers leave out its trailing bytes.
        const values = Math.min(8 * length, count - seen);
        if (length === 0 || 8 * length > count - seen + 504 || at + Math.ceil((values * width) / 8) > end)
          throw this.#damaged('has runs that are longer than its values');
        if (width === 1) for (let i = 0; i < values; i++) ones += (page[at + (i >> 3)]! >> (i & 7)) & 1;
        at += length * width;
        seen += values;
      } else {
        const bytes = Math.ceil(width / 8);
        if (length === 0 || length > count - seen || at + bytes > end)
          throw this.#damaged('has runs that are longer than its values');
        if (width === 1) ones += length * (page[at]! & 1);
        at += bytes;
        seen += length;
      }
    }
    return ones;
  }

  /** The head of a delta-encoded block: values per block, miniblocks per block, number of values. */
  #checkDelta(page: Uint8Array, start: number, count: number): void {
    const numbers: number[] = [];
    let at = start;
    for (let i = 0; i < 3; i++) {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        if (at >= page.length || shift > 2 ** 35) throw this.#damaged('has differences that are cut off');
        const byte = page[at++]!;
        value += (byte & 127) * shift;
        if (byte < 128) break;
      }
      numbers.push(value);
    }
    const [blockSize, miniblocks, total] = numbers as [number, number, number];
    const isSane = blockSize % 128 === 0 && blockSize >= 128 && blockSize <= 65_536 && miniblocks > 0;
    if (!isSane || miniblocks > 512 || (blockSize / miniblocks) % 32 !== 0 || total !== count)
      throw this.#damaged('has differences in impossible blocks');
  }

  #damaged(what: string): EngineError {
    const { element, offset } = this.#source;
    return new EngineError(
      'FILE_DAMAGED',
      `The file is damaged: column "${element.name}" ${what} (at byte ${offset + this.#at}).`,
      { column: element.name },
    );
  }
}

function number(header: ThriftStruct, id: number): number {
  const value = header.get(id);
  return typeof value === 'number' ? value : NaN;
}

function struct(header: ThriftStruct, id: number): ThriftStruct {
  const value = header.get(id);
  return value instanceof Map ? value : new Map();
}

/** Four bytes, little-endian; NaN when they are not there. */
function readUint32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) return NaN;
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
