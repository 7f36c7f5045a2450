import { EngineError } from '../../engineError.ts';

const lessThan = 60;
const greaterThan = 62;
const slash = 47;
const colon = 58;
const equals = 61;
const doubleQuote = 34;
const singleQuote = 39;
const ampersand = 38;
const exclamation = 33;
const question = 63;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** More attributes than this no element of a workbook has. */
const maxAttributes = 64;

/**
 * Steps from tag to tag through the UTF-8 bytes of an XML part. It knows what a workbook needs of XML: elements with
 * any namespace prefix, attributes, text with predefined and numeric entities, comments, CDATA and processing
 * instructions; a document type declaration is refused, and with it all entity tricks. Nothing is built in memory,
 * and no byte is visited twice, so time is linear in the length of the part.
 */
export class XmlScanner {
  readonly bytes: Uint8Array;
  readonly #part: string;
  #position = 0;
  /** Local name of the tag, without its prefix: [start, end). */
  #nameStart = 0;
  #nameEnd = 0;
  /** Name and value of each attribute: four offsets each. */
  readonly #attributes = new Int32Array(4 * maxAttributes);
  #attributeCount = 0;
  /** True when comments or CDATA sections stand in the text before this tag. */
  hasMarkup = false;

  /** First letters of the local name, packed with `packName`; 0 when it is longer than four letters. */
  name = 0;
  /** True for `</name>`. */
  isClose = false;
  /** True for `<name/>`. */
  isEmpty = false;
  /** Text between the previous tag and this one: [textStart, textEnd). */
  textStart = 0;
  textEnd = 0;

  constructor(bytes: Uint8Array, part: string) {
    this.bytes = bytes;
    this.#part = part;
    if (bytes[0] === 0xfe || bytes[0] === 0xff) throw this.damaged('is not written in UTF-8', 0);
  }

  /** Moves to the next tag; false at the end of the part. */
  next(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    let at = this.#position;
    this.textStart = at;
    this.hasMarkup = false;
    for (;;) {
      while (at < length && bytes[at] !== lessThan) at++;
      if (at >= length) return false;
      const first = bytes[at + 1];
      if (first === exclamation || first === question) {
        at = this.#skipMarkup(at);
        continue;
      }
      this.textEnd = at;
      this.#readTag(at + 1);
      return true;
    }
  }

  #readTag(start: number): void {
    const { bytes } = this;
    const { length } = bytes;
    let at = start;
    this.isClose = bytes[at] === slash;
    if (this.isClose) at++;
    let nameStart = at;
    let packed = 0;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === greaterThan || byte === slash || byte <= 32) break;
      if (byte === colon) {
        nameStart = at + 1;
        packed = 0;
      } else {
        packed = (packed << 8) | byte;
      }
    }
    this.#nameStart = nameStart;
    this.#nameEnd = at;
    this.name = at - nameStart <= 4 ? packed : 0;
    this.#attributeCount = 0;
    this.isEmpty = false;
    while (at < length) {
      const byte = bytes[at]!;
      if (byte <= 32) {
        at++;
      } else if (byte === greaterThan) {
        this.#position = at + 1;
        return;
      } else if (byte === slash) {
        if (bytes[at + 1] !== greaterThan) break;
        this.isEmpty = true;
        at++;
      } else {
        at = this.#readAttribute(at);
      }
    }
    throw this.damaged('has a tag that is cut off', start);
  }

  #readAttribute(start: number): number {
    const { bytes } = this;
    const { length } = bytes;
    let at = start;
    while (at < length && bytes[at] !== equals && bytes[at] !== greaterThan) at++;
    let nameEnd = at;
    while (nameEnd > start && bytes[nameEnd - 1]! <= 32) nameEnd--;
    at++;
    while (at < length && bytes[at]! <= 32) at++;
    const quote = bytes[at];
    if (bytes[nameEnd] === greaterThan || (quote !== doubleQuote && quote !== singleQuote))
      throw this.damaged('has an attribute without a value', start);
    const valueStart = ++at;
    while (at < length && bytes[at] !== quote) at++;
    if (at >= length || this.#attributeCount === maxAttributes)
      throw this.damaged('has a tag that is cut off', start);
    const slot = 4 * this.#attributeCount++;
    this.#attributes[slot] = start;
    this.#attributes[slot + 1] = nameEnd;
    this.#attributes[slot + 2] = valueStart;
    this.#attributes[slot + 3] = at;
    return at + 1;
  }

  /** Steps over a comment, CDATA section or processing instruction. */
  #skipMarkup(start: number): number {
    const isComment = this.#startsWith(start, '<!--');
    const isCdata = !isComment && this.#startsWith(start, '<![CDATA[');
    const isInstruction = this.bytes[start + 1] === question;
    if (!isComment && !isCdata && !isInstruction)
      throw this.damaged('has a document type declaration, which no workbook needs', start);
    const closing = isComment ? '-->' : isCdata ? ']]>' : '?>';
    this.hasMarkup = true;
    for (let at = start + 2; at < this.bytes.length; at++) {
      if (this.bytes[at] === closing.charCodeAt(0) && this.#startsWith(at, closing))
        return at + closing.length;
    }
    throw this.damaged('has a comment or section that never ends', start);
  }

  #startsWith(at: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.bytes[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** Whether the local name of the tag is this one, whatever its length. */
  nameIs(name: string): boolean {
    return this.#nameEnd - this.#nameStart === name.length && this.#startsWith(this.#nameStart, name);
  }

  /** Position of an attribute's value, by its full name, as [start, end); start is -1 when there is none. */
  findAttribute(name: string): { start: number; end: number } {
    const slot = this.#findSlot(name, false);
    if (slot < 0) return { start: -1, end: -1 };
    return { start: this.#attributes[slot + 2]!, end: this.#attributes[slot + 3]! };
  }

  #findSlot(name: string, ignorePrefix: boolean): number {
    for (let slot = 0; slot < 4 * this.#attributeCount; slot += 4) {
      let start = this.#attributes[slot]!;
      const end = this.#attributes[slot + 1]!;
      if (ignorePrefix) for (let at = start; at < end; at++) if (this.bytes[at] === colon) start = at + 1;
      if (end - start === name.length && this.#startsWith(start, name)) return slot;
    }
    return -1;
  }

  /** Value of an attribute; with `ignorePrefix`, `id` also finds `r:id`. Null when there is none. */
  attribute(name: string, ignorePrefix = false): string | null {
    const slot = this.#findSlot(name, ignorePrefix);
    return slot < 0 ? null : this.decode(this.#attributes[slot + 2]!, this.#attributes[slot + 3]!);
  }

  /** Text between the previous tag and this one. */
  text(): string {
    if (!this.hasMarkup) return this.decode(this.textStart, this.textEnd);
    let text = '';
    let at = this.textStart;
    let from = at;
    while (at < this.textEnd) {
      if (this.bytes[at] !== lessThan) {
        at++;
        continue;
      }
      text += this.decode(from, at);
      const end = this.#skipMarkup(at);
      if (this.#startsWith(at, '<![CDATA[')) text += this.#decodeBytes(at + 9, end - 3);
      at = end;
      from = end;
    }
    return text + this.decode(from, this.textEnd);
  }

  /**
   * The characters of [start, end), entities replaced.
   * @throws EngineError FILE_DAMAGED for an entity that XML does not define by itself.
   */
  decode(start: number, end: number): string {
    const { bytes } = this;
    // Most cells are short ASCII, where building the string is faster than asking the decoder.
    if (end - start <= 24) {
      let text = '';
      let at = start;
      for (; at < end; at++) {
        const byte = bytes[at]!;
        if (byte >= 128 || byte === ampersand) break;
        text += String.fromCharCode(byte);
      }
      if (at === end) return text;
    }
    const text = this.#decodeBytes(start, end);
    return text.includes('&')
      ? text.replace(/&([^;&]{0,12});?/g, (_, entity: string) => this.#entity(entity))
      : text;
  }

  #decodeBytes(start: number, end: number): string {
    try {
      return decoder.decode(this.bytes.subarray(start, end));
    } catch {
      throw this.damaged('is not valid UTF-8', start);
    }
  }

  #entity(entity: string): string {
    const named = entities.get(entity);
    if (named !== undefined) return named;
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(entity);
    const code = digits === null ? -1 : digits[1] === undefined ? Number(digits[2]) : parseInt(digits[1], 16);
    if (code < 0 || code > 0x10ffff)
      throw this.damaged(`uses the unknown entity &${entity};`, this.textStart);
    return String.fromCodePoint(code);
  }

  damaged(what: string, byte: number): EngineError {
    return new EngineError(
      'FILE_DAMAGED',
      `The file is damaged: its part ${this.#part} ${what} (at byte ${byte}).`,
    );
  }
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** A local name of at most four letters as the number that `XmlScanner.name` holds. */
export function packName(name: string): number {
  let packed = 0;
  for (let i = 0; i < name.length; i++) packed = (packed << 8) | name.charCodeAt(i);
  return packed;
}
