import type { TableFormat, Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import { findDecimalMarks } from '../cells/decimalMarks.ts';
import type { RawCell, RawColumn, RawTable } from '../rawTable.ts';
import type { ReadOptions } from '../readOptions.ts';
import { checkHeaders, cleanHeader } from './checkHeaders.ts';
import { findTotalsRow } from './findTotalsRow.ts';

/** The cells below a header, before names are checked. */
export interface TableParts {
  readonly format: Omit<TableFormat, 'decimalMark' | 'headerRow'>;
  /** 1-based row of the file with the names; null when the format has names of its own. */
  readonly headerRow: number | null;
  /** Names as they stand in the file; '' where there is none. */
  readonly names: readonly string[];
  /** Cells of each column [n]; same order as `names`. */
  readonly columns: readonly RawCell[][];
  /** 1-based row of the file of each data row [n]. */
  readonly fileRows: number[];
  readonly warnings: readonly Warning[];
  /** Where a column is, for messages. */
  readonly describeColumn: (column: number) => string;
}

/**
 * Makes a table of a header and cells: drops columns that are empty throughout, checks the names and the limits, takes a line of
 * totals away, and settles the decimal mark.
 *
 * @throws EngineError TABLE_WITHOUT_ROWS, TABLE_TOO_LARGE, HEADER_INVALID, DECIMAL_AMBIGUOUS, DECIMAL_CONTRADICTORY.
 */
export function assembleTable(parts: TableParts, options: ReadOptions): RawTable {
  const { format } = parts;
  const headerRow = parts.headerRow ?? 0;
  const warnings: Warning[] = [...parts.warnings];
  checkSize(parts, options);

  const kept: { name: string; column: number; cells: RawCell[] }[] = [];
  let emptyCount = 0;
  for (const [column, cells] of parts.columns.entries()) {
    let name = cleanHeader(parts.names[column] ?? '');
    if (name === '') {
      if (cells.every(isBlank)) {
        emptyCount++;
        continue;
      }
      if (column !== 0 || !isRowNumber(cells)) {
        throw new EngineError(
          'HEADER_INVALID',
          `The name of ${parts.describeColumn(column)} is empty, but the column has values.`,
          headerRow > 0 ? { row: headerRow } : {},
        );
      }
      name = unusedName('row number', parts.names);
      warnings.push({
        code: 'header_blank',
        message: `The first column has no name and counts the rows; it is called "${name}".`,
        column: name,
      });
    }
    kept.push({ name, column, cells });
  }
  if (emptyCount > 0) {
    warnings.push({
      code: 'empty_columns',
      message: `${emptyCount} columns without a name and without values are left out.`,
      count: emptyCount,
    });
  }
  const headers = checkHeaders(
    kept.map(({ name }) => name),
    (index) => parts.describeColumn(kept[index]!.column),
    headerRow,
  );
  const { fileRows } = parts;
  if (fileRows.length === 0) {
    throw new EngineError(
      'TABLE_WITHOUT_ROWS',
      `The table has 1 header line and 0 rows: ${headers.slice(0, 6).join(', ')}.`,
    );
  }
  let columns: RawColumn[] = kept.map(({ cells }, j) => ({ header: headers[j]!, cells }));
  const totals = findTotalsRow(columns);
  let rowCount = fileRows.length;
  if (totals !== null) {
    warnings.push({
      code: 'totals_row',
      message: totals.isProved
        ? `Row ${fileRows[rowCount - 1]!} (${JSON.stringify(totals.label)}) holds the ${totals.what} of the rows above and is left out.`
        : `Row ${fileRows[rowCount - 1]!} (${JSON.stringify(totals.label)}) looks like a line of totals; it is kept, because its numbers are none.`,
      rows: [rowCount],
      count: 1,
    });
    if (totals.isProved) {
      rowCount--;
      columns = columns.map(({ header, cells }) => ({ header, cells: cells.slice(0, rowCount) }));
    }
  }
  const rows = Int32Array.from(fileRows.slice(0, rowCount));
  const decimals = findDecimalMarks(columns, rows, options.decimalMark);
  warnings.push(...decimals.warnings);
  return {
    format: { ...format, decimalMark: decimals.decimalMark, headerRow: parts.headerRow },
    columns,
    rowCount,
    fileRows: rows,
    warnings,
  };
}

function checkSize(parts: TableParts, { limits }: ReadOptions): void {
  let longest = 0;
  for (const cells of parts.columns)
    for (const cell of cells) if (typeof cell === 'string' && cell.length > longest) longest = cell.length;
  const rows = parts.fileRows.length;
  const columns = parts.columns.length;
  if (
    rows <= limits.maxRows &&
    columns <= limits.maxColumns &&
    longest <= limits.maxCellCharacters &&
    rows * columns <= limits.maxCells
  )
    return;
  throw new EngineError(
    'TABLE_TOO_LARGE',
    `The table has ${rows} rows (limit ${limits.maxRows}), ${columns} columns (limit ${limits.maxColumns}), ` +
      `${rows * columns} cells (limit ${limits.maxCells}), and its longest cell has ${longest} characters (limit ${limits.maxCellCharacters}).`,
  );
}

export function isBlank(cell: RawCell): boolean {
  return cell === null || (typeof cell === 'string' && cell.trim() === '');
}

/** 0, 1, 2 … or 1, 2, 3 … without a gap: the index that data frames write in front. */
function isRowNumber(cells: readonly RawCell[]): boolean {
  if (cells.length < 3) return false;
  const first = Number(cells[0]);
  return (
    (first === 0 || first === 1) && cells.every((cell, i) => !isBlank(cell) && Number(cell) === first + i)
  );
}

function unusedName(wanted: string, names: readonly string[]): string {
  const taken = new Set(names.map((name) => cleanHeader(name).toLowerCase()));
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted} ${i}`;
  return name;
}
