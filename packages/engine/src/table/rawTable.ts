import type { TableFormat, Warning } from '@athanor/schema';

/** A cell as the file holds it: text from CSV, typed values from XLSX and Parquet; null is an empty cell. */
export type RawCell = string | number | boolean | null;

/** One column of a file, cells in file order. */
export interface RawColumn {
  /** Header, trimmed, without byte-order mark; unique in the table. */
  readonly header: string;
  /** [n] */
  readonly cells: readonly RawCell[];
}

/** A table as read from a file: rectangular, headers unique and non-empty, cells not yet interpreted. */
export interface RawTable {
  readonly format: TableFormat;
  readonly columns: readonly RawColumn[];
  /** n, at least 1. */
  readonly rowCount: number;
  /** 1-based row of the file of each data row [n], for messages. */
  readonly fileRows: Int32Array;
  /** What was changed, dropped or guessed while reading. */
  readonly warnings: readonly Warning[];
}
