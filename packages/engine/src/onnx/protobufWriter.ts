import { encodeUtf8 } from '../utf8.ts';

/**
 * Writes one message of Protocol Buffers (protobuf.dev, Encoding): fields in the order of the calls, those of an inner
 * message through a writer of its own. Only what ONNX needs: integers, bytes and text, messages.
 */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** A whole number; negative ones take ten bytes. */
  integer(field: number, value: number): this {
    this.#tag(field, 0);
    this.#append(encodeVarints([value]));
    return this;
  }

  /** Repeated whole numbers, packed; nothing for none. */
  integers(field: number, values: ArrayLike<number>): this {
    return values.length === 0 ? this : this.bytes(field, encodeVarints(values));
  }

  text(field: number, value: string): this {
    return this.bytes(field, encodeUtf8(value));
  }

  /** The bytes are not copied before `finish`. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#append(encodeVarints([value.length]));
    this.#append(value);
    return this;
  }

  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, 2);
    this.#append(encodeVarints([inner.#length]));
    for (const chunk of inner.#chunks) this.#append(chunk);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  #tag(field: number, wireType: 0 | 2): void {
    this.#append(encodeVarints([field * 8 + wireType]));
  }

  #append(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}

/** Base-128 varints of safe integers one after the other; negative ones as 64-bit two's complement. */
function encodeVarints(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(10 * values.length);
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    let rest = values[i]!;
    if (rest < 0) {
      let bits = BigInt.asUintN(64, BigInt(rest));
      for (; bits > 0x7fn; bits >>= 7n) bytes[at++] = Number(bits & 0x7fn) | 0x80;
      bytes[at++] = Number(bits);
      continue;
    }
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80;
    bytes[at++] = rest;
  }
  return bytes.slice(0, at);
}
