import type { InputRow } from '@athanor/schema';
import type { InputColumn, Inputs } from '../models/inputs.ts';
import type { Column } from '../table/column.ts';
import { closeAmounts } from '../transforms/closeAmounts.ts';
import type { ModelInput } from './sessionModel.ts';

/**
 * Rows whose cells have been checked, as the models' inputs: absent and null cells are missing, a level not among the
 * model's is put behind them, missing amounts of closed compositions are zero.
 */
export function rowsToInputs(
  inputs: readonly ModelInput[],
  rows: readonly InputRow[],
  closure: number | null,
): Inputs {
  const columns = inputs.map((input): InputColumn => ({
    column: toColumn(input, rows),
    bounds: input.bounds,
    isAmount: input.type === 'material_amount',
  }));
  const all: Inputs = { rowCount: rows.length, columns };
  return closure === null ? all : closeAmounts(all, closure).inputs;
}

function toColumn({ key, levels }: ModelInput, rows: readonly InputRow[]): Column {
  if (levels === null) {
    const values = Float64Array.from(rows, (row) => (row[key] as number | null | undefined) ?? NaN);
    return { kind: 'numeric', key, values };
  }
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const codes = Int32Array.from(rows, (row) => {
    const cell = row[key] ?? null;
    if (cell === null) return -1;
    const level = String(cell);
    if (!codeOf.has(level)) codeOf.set(level, codeOf.size);
    return codeOf.get(level)!;
  });
  return { kind: 'categorical', key, codes, levels: [...codeOf.keys()] };
}
