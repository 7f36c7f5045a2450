import type { Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import { addPlace } from '../addPlace.ts';
import { assembleTable, isBlank } from '../layout/assembleTable.ts';
import { cleanHeader } from '../layout/checkHeaders.ts';
import { findHeader, headerSampleRows } from '../layout/findHeader.ts';
import type { RawCell, RawTable } from '../rawTable.ts';
import type { ReadOptions } from '../readOptions.ts';
import { readSheet, type SheetContext } from './readSheet.ts';
import { SharedStrings } from './sharedStrings.ts';
import { columnLetters, type SheetGrid } from './sheetGrid.ts';
import { readNumberFormats, readPart, readWorkbook, type SheetEntry } from './workbook.ts';
import { ZipArchive } from './zipArchive.ts';
import { readZipDirectory } from './zipDirectory.ts';

/**
 * Reads one sheet of an Excel workbook (.xlsx, .xlsm; macros and links are never looked at).
 *
 * @throws EngineError FILE_DAMAGED, FILE_ENCRYPTED, FILE_KIND_UNSUPPORTED, FILE_UNPACKS_TOO_LARGE, TABLE_TOO_LARGE,
 *   SHEET_AMBIGUOUS, SHEET_UNKNOWN, FILE_EMPTY and those of finding and checking a header.
 */
export function readXlsx(bytes: Uint8Array, options: ReadOptions): RawTable {
  const entries = readZipDirectory(bytes, options.limits.maxUnpackedBytes);
  const archive = new ZipArchive(bytes, entries, options.inflateRaw);
  const workbook = readWorkbook(archive);
  const strings = workbook.stringsPart === null ? null : archive.read(workbook.stringsPart);
  const context: SheetContext = {
    strings: strings === null ? null : new SharedStrings(strings, workbook.stringsPart!),
    formats: readNumberFormats(archive, workbook.stylesPart),
    isDate1904: workbook.isDate1904,
    limits: options.limits,
    counter: { cells: 0 },
  };
  const read = (sheet: SheetEntry) => ({
    sheet,
    grid: readSheet(readPart(archive, sheet.part), sheet.part, sheet.name, context),
  });
  const { sheet, grid, ignored } = chooseSheet(workbook.sheets, options.sheet, read);
  const table = addPlace({ sheet: sheet.name }, () => gridToTable(grid, sheet.name, options));
  return ignored === null ? table : { ...table, warnings: [ignored, ...table.warnings] };
}

interface ReadSheet {
  readonly sheet: SheetEntry;
  readonly grid: SheetGrid;
}

/** The sheet that was asked for, or the only one that can be a table. */
function chooseSheet(
  sheets: readonly SheetEntry[],
  wanted: string | undefined,
  read: (sheet: SheetEntry) => ReadSheet,
): ReadSheet & { ignored: Warning | null } {
  if (wanted !== undefined) {
    const named =
      sheets.find((sheet) => sheet.name === wanted) ??
      sheets.find((sheet) => sheet.name.trim() === wanted.trim());
    if (named === undefined) {
      throw new EngineError(
        'SHEET_UNKNOWN',
        `There is no sheet ${JSON.stringify(wanted)}; the sheets are ${sheets.map(({ name }) => JSON.stringify(name)).join(', ')}.`,
        { sheet: wanted },
      );
    }
    return { ...read(named), ignored: null };
  }
  const all = sheets.map(read);
  const visible = all.filter(({ sheet, grid }) => !sheet.isHidden && grid.rowNumbers.length > 0);
  if (visible.length === 0) {
    const hidden = all.filter(({ grid }) => grid.rowNumbers.length > 0);
    if (hidden.length === 0)
      throw new EngineError('FILE_EMPTY', 'The workbook is empty: none of its sheets has a cell.');
    throw ambiguous('All sheets with cells are hidden', hidden);
  }
  // A sheet of notes has one column of words; a table with no more than a header still is a candidate if it is alone.
  const tables = visible.filter(({ grid }) => grid.rowNumbers.length > 1 && !isNotes(grid));
  if (tables.length > 1) throw ambiguous('Several sheets could be the table', tables);
  const chosen = tables[0] ?? visible[0]!;
  const others = visible.filter((one) => one !== chosen);
  if (tables.length === 0 && others.length > 0) throw ambiguous('Several sheets could be the table', visible);
  const ignored: Warning | null =
    others.length === 0
      ? null
      : {
          code: 'sheets_ignored',
          message: `Sheet ${JSON.stringify(chosen.sheet.name)} is read; ${describeSheets(others)} ${others.length === 1 ? 'is' : 'are'} left out.`,
          count: others.length,
        };
  return { ...chosen, ignored };
}

function isNotes(grid: SheetGrid): boolean {
  return (
    grid.columns.size === 1 &&
    [...grid.columns.values()][0]!.every((cell) => cell === null || typeof cell === 'string')
  );
}

function describeSheets(sheets: readonly ReadSheet[]): string {
  return sheets
    .map(({ sheet, grid }) => `${JSON.stringify(sheet.name)} (${grid.rowNumbers.length} rows)`)
    .join(', ');
}

function ambiguous(what: string, sheets: readonly ReadSheet[]): EngineError {
  return new EngineError('SHEET_AMBIGUOUS', `${what}: ${describeSheets(sheets)}.`);
}

function gridToTable(grid: SheetGrid, sheet: string, options: ReadOptions): RawTable {
  if (grid.rowNumbers.length === 0)
    throw new EngineError('FILE_EMPTY', 'The sheet is empty: it has no cell.');
  const letters = [...grid.columns.keys()].sort((a, b) => a - b);
  const columns = letters.map((letter) => {
    const cells = grid.columns.get(letter)!;
    while (cells.length < grid.rowNumbers.length) cells.push(null);
    return cells;
  });
  const warnings: Warning[] = [];
  const sample = grid.rowNumbers
    .slice(0, headerSampleRows)
    .map((_, row) => columns.map((cells) => cells[row]!));
  const header = findHeader(sample, grid.rowNumbers);
  warnings.push(...header.warnings);
  warnings.push(...fillMerges(grid, letters, header.dataRow));
  const end = dropNotes(grid, columns, header.dataRow, warnings);

  const data = columns.map((cells) => cells.slice(header.dataRow, end));
  for (const [j, letter] of letters.entries()) {
    const notes = grid.notes.get(letter);
    const name = cleanHeader(header.names[j] ?? '') || columnLetters(letter);
    if (notes !== undefined) warnings.push(...describeNotes(notes, name));
  }
  return assembleTable(
    {
      format: { kind: 'xlsx', encoding: null, delimiter: null, sheet },
      headerRow: grid.rowNumbers[header.row]!,
      names: columns.map((_, j) => header.names[j] ?? ''),
      columns: data,
      fileRows: grid.rowNumbers.slice(header.dataRow, end),
      warnings,
      describeColumn: (column) => `column ${columnLetters(letters[column]!)}`,
    },
    options,
  );
}

/** A cell merged over several rows holds for each of them; over several columns it is a heading, and stays one cell. */
function fillMerges(grid: SheetGrid, letters: readonly number[], dataRow: number): Warning[] {
  let filled = 0;
  for (const merge of grid.merges) {
    if (merge.firstColumn !== merge.lastColumn || merge.firstRow < dataRow) continue;
    const cells = letters.includes(merge.firstColumn) ? grid.columns.get(merge.firstColumn) : undefined;
    const value = cells?.[merge.firstRow] ?? null;
    if (cells === undefined || value === null) continue;
    for (let row = merge.firstRow + 1; row <= merge.lastRow; row++) {
      if (cells[row] !== null) continue;
      cells[row] = value;
      filled++;
    }
  }
  if (filled === 0) return [];
  return [
    {
      code: 'merged_cells',
      message: `${filled} cells that are merged with the cell above got its value.`,
      count: filled,
    },
  ];
}

/** Lines below the table with one cell of text are notes; returns the row where they begin. */
function dropNotes(
  grid: SheetGrid,
  columns: readonly RawCell[][],
  dataRow: number,
  warnings: Warning[],
): number {
  let end = grid.rowNumbers.length;
  if (columns.length < 3) return end;
  const notes: string[] = [];
  while (end > dataRow + 1) {
    const cells = columns.map((column) => column[end - 1]!).filter((cell) => !isBlank(cell));
    if (cells.length !== 1 || typeof cells[0] !== 'string' || cells[0].length < 12) break;
    notes.unshift(cells[0].slice(0, 60));
    end--;
  }
  if (notes.length > 0) {
    warnings.push({
      code: 'note_rows',
      message: `${notes.length} rows of notes below the table are left out: ${notes
        .slice(0, 3)
        .map((note) => JSON.stringify(note))
        .join(', ')}.`,
      count: notes.length,
    });
  }
  return end;
}

function describeNotes(
  notes: { errors: number; unsavedFormulas: number; percents: number },
  column: string,
): Warning[] {
  const warnings: Warning[] = [];
  if (notes.errors > 0) {
    warnings.push({
      code: 'formula_errors',
      message: `${notes.errors} cells of "${column}" hold an error such as #N/A and are taken as missing.`,
      column,
      count: notes.errors,
    });
  }
  if (notes.unsavedFormulas > 0) {
    warnings.push({
      code: 'formulas_unsaved',
      message: `${notes.unsavedFormulas} formulas of "${column}" were saved without their result and are taken as missing; open and save the file in a spreadsheet program.`,
      column,
      count: notes.unsavedFormulas,
    });
  }
  if (notes.percents > 0) {
    warnings.push({
      code: 'percent_format',
      message: `${notes.percents} cells of "${column}" are shown as percent; they are read as fractions, 5 % as 0.05.`,
      column,
      count: notes.percents,
    });
  }
  return warnings;
}
