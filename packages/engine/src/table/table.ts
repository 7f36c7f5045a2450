import type { TableFormat, Variable, Warning } from '@athanor/schema';
import type { Column } from './column.ts';

/** A table whose columns have types: what models, profile and pages work on. */
export interface Table {
  readonly format: TableFormat;
  /** n */
  readonly rowCount: number;
  /** One per column, in file order, `variables[j].key === columns[j].key`. */
  readonly variables: readonly Variable[];
  readonly columns: readonly Column[];
  /** 1-based row of the file of each data row [n]. */
  readonly fileRows: Int32Array;
  /** Warnings about the table as a whole; those about one column are in its variable. */
  readonly warnings: readonly Warning[];
}
