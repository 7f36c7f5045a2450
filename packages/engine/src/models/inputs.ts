import { takeRows as takeColumnRows, type Column } from '../table/column.ts';

/** Bounds of a numeric input as the user declared them; null where nothing was declared. */
export interface DeclaredBounds {
  readonly lower: number;
  readonly upper: number;
}

/** One input of a model: the cells, and what is known of the variable beyond them. */
export interface InputColumn {
  readonly column: Column;
  readonly bounds: DeclaredBounds | null;
  /** True for amounts, which may belong to a composition. */
  readonly isAmount: boolean;
  /**
   * Whether all that may ever be tried is known: the bounds, and the levels of the column beyond those that rows have. Two
   * levels that no row has are then two, and a setting that has not been changed yet is one that can be.
   */
  readonly isClosed?: boolean;
}

/** The inputs of m rows, in the order of the session's input variables. */
export interface Inputs {
  /** m */
  readonly rowCount: number;
  readonly columns: readonly InputColumn[];
}

/** The same inputs at `rows`, in that order. */
export function takeInputRows(inputs: Inputs, rows: Int32Array): Inputs {
  return {
    rowCount: rows.length,
    columns: inputs.columns.map((input) => ({ ...input, column: takeColumnRows(input.column, rows) })),
  };
}
