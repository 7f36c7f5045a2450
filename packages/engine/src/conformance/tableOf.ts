import type { Variable, VariableRole, VariableType } from '@athanor/schema';
import type { Column } from '../table/column.ts';
import type { Table } from '../table/table.ts';

/** How a test describes a column: its cells, and what differs from a parameter that is an input. */
export interface ColumnDescription {
  readonly cells: readonly (number | string | null)[];
  readonly type?: VariableType;
  readonly role?: VariableRole;
  readonly unit?: string;
  readonly bounds?: { readonly lower: number; readonly upper: number };
}

/** A table of these columns as reading a file would give it, without looking for oddities. */
export function tableOf(columns: { readonly [key: string]: ColumnDescription }): Table {
  const keys = Object.keys(columns);
  const rowCount = columns[keys[0]!]!.cells.length;
  return {
    format: { kind: 'csv', encoding: 'utf-8', delimiter: ',', decimalMark: '.', sheet: null, headerRow: 1 },
    rowCount,
    variables: keys.map((key) => toVariable(key, columns[key]!)),
    columns: keys.map((key) => toColumn(key, columns[key]!)),
    fileRows: Int32Array.from({ length: rowCount }, (_, i) => i + 2),
    warnings: [],
  };
}

function toColumn(key: string, { cells }: ColumnDescription): Column {
  if (isNumeric(cells))
    return { kind: 'numeric', key, values: Float64Array.from(cells, (cell) => (cell ?? NaN) as number) };
  const levels = levelsOf(cells);
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : levels.indexOf(String(cell))));
  return { kind: 'categorical', key, codes, levels };
}

function toVariable(key: string, description: ColumnDescription): Variable {
  const { cells, type = 'parameter', role = 'input', unit = null, bounds = null } = description;
  const present = cells.filter((cell) => cell !== null);
  const numbers = isNumeric(cells) ? (present as number[]) : null;
  return {
    key,
    name: key,
    type,
    dataType: numbers === null ? 'categorical' : 'numeric',
    role,
    unit,
    range:
      numbers === null || numbers.length === 0
        ? null
        : { min: Math.min(...numbers), max: Math.max(...numbers) },
    bounds,
    levels: numbers === null ? levelsOf(cells) : null,
    distinctCount: new Set(present).size,
    missingCount: cells.length - present.length,
    overridden: [],
    warnings: [],
  };
}

function isNumeric(cells: ColumnDescription['cells']): boolean {
  return cells.every((cell) => typeof cell !== 'string');
}

function levelsOf(cells: ColumnDescription['cells']): string[] {
  return [...new Set(cells.filter((cell) => cell !== null).map(String))];
}
