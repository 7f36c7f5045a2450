import { EngineError } from '../../engineError.ts';
import type { RawCell } from '../rawTable.ts';
import type { ReadLimits } from '../readOptions.ts';
import { excelDate, excelTime } from './excelDate.ts';
import { type SharedStrings, unescapeCharacters } from './sharedStrings.ts';
import { type CellCounter, columnLetters, type Merge, SheetGrid } from './sheetGrid.ts';
import type { NumberFormat } from './workbook.ts';
import { packName, XmlScanner } from './xmlScanner.ts';

/** What the cells of every sheet of a workbook refer to. */
export interface SheetContext {
  readonly strings: SharedStrings | null;
  readonly formats: readonly NumberFormat[];
  readonly isDate1904: boolean;
  readonly limits: ReadLimits;
  readonly counter: CellCounter;
}

const row = packName('row');
const c = packName('c');
const v = packName('v');
const f = packName('f');
const is = packName('is');
const t = packName('t');
const rPh = packName('rPh');

/** Kinds of cells, by the attribute `t` (ECMA-376 part 1, 18.18.11). */
const number = packName('n');
const sharedString = packName('s');
const boolean = packName('b');
const error = packName('e');
const date = packName('d');
const formulaString = packName('str');

const maxRow = 1_048_576;
const maxColumn = 16_384;

/**
 * Reads the cells of a worksheet (ECMA-376 part 1, 18.3.1). Formulas count by the result saved with them; error cells
 * and formulas without a result are missing cells, and counted. Dates come out as ISO text.
 *
 * @throws EngineError FILE_DAMAGED with the address of the cell, TABLE_TOO_LARGE.
 */
export function readSheet(
  bytes: Uint8Array,
  part: string,
  sheetName: string,
  context: SheetContext,
): SheetGrid {
  return new SheetReader(bytes, part, sheetName, context).read();
}

/** State while a sheet is read: where the reader is, and what the cell at hand has shown so far. */
class SheetReader {
  readonly #scanner: XmlScanner;
  readonly #sheet: string;
  readonly #context: SheetContext;
  readonly #grid: SheetGrid;
  #row = 0;
  #column = -1;
  #type = number;
  #format: NumberFormat = 'number';
  #hasFormula = false;
  #valueStart = -1;
  #valueEnd = -1;
  #inlineText: string | null = null;
  #isInline = false;
  #isPhonetic = false;

  constructor(bytes: Uint8Array, part: string, sheetName: string, context: SheetContext) {
    this.#scanner = new XmlScanner(bytes, part);
    this.#sheet = sheetName;
    this.#context = context;
    this.#grid = new SheetGrid(context.limits, sheetName, context.counter);
  }

  read(): SheetGrid {
    const scanner = this.#scanner;
    const mergeReferences: string[] = [];
    while (scanner.next()) {
      switch (scanner.name) {
        case row:
          if (!scanner.isClose) this.#startRow();
          break;
        case c:
          if (!scanner.isClose) this.#startCell();
          if (scanner.isClose) this.#endCell();
          break;
        case v:
          if (scanner.isClose) {
            this.#valueStart = scanner.textStart;
            this.#valueEnd = scanner.textEnd;
            if (scanner.hasMarkup) this.#inlineText = scanner.text();
          }
          break;
        case f:
          this.#hasFormula = true;
          break;
        case is:
          this.#isInline = !scanner.isClose && !scanner.isEmpty;
          break;
        case rPh:
          this.#isPhonetic = !scanner.isClose && !scanner.isEmpty;
          break;
        case t:
          if (scanner.isClose && this.#isInline && !this.#isPhonetic)
            this.#inlineText = (this.#inlineText ?? '') + scanner.text();
          break;
        default:
          if (!scanner.isClose && scanner.nameIs('mergeCell'))
            mergeReferences.push(scanner.attribute('ref') ?? '');
      }
    }
    this.#grid.merges = mergeReferences
      .map((reference) => this.#readMerge(reference))
      .filter((one) => one !== null);
    return this.#grid;
  }

  #startRow(): void {
    const { start, end } = this.#scanner.findAttribute('r');
    const next = start < 0 ? this.#row + 1 : this.#digits(start, end);
    if (!(next > this.#row && next <= maxRow))
      throw this.#scanner.damaged(`has its rows out of order after row ${this.#row}`, this.#scanner.textEnd);
    this.#row = next;
    this.#column = -1;
  }

  #startCell(): void {
    const scanner = this.#scanner;
    this.#column = this.#readColumn();
    const type = scanner.findAttribute('t');
    // `inlineStr` is the one name longer than four letters; its text is in <is> and needs no type.
    this.#type = type.start < 0 ? number : this.#packed(type.start, type.end);
    this.#hasFormula = false;
    this.#valueStart = -1;
    this.#valueEnd = -1;
    this.#inlineText = null;
    this.#format = 'number';
    const { formats } = this.#context;
    const style = scanner.findAttribute('s');
    if (style.start >= 0 && formats.length > 0) {
      const index = this.#digits(style.start, style.end);
      const format = formats[index];
      if (format === undefined) throw this.#damagedCell(`uses the cell style ${index}, which does not exist`);
      this.#format = format;
    }
  }

  /** Column of the cell from its reference, which may be left out for the cell right of the last one. */
  #readColumn(): number {
    const { start, end } = this.#scanner.findAttribute('r');
    if (start < 0) return this.#column + 1;
    let column = 0;
    for (let at = start; at < end; at++) {
      const letter = this.#scanner.bytes[at]! & 0xdf;
      if (letter < 65 || letter > 90) break;
      column = 26 * column + letter - 64;
    }
    if (column < 1 || column > maxColumn || column - 1 <= this.#column)
      throw this.#scanner.damaged(`has cells out of order in row ${this.#row}`, start);
    return column - 1;
  }

  #endCell(): void {
    const cell = this.#readValue();
    // Errors and formulas without a result are missing cells, but the row they stand in is one.
    const isLost = cell === null && (this.#hasFormula || this.#type === error);
    if ((cell === null || cell === '') && !isLost) return;
    if (typeof cell === 'string' && cell.length > this.#context.limits.maxCellCharacters) {
      throw new EngineError(
        'TABLE_TOO_LARGE',
        `A cell has ${cell.length} characters; at most ${this.#context.limits.maxCellCharacters} are allowed.`,
        this.#location(),
      );
    }
    this.#grid.add(this.#row, this.#column, cell);
  }

  #readValue(): RawCell {
    const scanner = this.#scanner;
    if (this.#valueStart < 0) {
      if (this.#inlineText !== null) return unescapeCharacters(this.#inlineText);
      if (this.#hasFormula) this.#grid.note(this.#column).unsavedFormulas++;
      return null;
    }
    switch (this.#type) {
      case number:
        return this.#readNumber();
      case sharedString: {
        const { strings } = this.#context;
        const index = this.#digits(this.#valueStart, this.#valueEnd);
        if (!(index < (strings?.count ?? 0)))
          throw this.#damagedCell(
            `refers to shared string ${scanner.decode(this.#valueStart, this.#valueEnd).slice(0, 20)}, which does not exist`,
          );
        return strings!.get(index);
      }
      case boolean:
        return this.#digits(this.#valueStart, this.#valueEnd) === 1;
      case error:
        this.#grid.note(this.#column).errors++;
        return null;
      case date:
        return this.#valueText().replace(/T00:00(:00(\.0+)?)?Z?$/, '');
      case formulaString:
        return unescapeCharacters(this.#valueText());
      default:
        throw this.#damagedCell('has an unknown type');
    }
  }

  #valueText(): string {
    return this.#inlineText ?? this.#scanner.decode(this.#valueStart, this.#valueEnd);
  }

  #readNumber(): RawCell {
    if (this.#valueStart === this.#valueEnd) return null;
    const value =
      this.#inlineText === null
        ? parseDecimal(this.#scanner.bytes, this.#valueStart, this.#valueEnd)
        : Number(this.#inlineText);
    if (!Number.isFinite(value)) throw this.#damagedCell('does not hold the number it should');
    switch (this.#format) {
      case 'number':
        return value;
      case 'percent':
        this.#grid.note(this.#column).percents++;
        return value;
      case 'date':
        return excelDate(value, this.#context.isDate1904) ?? value;
      case 'time':
        return excelTime(value) ?? value;
    }
  }

  /** Digits as an integer; NaN when there is anything else, or more than 15 of them. */
  #digits(start: number, end: number): number {
    let value = end > start && end - start <= 15 ? 0 : NaN;
    for (let at = start; at < end; at++) {
      const digit = this.#scanner.bytes[at]! - 48;
      if (digit < 0 || digit > 9) return NaN;
      value = 10 * value + digit;
    }
    return value;
  }

  #packed(start: number, end: number): number {
    let packed = 0;
    for (let at = start; at < end; at++) packed = (packed << 8) | this.#scanner.bytes[at]!;
    return end - start <= 4 ? packed : 0;
  }

  #readMerge(reference: string): Merge | null {
    const match = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference);
    if (match === null) return null;
    const letters = (text: string) =>
      [...text].reduce((column, letter) => 26 * column + letter.charCodeAt(0) - 64, 0) - 1;
    // Rows of the grid, not of the sheet: a merge over a million empty rows covers only the few that exist.
    const { rowNumbers } = this.#grid;
    return {
      firstRow: lowerBound(rowNumbers, Number(match[2])),
      lastRow: lowerBound(rowNumbers, Number(match[4]) + 1) - 1,
      firstColumn: letters(match[1]!),
      lastColumn: letters(match[3]!),
    };
  }

  #location(): { sheet: string; row: number; column: string } {
    return { sheet: this.#sheet, row: this.#row, column: columnLetters(this.#column) };
  }

  #damagedCell(what: string): EngineError {
    const address = `${columnLetters(this.#column)}${this.#row}`;
    return new EngineError('FILE_DAMAGED', `The file is damaged: cell ${address} ${what}.`, this.#location());
  }
}

/** Index of the first number that is not below `value`, in an ascending list. */
function lowerBound(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** 10^0 .. 10^22: the powers of ten that doubles hold exactly. */
const powersOfTen = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * A decimal number in ASCII, correctly rounded; NaN when it is none. Up to 15 digits with a small exponent are exact
 * as integer and as power of ten, so one division rounds right (Clinger 1990, fast path); the rest goes to `Number`.
 */
function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const isNegative = bytes[at] === 45;
  if (isNegative) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let isFraction = false;
  for (; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (digit >= 0 && digit <= 9) {
      mantissa = 10 * mantissa + digit;
      digits++;
      if (isFraction) decimals++;
    } else if (digit === -2 && !isFraction) {
      isFraction = true;
    } else {
      break;
    }
  }
  if (at === end && digits > 0 && digits <= 15) {
    const value = decimals === 0 ? mantissa : mantissa / powersOfTen[decimals]!;
    return isNegative ? -value : value;
  }
  let text = '';
  for (let i = start; i < end && i - start < 400; i++) text += String.fromCharCode(bytes[i]!);
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : NaN;
}
