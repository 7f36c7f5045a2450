import type { CellValue, InputRow } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { Inputs } from '../models/inputs.ts';
import { describeColumn } from '../table/molecules/describeMolecules.ts';
import type { MoleculeDescriptions } from '../table/molecules/molecule.ts';
import type { CategoricalColumn, Column, MolecularColumn } from '../table/column.ts';
import { closeAmounts } from '../transforms/closeAmounts.ts';
import type { ModelInput, SessionModel } from './sessionModel.ts';

/**
 * Rows of named cells as the models' inputs. Absent and null cells are missing; a level not among the model's is put
 * behind them; missing amounts of closed compositions are zero. Cells are taken as they are: "5" is not 5. Other columns
 * of the model's table are passed over.
 *
 * @param molecules what is known of `moleculeTextsOfRows`; null when there are none
 * @throws EngineError COLUMN_UNKNOWN, COLUMN_MISSING when no row has a column that is needed, CELL_INVALID
 */
export function rowsToInputs(
  { inputs, otherColumns, closure }: Pick<SessionModel, 'inputs' | 'otherColumns' | 'closure'>,
  rows: readonly InputRow[],
  molecules: MoleculeDescriptions | null,
): Inputs {
  const readers = inputs.map((input) => new ColumnReader(input, rows.length));
  const readerOf = new Map(readers.map((reader) => [reader.input.key, reader]));
  const passedOver = new Set(otherColumns);
  // One pass over the cells, because large requests spend most of their time here.
  rows.forEach((row, i) => {
    for (const key of Object.keys(row)) {
      const reader = readerOf.get(key);
      if (reader === undefined) {
        if (passedOver.has(key)) continue;
        throw new EngineError(
          'COLUMN_UNKNOWN',
          `row ${i + 1} has a column ${key} that the model does not know; its inputs are ${listNames([...readerOf.keys()])}`,
          { field: `rows/${i}/${key}`, column: key },
        );
      }
      reader.read(row[key]!, i);
    }
  });
  const absent = readers.filter(({ input, isGiven }) => input.isNeeded && !isGiven);
  if (rows.length > 0 && absent.length > 0)
    throw new EngineError(
      'COLUMN_MISSING',
      `no row has ${listNames(absent.map(({ input }) => input.key))}, which the model needs`,
      { field: 'rows', column: absent[0]!.input.key },
    );
  const all: Inputs = {
    rowCount: rows.length,
    columns: readers.map((reader) => ({
      column: reader.column(molecules),
      bounds: reader.input.bounds,
      isAmount: reader.input.type === 'material_amount',
    })),
  };
  return closure === null ? all : closeAmounts(all, closure).inputs;
}

/** Collects the cells of one input. */
class ColumnReader {
  readonly input: ModelInput;
  /** Whether any row has the column, be its cell empty. */
  isGiven = false;
  readonly #values: Float64Array;
  readonly #codeOf: Map<string, number> | null;

  constructor(input: ModelInput, rowCount: number) {
    this.input = input;
    // Molecules are named in many ways, so their texts are numbered apart from the levels.
    const levels = input.molecules === null ? input.levels : [];
    this.#codeOf = levels === null ? null : new Map(levels.map((level, code) => [level, code]));
    this.#values = new Float64Array(rowCount).fill(input.levels === null ? NaN : -1);
  }

  read(cell: CellValue | undefined, row: number): void {
    this.isGiven = true;
    if (cell === null || cell === undefined) return;
    if (this.#codeOf === null) {
      if (typeof cell !== 'number' || !Number.isFinite(cell)) throw this.#complain(cell, row, 'a number');
      this.#values[row] = cell;
    } else {
      this.#values[row] = this.#readLevel(this.#codeOf, cell, row);
    }
  }

  #readLevel(codeOf: Map<string, number>, cell: CellValue, row: number): number {
    const level = String(cell);
    if (this.input.dataType === 'boolean') {
      if (typeof cell === 'number' || !codeOf.has(level))
        throw this.#complain(cell, row, `one of ${listNames([...codeOf.keys()])}`);
    } else if (typeof cell !== 'string') {
      throw this.#complain(cell, row, 'text');
    }
    if (!codeOf.has(level)) codeOf.set(level, codeOf.size);
    return codeOf.get(level)!;
  }

  #complain(cell: CellValue, row: number, expected: string): EngineError {
    const { key } = this.input;
    return new EngineError(
      'CELL_INVALID',
      `${key} in row ${row + 1} is ${JSON.stringify(cell)}, it must be ${expected}`,
      { field: `rows/${row}/${key}`, column: key, value: String(cell) },
    );
  }

  column(descriptions: MoleculeDescriptions | null): Column {
    const { key, molecules } = this.input;
    if (this.#codeOf === null) return { kind: 'numeric', key, values: this.#values };
    const column: CategoricalColumn = {
      kind: 'categorical',
      key,
      codes: Int32Array.from(this.#values),
      levels: [...this.#codeOf.keys()],
    };
    if (molecules === null) return column;
    const none = { descriptorNames: molecules.descriptorNames, byText: new Map<string, never>() };
    return this.#requireMolecules(describeColumn(column, descriptions ?? none));
  }

  #requireMolecules(column: MolecularColumn): MolecularColumn {
    const row = column.codes.findIndex((code) => code < -1);
    if (row < 0) return column;
    const { text, reason } = column.refused[-2 - column.codes[row]!]!;
    throw new EngineError(
      'CELL_INVALID',
      `${column.key} in row ${row + 1} is ${JSON.stringify(text.slice(0, 100))}, which is no molecule that can be read: ${reason}`,
      { field: `rows/${row}/${column.key}`, column: column.key, value: text.slice(0, 100) },
    );
  }
}

/** The distinct texts of rows that name molecules: what somebody must describe before the rows can be predicted. */
export function moleculeTextsOfRows(
  { inputs }: Pick<SessionModel, 'inputs'>,
  rows: readonly InputRow[],
): string[] {
  const keys = inputs.flatMap(({ key, molecules }) => (molecules === null ? [] : [key]));
  const texts = new Set<string>();
  for (const row of rows)
    for (const key of keys) {
      const cell = row[key];
      if (typeof cell === 'string') texts.add(cell);
    }
  return [...texts];
}
