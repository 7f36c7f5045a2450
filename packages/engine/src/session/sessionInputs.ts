import type { Inputs } from '../models/inputs.ts';
import type { Table } from '../table/table.ts';
import { closeAmounts, findClosure } from '../transforms/closeAmounts.ts';

export interface SessionInputs {
  /** The inputs of all rows of the table, missing amounts of closed compositions filled with zero. */
  readonly inputs: Inputs;
  /** What the amounts of a row add up to; null when the table is not one of compositions. */
  readonly closure: number | null;
  /** Rows with a missing amount that do not close without it. */
  readonly openRows: Int32Array;
}

/** The columns of `keys` as models see them, in that order. */
export function sessionInputs(table: Table, keys: readonly string[]): SessionInputs {
  const columns = keys.map((key) => {
    const j = table.variables.findIndex((variable) => variable.key === key);
    const { bounds, type } = table.variables[j]!;
    return { column: table.columns[j]!, bounds, isAmount: type === 'material_amount' };
  });
  const inputs: Inputs = { rowCount: table.rowCount, columns };
  const closure = findClosure(inputs);
  if (closure === null) return { inputs, closure, openRows: new Int32Array(0) };
  return { closure, ...closeAmounts(inputs, closure) };
}
