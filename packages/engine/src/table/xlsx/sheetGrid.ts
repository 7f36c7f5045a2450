import { EngineError } from '../../engineError.ts';
import type { RawCell } from '../rawTable.ts';
import type { ReadLimits } from '../readOptions.ts';

/** What of a column deserves a warning. */
export interface ColumnNotes {
  /** Cells that hold an error such as #N/A. */
  errors: number;
  /** Formulas saved without their result. */
  unsavedFormulas: number;
  /** Numbers that the workbook shows as percent. */
  percents: number;
}

/** Cells of all sheets of a workbook together, because all are read before one is chosen. */
export interface CellCounter {
  cells: number;
}

/** A block of cells shown as one; zero-based rows of the grid and columns of the sheet, inclusive. */
export interface Merge {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

/**
 * The cells of a sheet that hold something. Only rows and columns in use take memory, so a lone cell in the last corner
 * of the sheet costs one cell; what the sheet claims of its own size is never read.
 */
export class SheetGrid {
  readonly #limits: ReadLimits;
  readonly #sheet: string;
  /** Cells by column of the sheet, 0 for A; shorter than `rowNumbers` when the rest is empty. */
  readonly columns = new Map<number, RawCell[]>();
  /** 1-based row of the sheet of each row of the grid, ascending. */
  readonly rowNumbers: number[] = [];
  readonly notes = new Map<number, ColumnNotes>();
  merges: readonly Merge[] = [];
  readonly #counter: CellCounter;

  constructor(limits: ReadLimits, sheet: string, counter: CellCounter) {
    this.#limits = limits;
    this.#counter = counter;
    this.#sheet = sheet;
  }

  /** Adds a cell; rows must come in ascending order. */
  add(rowNumber: number, column: number, cell: RawCell): void {
    const { rowNumbers } = this;
    if (rowNumbers.length === 0 || rowNumbers[rowNumbers.length - 1] !== rowNumber) {
      rowNumbers.push(rowNumber);
      // A few rows of headings and notes do not count as data.
      if (rowNumbers.length > this.#limits.maxRows + 50) throw this.#tooLarge();
    }
    let cells = this.columns.get(column);
    if (cells === undefined) {
      cells = [];
      this.columns.set(column, cells);
      if (this.columns.size > this.#limits.maxColumns) throw this.#tooLarge();
    }
    if (++this.#counter.cells > this.#limits.maxCells) throw this.#tooLarge();
    while (cells.length < rowNumbers.length - 1) cells.push(null);
    cells.push(cell);
  }

  #tooLarge(): EngineError {
    const { maxRows, maxColumns, maxCells } = this.#limits;
    return new EngineError(
      'TABLE_TOO_LARGE',
      `The sheet has at least ${this.rowNumbers.length} rows, ${this.columns.size} columns and ${this.#counter.cells} cells; ` +
        `the limits are ${maxRows} rows, ${maxColumns} columns and ${maxCells} cells.`,
      { sheet: this.#sheet },
    );
  }

  note(column: number): ColumnNotes {
    let notes = this.notes.get(column);
    if (notes === undefined) {
      notes = { errors: 0, unsavedFormulas: 0, percents: 0 };
      this.notes.set(column, notes);
    }
    return notes;
  }
}

/** Letters of a column: 0 is A, 26 is AA. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let rest = column; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  return letters;
}
