import {
  type Column,
  defaultReadLimits,
  EngineError,
  type MoleculeDescriptions,
  type RawCell,
  type RawTable,
  readTable,
  type Table,
  typeTable,
} from '@athanor/engine';
import type { CellValue, DatasetReadOptions, InputRow, VariableOverride, Warning } from '@athanor/schema';
import type { TableSource } from './tableSource.ts';
import { inflateRaw } from './readTypedTable.ts';
import { warnOfRows } from './warnOfRows.ts';
import { writeDelimited } from './writeDelimited.ts';

/** A table with more rows, as a file. */
export interface AppendedRows {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The file is delimited text now and was something else before. */
  readonly isConverted: boolean;
  readonly rowCount: number;
  readonly columnCount: number;
  /** How the new file is to be read. */
  readonly readOptions: DatasetReadOptions;
  /** What was said of the columns, and what must be said so that they keep their meaning. */
  readonly overrides: readonly VariableOverride[];
  readonly warnings: readonly Warning[];
}

/** The unit of columns of dates. */
const dateUnit = 'days since 1970-01-01';
const dayMs = 86_400_000;

/**
 * Adds rows at the end of a table. The new file is read back: all former cells must come out as before, the columns must
 * keep their meaning, and each new cell must be read as what was sent.
 *
 * @param bytes the file so far
 * @param describe reads SMILES
 * @throws EngineError COLUMN_UNKNOWN, CELL_INVALID, VARIABLE_CONFLICT with the place in the request; of reading the table
 */
export async function appendRows(
  bytes: Uint8Array,
  source: TableSource,
  rows: readonly InputRow[],
  describe: (texts: readonly string[]) => Promise<MoleculeDescriptions>,
): Promise<AppendedRows> {
  const raw = await read(bytes, source.fileName, source.readOptions);
  const table = typeTable(raw, source.overrides);
  const { kind, delimiter, decimalMark } = raw.format;
  const isConverted = kind !== 'csv';
  const mark = isConverted ? '.' : (decimalMark ?? '.');
  checkColumns(table, rows);
  const added = rows.map((row, i) =>
    table.columns.map((column, j) => cellFor(table, raw, column, j, row, i, mark)),
  );
  await checkMolecules(table, rows, describe);

  const readOptions: DatasetReadOptions = isConverted || decimalMark !== null ? { decimalMark: mark } : {};
  const lines = Array.from({ length: raw.rowCount }, (_, i) =>
    raw.columns.map(({ cells }) => textOf(cells[i]!, mark)),
  );
  const header = raw.columns.map((column) => column.header);
  const file = writeDelimited([header, ...lines, ...added], isConverted ? ',' : (delimiter ?? ','));
  const reread = await placing(raw.rowCount, null, () => read(file, source.fileName, readOptions));
  requireSameShape(raw, reread, rows.length);
  const { grown, overrides, kept } = keepMeaning(reread, table, source.overrides);
  requireSameCells(table, grown);
  checkAdded(table.rowCount, grown, rows);
  return {
    bytes: file,
    isConverted,
    rowCount: grown.rowCount,
    columnCount: grown.columns.length,
    readOptions,
    overrides,
    warnings: [
      ...(isConverted
        ? [
            {
              code: 'file_converted',
              message: 'The data are a CSV file from now on; the former file is kept as the version before.',
            },
          ]
        : []),
      ...kept,
      ...warnOfRows(table, grown),
    ],
  };
}

function read(bytes: Uint8Array, fileName: string, options: DatasetReadOptions): Promise<RawTable> {
  const { sheet, decimalMark } = options;
  return readTable(bytes, {
    fileName,
    limits: defaultReadLimits,
    inflateRaw,
    ...(sheet === undefined ? {} : { sheet }),
    ...(decimalMark === undefined ? {} : { decimalMark }),
  });
}

/** @throws EngineError COLUMN_UNKNOWN, or CELL_INVALID for a row in which nothing stands. */
function checkColumns(table: Table, rows: readonly InputRow[]): void {
  const known = new Set(table.columns.map(({ key }) => key));
  rows.forEach((row, i) => {
    const unknown = Object.keys(row).find((key) => !known.has(key));
    if (unknown !== undefined) {
      const names = [...known].slice(0, 20).join(', ');
      throw new EngineError(
        'COLUMN_UNKNOWN',
        `Row ${i + 1} has a column ${JSON.stringify(unknown.slice(0, 100))}; the columns are ${names}${known.size > 20 ? ', …' : ''}.`,
        { field: `body/rows/${i}`, column: unknown.slice(0, 200) },
      );
    }
    if (Object.values(row).some((cell) => cell !== null && cell !== '')) return;
    throw new EngineError(
      'CELL_INVALID',
      `Row ${i + 1} is empty.`,
      { field: `body/rows/${i}` },
      'Send only rows in which something was set or measured.',
    );
  });
}

/** What stands in the file for a cell of the request. */
function cellFor(
  table: Table,
  raw: RawTable,
  column: Column,
  j: number,
  row: InputRow,
  i: number,
  mark: string,
): string {
  const cell = row[column.key] ?? null;
  if (cell === null) return '';
  const { dataType, unit } = table.variables[j]!;
  if (column.kind === 'numeric') {
    if (typeof cell === 'boolean') throw refuseCell(column.key, cell, i, 'a number');
    // Text may be a date, a time or a quantity with its unit; reading it back tells.
    if (typeof cell === 'string') return cell;
    if (!Number.isFinite(cell)) throw refuseCell(column.key, cell, i, 'a finite number');
    if (unit === dateUnit) return new Date(cell * dayMs).toISOString().replace('T00:00:00.000Z', '');
    return textOf(cell, mark) + unitInCells(raw.columns[j]!.cells);
  }
  if (dataType === 'boolean') {
    if (typeof cell !== 'boolean') throw refuseCell(column.key, cell, i, 'true or false');
    return (
      spellingOf(column.codes, column.levels.indexOf(String(cell)), raw.columns[j]!.cells) ?? String(cell)
    );
  }
  // Names of grades may be numbers: 304, 316.
  if (typeof cell === 'boolean') throw refuseCell(column.key, cell, i, 'text');
  return String(cell);
}

/** What stands behind the numbers of a column, e.g. ` mg`; nothing in most columns. */
function unitInCells(cells: readonly RawCell[]): string {
  for (const cell of cells) {
    if (typeof cell !== 'string') continue;
    const unit = /^[+-]?[\d.,' ]+(?:[eE][+-]?\d+)?(\s*[^\d\s:.,/-][^\d:]*)$/.exec(cell.trim());
    if (unit !== null) return unit[1]!;
  }
  return '';
}

/** A cell that says the same in the file so far. */
function spellingOf(codes: Int32Array, code: number, cells: readonly RawCell[]): string | undefined {
  const place = code < 0 ? -1 : codes.indexOf(code);
  return place < 0 ? undefined : String(cells[place]);
}

function textOf(cell: RawCell, mark: string): string {
  if (cell === null) return '';
  return typeof cell === 'number' && mark === ',' ? String(cell).replace('.', ',') : String(cell);
}

/** @throws EngineError CELL_INVALID for a text that is no molecule. */
async function checkMolecules(
  table: Table,
  rows: readonly InputRow[],
  describe: (texts: readonly string[]) => Promise<MoleculeDescriptions>,
): Promise<void> {
  const keys = table.variables.filter(({ dataType }) => dataType === 'molecular').map(({ key }) => key);
  const texts = keys.flatMap((key) => rows.map((row) => row[key]).filter((cell) => typeof cell === 'string'));
  if (texts.length === 0) return;
  const { byText } = await describe(texts);
  rows.forEach((row, i) => {
    for (const key of keys) {
      const cell = row[key];
      const found = typeof cell === 'string' ? byText.get(cell) : undefined;
      if (found === undefined || !('reason' in found)) continue;
      throw refuseCell(key, cell!, i, `a molecule that can be read: ${found.reason}`);
    }
  });
}

/** @throws EngineError CELL_INVALID when added rows change how the file as a whole is understood. */
function requireSameShape(before: RawTable, after: RawTable, addedCount: number): void {
  const isSame =
    after.rowCount === before.rowCount + addedCount &&
    after.columns.length === before.columns.length &&
    after.columns.every(({ header }, j) => header === before.columns[j]!.header);
  if (isSame) return;
  throw new EngineError(
    'CELL_INVALID',
    `With the added rows the file would be read as ${after.rowCount} rows of ${after.columns.length} columns, and not as ` +
      `${before.rowCount + addedCount} of ${before.columns.length}: one of them looks like a line of totals or a header.`,
    { field: 'body/rows' },
    'Correct the first cells of that row, or upload the whole table anew.',
  );
}

const meanings = ['dataType', 'role', 'type', 'unit'] as const;

/**
 * Types the longer table so that no column changes its meaning: where it would, the former meaning is said in words of
 * its own.
 */
function keepMeaning(
  raw: RawTable,
  table: Table,
  overrides: readonly VariableOverride[],
): { grown: Table; overrides: readonly VariableOverride[]; kept: Warning[] } {
  const said = new Map(overrides.map((override) => [override.key, override]));
  const kept = new Map<string, Warning>();
  for (;;) {
    const grown = placing(table.rowCount, raw, () => typeTable(raw, [...said.values()]));
    let isNew = false;
    table.variables.forEach((before, j) => {
      // A column that was empty has no meaning to keep.
      if (before.missingCount === table.rowCount) return;
      const after = grown.variables[j]!;
      const field = meanings.find((one) => before[one] !== after[one]);
      if (field === undefined) return;
      const override = said.get(before.key);
      if (override?.[field] !== undefined) return;
      said.set(before.key, { ...override, key: before.key, [field]: before[field] });
      isNew = true;
      kept.set(before.key, {
        code: 'meaning_kept',
        message:
          `With the added rows, ${field} of "${before.key}" would be taken for ${after[field] ?? 'nothing'}; ` +
          `it stays ${before[field] ?? 'nothing'}.`,
        column: before.key,
      });
    });
    if (!isNew) return { grown, overrides: [...said.values()], kept: [...kept.values()] };
  }
}

/** @throws EngineError VARIABLE_CONFLICT when a former cell would be read as something else. */
function requireSameCells(before: Table, after: Table): void {
  before.columns.forEach((column, j) => {
    const other = after.columns[j]!;
    for (let i = 0; i < before.rowCount; i++) {
      if (Object.is(valueAt(column, i), valueAt(other, i))) continue;
      throw new EngineError(
        'VARIABLE_CONFLICT',
        `With the added rows, "${column.key}" in row ${i + 1} would be read as ${String(valueAt(other, i))} and no longer as ` +
          `${String(valueAt(column, i))}.`,
        { field: 'body/rows', column: column.key },
        `Write the new cells of this column as the others are written, or say what it is (PATCH variables) first.`,
      );
    }
  });
}

/** @throws EngineError CELL_INVALID when a new cell is not read as what was sent. */
function checkAdded(firstRow: number, grown: Table, rows: readonly InputRow[]): void {
  grown.columns.forEach((column, j) => {
    const isBoolean = grown.variables[j]!.dataType === 'boolean';
    rows.forEach((row, i) => {
      const cell = row[column.key] ?? null;
      const found = valueAt(column, firstRow + i);
      const isMissing = found === null || Number.isNaN(found);
      if (cell === null || cell === '') return;
      if (isMissing)
        throw refuseCell(column.key, cell, i, 'a value; this is read as missing, for which null stands');
      if (typeof cell === 'number' && column.kind === 'numeric' && cell !== found)
        throw refuseCell(column.key, cell, i, `written otherwise, it is read as ${String(found)}`);
      if (isBoolean && String(cell) !== found) throw refuseCell(column.key, cell, i, 'true or false');
    });
  });
}

function valueAt(column: Column, row: number): number | string | null {
  if (column.kind === 'numeric') return column.values[row]!;
  const code = column.codes[row]!;
  return code < 0 ? null : column.levels[code]!;
}

function refuseCell(key: string, cell: CellValue, row: number, expected: string): EngineError {
  return new EngineError(
    'CELL_INVALID',
    `${key} in row ${row + 1} is ${JSON.stringify(cell).slice(0, 100)}, it must be ${expected}.`,
    { field: `body/rows/${row}/${key}`, column: key, value: String(cell).slice(0, 100) },
  );
}

/** Turns rows of the file that a refusal names into rows of the request. */
function placing<T>(firstRow: number, raw: RawTable | null, work: () => T): T {
  const explain = (error: unknown): unknown => {
    if (!(error instanceof EngineError)) return error;
    const { row, file: _, ...rest } = error.location;
    const place = row === undefined || raw === null ? -1 : raw.fileRows.indexOf(row) - firstRow;
    const field =
      place < 0 ? 'body/rows' : `body/rows/${place}${rest.column === undefined ? '' : `/${rest.column}`}`;
    return new EngineError(error.code, error.message, { ...rest, field }, error.fix);
  };
  try {
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw explain(error);
    }) as T;
  } catch (error) {
    throw explain(error);
  }
}
