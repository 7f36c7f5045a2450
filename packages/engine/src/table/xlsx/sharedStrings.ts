import { packName, XmlScanner } from './xmlScanner.ts';

const si = packName('si');
const t = packName('t');
const rPh = packName('rPh');

/**
 * The string table of a workbook. Only positions are kept while scanning; a string is made when a cell first asks for
 * it, so a table padded with millions of unused strings costs eight bytes each and nothing more.
 */
export class SharedStrings {
  readonly #scanner: XmlScanner;
  /** Range of the text of each plain string, 2 per string; start -1 for rich text, whose index is in `#rich`. */
  #ranges = new Int32Array(1024);
  #count = 0;
  readonly #rich = new Map<number, string>();
  readonly #made: (string | undefined)[] = [];

  /**
   * Rich text (ECMA-376 part 1, 18.4.4) is the concatenation of its runs; phonetic guides are left out.
   * @throws EngineError FILE_DAMAGED.
   */
  constructor(bytes: Uint8Array, part: string) {
    const scanner = new XmlScanner(bytes, part);
    this.#scanner = scanner;
    let isInString = false;
    let isPhonetic = false;
    let runs: string[] = [];
    let start = 0;
    let end = 0;
    let runCount = 0;
    while (scanner.next()) {
      if (scanner.name === si) {
        if (!scanner.isClose) {
          isInString = true;
          runs = [];
          runCount = 0;
          start = 0;
          end = 0;
        }
        if (scanner.isClose || scanner.isEmpty) {
          isInString = false;
          this.#add(start, end, runCount > 1 ? runs.join('') : null);
        }
      } else if (scanner.name === rPh) {
        isPhonetic = !scanner.isClose && !scanner.isEmpty;
      } else if (scanner.name === t && scanner.isClose && isInString && !isPhonetic) {
        runCount++;
        // The second run makes it rich text; so does anything between the tags that is not plain text.
        if (runCount > 1 || scanner.hasMarkup) {
          if (runs.length < runCount - 1) runs.push(scanner.decode(start, end));
          runs.push(scanner.text());
          if (runCount === 1) runCount = 2;
        } else {
          start = scanner.textStart;
          end = scanner.textEnd;
        }
      }
    }
  }

  #add(start: number, end: number, rich: string | null): void {
    const slot = 2 * this.#count;
    if (slot + 2 > this.#ranges.length) {
      const larger = new Int32Array(2 * this.#ranges.length);
      larger.set(this.#ranges);
      this.#ranges = larger;
    }
    this.#ranges[slot] = rich === null ? start : -1;
    this.#ranges[slot + 1] = end;
    if (rich !== null) this.#rich.set(this.#count, unescapeCharacters(rich));
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** The string at `index`, 0 .. count-1. */
  get(index: number): string {
    const made = this.#made[index];
    if (made !== undefined) return made;
    const start = this.#ranges[2 * index]!;
    const text =
      start < 0
        ? this.#rich.get(index)!
        : unescapeCharacters(this.#scanner.decode(start, this.#ranges[2 * index + 1]!));
    this.#made[index] = text;
    return text;
  }
}

/** Excel writes characters that XML cannot hold as `_xHHHH_` (ECMA-376 part 1, 22.9.2.19). */
export function unescapeCharacters(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
