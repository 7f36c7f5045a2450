import type { Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import { isMissingWord } from '../cells/missingWords.ts';
import { looksLikeDate, looksLikeExcelDate } from '../cells/dates.ts';
import { plainCharacters, readNumberForm } from '../cells/numberForm.ts';
import { readQuantity } from '../cells/quantity.ts';
import { parseUnit } from '../infer/parseUnit.ts';
import type { RawCell } from '../rawTable.ts';

/** Where the table begins. */
export interface HeaderPlace {
  /** Index of the row with the column names. */
  readonly row: number;
  /** Index of the first data row: the one after it, or after a row of units. */
  readonly dataRow: number;
  /** Column names as they stand; empty cells as ''. Units of a second row are appended in brackets. */
  readonly names: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Rows that are looked at; whoever writes more lines above a table than this has to take them away. */
export const headerSampleRows = 200;

/** A row counts as part of the table from this share of the usual number of filled cells. */
const wideShare = 0.6;

/** A quantity is a number with something to it: `<0.1`, `28 d`. As a value it is one, as a name it is a word. */
type Kind = 'empty' | 'number' | 'quantity' | 'text';

/**
 * Finds the row of column names among the first rows of a file: the last row of words before the numbers begin, as
 * wide as the table. Rows above it are titles and notes, a row of units below it is joined to the names; both
 * are reported.
 *
 * @param rows The first rows, at most `headerSampleRows`, with empty rows left out.
 * @param rowNumbers 1-based row of the file of each, for messages.
 * @throws EngineError HEADER_MISSING when the table begins with data, HEADER_INVALID when two rows compete.
 */
export function findHeader(
  rows: readonly (readonly RawCell[])[],
  rowNumbers: readonly number[],
): HeaderPlace {
  const kinds = rows.map((row) => row.map(kindOf));
  const filled = kinds.map((row) => row.filter((kind) => kind !== 'empty').length);
  const usual = median(filled);
  let first = filled.findIndex((count) => count >= wideShare * usual);
  if (first < 0) first = 0;
  let numeric = findNumericColumns(kinds, first + 1);
  if (kinds[first]!.includes('number')) {
    if (isNamed(rows[first]!, kinds[first]!, numeric)) return place(rows, rowNumbers, first, null);
    // Or a title with a number or a date in it, above a row of names that is fuller.
    const later = kinds.findIndex(
      (row, i) => i > first && filled[i]! > filled[first]! && !row.includes('number'),
    );
    numeric = findNumericColumns(kinds, later + 1);
    if (later < 0 || !isHeaderLike(kinds[later]!, numeric)) {
      throw new EngineError(
        'HEADER_MISSING',
        `Row ${rowNumbers[first]!} should hold the column names, but holds values: ${preview(rows[first]!)}.`,
        { row: rowNumbers[first]! },
      );
    }
    first = later;
  }
  // Words over columns of numbers, row after row: titles or groups, names, units.
  let last = first;
  while (last + 1 < rows.length && continuesHeader(rows, kinds, numeric, last + 1)) last++;
  const hasUnits = last > first && isUnitRow(rows[last]!);
  const names = hasUnits ? last - 1 : last;
  if (names > first && isWholeHeader(rows[names - 1]!, filled[names]!)) {
    throw new EngineError(
      'HEADER_INVALID',
      `Rows ${rowNumbers[names - 1]!} and ${rowNumbers[names]!} both look like column names: ` +
        `${preview(rows[names - 1]!)} and ${preview(rows[names]!)}.`,
      { row: rowNumbers[names]! },
      'Keep one row of column names above the data.',
    );
  }
  return place(rows, rowNumbers, names, hasUnits ? last : null);
}

function kindOf(cell: RawCell): Kind {
  if (cell === null) return 'empty';
  if (typeof cell !== 'string') return 'number';
  const text = plainCharacters(cell);
  if (text === '') return 'empty';
  if (readNumberForm(text) !== 0 || looksLikeDate(text)) return 'number';
  if (readQuantity(text) !== null || looksLikeExcelDate(text)) return 'quantity';
  return isMissingWord(text, true) ? 'empty' : 'text';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Columns where most of what stands from `from` on are numbers. */
function findNumericColumns(kinds: readonly (readonly Kind[])[], from: number): boolean[] {
  const width = Math.max(0, ...kinds.map((row) => row.length));
  return Array.from({ length: width }, (_, column) => {
    let numbers = 0;
    let texts = 0;
    for (let row = from; row < kinds.length; row++) {
      if (kinds[row]![column] === 'number' || kinds[row]![column] === 'quantity') numbers++;
      else if (kinds[row]![column] === 'text') texts++;
    }
    return numbers > texts;
  });
}

/**
 * Whether a row with numbers in it is a row of names all the same: some word stands over a column of numbers, as in
 * `strength,28`, or the numbers are a scale, as the wavelengths of spectra are.
 */
function isNamed(row: readonly RawCell[], kinds: readonly Kind[], numeric: readonly boolean[]): boolean {
  if (kinds.some((kind, column) => (kind === 'text' || kind === 'quantity') && numeric[column] === true))
    return true;
  const scale = row.flatMap((cell, column) => (kinds[column] === 'number' ? [Number(cell)] : []));
  if (scale.length < 3 || !kinds.includes('text')) return false;
  const steps = scale.slice(1).map((value, i) => value - scale[i]!);
  return steps.every((step) => step > 0) || steps.every((step) => step < 0);
}

/** Words over at least half of the columns of numbers, and no number. */
function isHeaderLike(kinds: readonly Kind[], numeric: readonly boolean[]): boolean {
  if (kinds.includes('number') || kinds.includes('quantity')) return false;
  const words = countWords(kinds, numeric);
  return words > 0 && 2 * words >= numeric.filter(Boolean).length;
}

function countWords(kinds: readonly Kind[], numeric: readonly boolean[]): number {
  return kinds.filter((kind, column) => kind === 'text' && numeric[column] === true).length;
}

/** Below a whole row of names, one lone word over numbers is not another name but a mistake in the data. */
function continuesHeader(
  rows: readonly (readonly RawCell[])[],
  kinds: readonly (readonly Kind[])[],
  numeric: readonly boolean[],
  row: number,
): boolean {
  if (!isHeaderLike(kinds[row]!, numeric)) return false;
  if (isUnitRow(rows[row]!) || countWords(kinds[row]!, numeric) > 1) return true;
  return !isWholeHeader(rows[row - 1]!, kinds[row]!.filter((kind) => kind !== 'empty').length);
}

function isUnitRow(row: readonly RawCell[]): boolean {
  const texts = row.flatMap((cell) => (typeof cell === 'string' && cell.trim() !== '' ? [cell.trim()] : []));
  const units = texts.filter((text) => unitOf(text) !== null || /^[[({]?[-–]?[\])}]?$/.test(text));
  return texts.length > 0 && units.length >= 0.6 * texts.length;
}

function unitOf(text: string): string | null {
  const bare = text.replace(/^[[({](.*)[\])}]$/, '$1').trim();
  return parseUnit(bare) === null ? null : bare;
}

/** A row of names has a different word in as many columns as the row below. */
function isWholeHeader(row: readonly RawCell[], width: number): boolean {
  const texts = row.flatMap((cell) => (typeof cell === 'string' && cell.trim() !== '' ? [cell.trim()] : []));
  return texts.length >= width && new Set(texts).size === texts.length;
}

function place(
  rows: readonly (readonly RawCell[])[],
  rowNumbers: readonly number[],
  row: number,
  unitRow: number | null,
): HeaderPlace {
  const warnings: Warning[] = [];
  const names = rows[row]!.map((cell) => (cell === null ? '' : String(cell)));
  if (row > 0) {
    const titles = rows.slice(0, Math.min(row, 3)).map(preview);
    warnings.push({
      code: 'title_rows',
      message: `Row ${rowNumbers[row]!} is taken as the column names (${preview(rows[row]!)}); ${row} rows above it are left out: ${titles.join(' | ')}.`,
      count: row,
    });
  }
  if (unitRow !== null) {
    for (const [column, cell] of rows[unitRow]!.entries()) {
      const unit = typeof cell === 'string' ? unitOf(cell.trim()) : null;
      if (unit !== null && (names[column] ?? '') !== '') names[column] = `${names[column]!.trim()} (${unit})`;
    }
    warnings.push({
      code: 'unit_row',
      message: `Row ${rowNumbers[unitRow]!} is taken as units of the columns: ${preview(rows[unitRow]!)}.`,
      count: 1,
    });
  }
  return { row, dataRow: (unitRow ?? row) + 1, names, warnings };
}

/** The first cells of a row, for a message. */
function preview(row: readonly RawCell[]): string {
  const cells = row.flatMap((cell) => (cell === null || cell === '' ? [] : [String(cell).slice(0, 30)]));
  const shown = cells.slice(0, 6).join(', ');
  return JSON.stringify(cells.length > 6 ? `${shown}, …` : shown);
}
