import type { Inputs } from '../models/inputs.ts';
import type { Table } from '../table/table.ts';
import { closeAmounts, findClosure } from '../transforms/closeAmounts.ts';

export interface SessionInputs {
  /** The inputs of all rows of the table, missing amounts of closed compositions filled with zero. */
  readonly inputs: Inputs;
  /** For each input, whether it says what a sample is made of rather than how it was processed. */
  readonly composition: readonly boolean[];
  /** What the amounts of a row add up to; null when the table is not one of compositions. */
  readonly closure: number | null;
  /** Rows with a missing amount that do not close without it. */
  readonly openRows: Int32Array;
  /** Rows with a text that should name a molecule and does not. */
  readonly unreadRows: Int32Array;
}

/** The columns of `keys` as models see them, in that order. */
export function sessionInputs(table: Table, keys: readonly string[]): SessionInputs {
  const places = keys.map((key) => table.variables.findIndex((variable) => variable.key === key));
  const types = places.map((j) => table.variables[j]!.type);
  const inputs: Inputs = {
    rowCount: table.rowCount,
    columns: places.map((j, k) => ({
      column: table.columns[j]!,
      bounds: table.variables[j]!.bounds,
      isAmount: types[k] === 'material_amount',
    })),
  };
  const composition = types.map((type) => type === 'material_amount' || type === 'molecule');
  const closure = findClosure(inputs);
  const unreadRows = findUnread(inputs);
  if (closure === null) return { inputs, composition, closure, openRows: new Int32Array(0), unreadRows };
  return { composition, closure, unreadRows, ...closeAmounts(inputs, closure) };
}

function findUnread({ rowCount, columns }: Inputs): Int32Array {
  const isUnread = new Uint8Array(rowCount);
  for (const { column } of columns)
    if (column.kind === 'molecular') column.codes.forEach((code, i) => (isUnread[i]! |= code < -1 ? 1 : 0));
  return Int32Array.from(isUnread.keys()).filter((i) => isUnread[i] === 1);
}
