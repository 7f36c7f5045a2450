import { EngineError } from '../../engineError.ts';

/** A value of the compact protocol; structures by field id, integers as far as doubles hold them. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** Deeper than this nothing in Parquet's metadata is nested. */
const maxDepth = 24;

/**
 * Reads one structure of Thrift's compact protocol (the encoding of Parquet's footer and page headers) with every
 * length checked against the bytes that are left, so that a claim of two billion list elements costs nothing.
 *
 * @returns The structure and the offset after it.
 * @throws EngineError FILE_DAMAGED.
 */
export function readThriftStruct(bytes: Uint8Array, start: number): { struct: ThriftStruct; end: number } {
  const reader = new Reader(bytes, start);
  const struct = reader.readStruct(0);
  return { struct, end: reader.at };
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.at = start;
  }

  readStruct(depth: number): ThriftStruct {
    if (depth > maxDepth) throw damaged('is nested too deeply', this.at);
    const struct = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const header = this.#byte();
      const type = header & 15;
      if (type === 0) return struct;
      const delta = header >> 4;
      id = delta === 0 ? this.#zigZag() : id + delta;
      struct.set(id, type === 1 ? true : type === 2 ? false : this.#readValue(type, depth));
    }
  }

  #readValue(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        // Inside lists a truth value takes a byte.
        return this.#byte() === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigZag();
      case 7:
        this.#skip(8);
        return 0;
      case 8: {
        const length = this.#varInt();
        const start = this.at;
        this.#skip(length);
        return this.#bytes.subarray(start, this.at);
      }
      case 9:
      case 10:
        return this.#readList(depth);
      case 12:
        return this.readStruct(depth + 1);
      default:
        throw damaged(`has a value of unknown type ${type}`, this.at);
    }
  }

  #readList(depth: number): ThriftValue[] {
    const header = this.#byte();
    const size = header >> 4 === 15 ? this.#varInt() : header >> 4;
    // Every element takes a byte at least.
    if (size > this.#bytes.length - this.at) throw damaged(`claims a list of ${size} elements`, this.at);
    const values: ThriftValue[] = [];
    for (let i = 0; i < size; i++) values.push(this.#readValue(header & 15, depth + 1));
    return values;
  }

  #byte(): number {
    if (this.at >= this.#bytes.length) throw damaged('is cut off', this.at);
    return this.#bytes[this.at++]!;
  }

  #skip(length: number): void {
    if (length > this.#bytes.length - this.at) throw damaged('is cut off', this.at);
    this.at += length;
  }

  /** At most ten bytes; values beyond 2^53 are rounded, which no comparison with a limit notices. */
  #varInt(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw damaged('has an endless number', this.at);
  }

  #zigZag(): number {
    const value = this.#varInt();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function damaged(what: string, byte: number): EngineError {
  return new EngineError(
    'FILE_DAMAGED',
    `The file is damaged: its Parquet metadata ${what} (at byte ${byte}).`,
  );
}
