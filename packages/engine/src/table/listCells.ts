import type { CellValue } from '@athanor/schema';
import type { Column } from './column.ts';
import type { Table } from './table.ts';

/**
 * Cells of `limit` rows from `offset` on (0 is the first data row), row by row, in the order of the columns; missing cells are
 * null, booleans are booleans, dates are days since 1970-01-01. Rows beyond the table are left out.
 */
export function listCells(table: Table, offset: number, limit: number): CellValue[][] {
  const end = Math.min(table.rowCount, offset + limit);
  const rows: CellValue[][] = [];
  const isBoolean = table.variables.map(({ dataType }) => dataType === 'boolean');
  for (let row = Math.max(0, offset); row < end; row++)
    rows.push(table.columns.map((column, j) => cellAt(column, row, isBoolean[j]!)));
  return rows;
}

function cellAt(column: Column, row: number, isBoolean: boolean): CellValue {
  if (column.kind === 'numeric') {
    const value = column.values[row]!;
    return Number.isNaN(value) ? null : value;
  }
  const code = column.codes[row]!;
  if (code < 0) return null;
  return isBoolean ? column.levels[code] === 'true' : column.levels[code]!;
}
