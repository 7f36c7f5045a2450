import Papa from 'papaparse';
import type { Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import { assembleTable } from '../layout/assembleTable.ts';
import { findHeader, headerSampleRows, type HeaderPlace } from '../layout/findHeader.ts';
import type { RawCell, RawTable } from '../rawTable.ts';
import type { ReadLimits, ReadOptions } from '../readOptions.ts';
import { decodeText } from './decodeText.ts';
import { detectDelimiter } from './detectDelimiter.ts';
import { normalizeLines } from './normalizeLines.ts';

/** JavaScript holds no longer text. */
const maxTextBytes = 500_000_000;

/** Lines that may stand above and below the data without counting as rows. */
const spareRows = 50;

/**
 * Reads delimited text: encoding, delimiter, line ends and header are found out, every cell is kept as text.
 *
 * @throws EngineError with the codes of the modules it uses, ROW_RAGGED, FILE_EMPTY, TABLE_TOO_LARGE.
 */
export function readCsv(bytes: Uint8Array, options: ReadOptions): RawTable {
  if (bytes.length > maxTextBytes) {
    throw new EngineError(
      'TABLE_TOO_LARGE',
      `The file has ${bytes.length} bytes of text; at most ${maxTextBytes} can be read.`,
    );
  }
  const decoded = decodeText(bytes);
  const warnings: Warning[] = [...decoded.warnings];
  const declared = /^sep=(.)(?:\r\n?|\n)/i.exec(decoded.text);
  const skippedLines = declared === null ? 0 : 1;
  const body = declared === null ? decoded.text : decoded.text.slice(declared[0].length);
  if (body.trim() === '')
    throw new EngineError('FILE_EMPTY', 'The file is empty: there is nothing but blanks in it.');
  const delimiter = declared?.[1] ?? detectDelimiter(body);
  const { text, hasQuotedBreaks } = normalizeLines(body, delimiter);
  const { limits } = options;
  refuseTooManyCells(text, delimiter, limits);
  // No header, no types: an array of cells for each row.
  const { data } = Papa.parse(text, { delimiter, newline: '\n', preview: limits.maxRows + spareRows }) as {
    data: string[][];
  };
  if (data.length >= limits.maxRows + spareRows) throw tooManyRows(text, limits);
  const { rows, lines, blankCount } = dropBlankRows(data, hasQuotedBreaks, skippedLines + 1);
  if (rows.length === 0)
    throw new EngineError('FILE_EMPTY', 'The file is empty: it has delimiters but no cells.');
  if (blankCount > 0) {
    warnings.push({
      code: 'blank_rows',
      message: `${blankCount} blank rows are left out.`,
      count: blankCount,
    });
  }
  const header = findHeader(rows.slice(0, headerSampleRows), lines);
  warnings.push(...header.warnings);
  const width = header.names.length;
  checkWidths(rows, lines, header);
  const dataRows = rows.slice(header.dataRow);
  const columns = Array.from({ length: width }, (_, column): RawCell[] =>
    dataRows.map((row) => {
      const cell = row[column];
      return cell === undefined || cell === '' ? null : cell;
    }),
  );
  return assembleTable(
    {
      format: {
        kind: 'csv',
        encoding: decoded.encoding,
        delimiter: width > 1 ? delimiter : null,
        sheet: null,
      },
      headerRow: lines[header.row]!,
      names: header.names,
      columns,
      fileRows: lines.slice(header.dataRow),
      warnings,
      describeColumn: (column) => `column ${column + 1}`,
    },
    options,
  );
}

/** Rows that hold something, with the 1-based line of the file where each begins. */
function dropBlankRows(
  data: readonly string[][],
  hasQuotedBreaks: boolean,
  firstLine: number,
): { rows: string[][]; lines: number[]; blankCount: number } {
  const rows: string[][] = [];
  const lines: number[] = [];
  let blankCount = 0;
  let blanksBefore = 0;
  let line = firstLine;
  for (const row of data) {
    const isBlank = row.every((cell) => cell.trim() === '');
    if (!isBlank) {
      rows.push(row);
      lines.push(line);
      blankCount += blanksBefore;
      blanksBefore = 0;
    } else {
      // Blank lines at the end of a file are no rows that anybody left out.
      blanksBefore++;
    }
    line++;
    if (hasQuotedBreaks) for (const cell of row) line += countBreaks(cell);
  }
  return { rows, lines, blankCount };
}

function countBreaks(cell: string): number {
  return cell.includes('\n') || cell.includes('\r') ? cell.split(/\r\n?|\n/).length - 1 : 0;
}

/**
 * Every row must have as many cells as the header. Empty cells beyond it do no harm, also when a program ends every row
 * with a delimiter; cells may be missing only where the header has no name either.
 */
function checkWidths(rows: readonly string[][], lines: readonly number[], header: HeaderPlace): void {
  const width = header.names.length;
  const named = header.names.findLastIndex((name) => name.trim() !== '') + 1;
  for (let i = header.dataRow; i < rows.length; i++) {
    const row = rows[i]!;
    let found = row.length;
    while (found > width && row[found - 1]!.trim() === '') found--;
    if (found >= named && found <= width) continue;
    throw new EngineError('ROW_RAGGED', `Row ${lines[i]!} has ${found} cells, but the header has ${named}.`, {
      row: lines[i]!,
      value: row.join(delimiterShown).slice(0, 100),
    });
  }
}

/** Between cells in messages, whatever the file uses. */
const delimiterShown = ' | ';

/** Counts delimiters before cells are made of them; only texts longer than the limit can have too many. */
function refuseTooManyCells(text: string, delimiter: string, limits: ReadLimits): void {
  if (text.length <= limits.maxCells) return;
  const cells = count(text, delimiter) + count(text, '\n');
  if (cells <= limits.maxCells) return;
  throw new EngineError(
    'TABLE_TOO_LARGE',
    `The table has about ${cells} cells (limit ${limits.maxCells}) in ${count(text, '\n')} rows (limit ${limits.maxRows}).`,
  );
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}

function tooManyRows(text: string, limits: ReadLimits): EngineError {
  const lines = count(text, '\n') + 1;
  return new EngineError(
    'TABLE_TOO_LARGE',
    `The table has about ${lines} rows (limit ${limits.maxRows}); columns are limited to ${limits.maxColumns} and a cell to ${limits.maxCellCharacters} characters.`,
  );
}
