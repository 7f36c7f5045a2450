import type { InputColumn, Inputs } from '../models/inputs.ts';
import type { CategoricalColumn } from '../table/column.ts';
import { closeAmounts } from '../transforms/closeAmounts.ts';
import type { SessionModel } from './sessionModel.ts';

/**
 * Inputs of a table or a design as a built model takes them: its own columns in its own order, with the bounds it was
 * fitted with, and categories that begin with the levels it has seen. What `rowsToInputs` makes of the same cells.
 *
 * @param inputs with a column of the same kind for every input of the model
 */
export function adaptInputs(
  { inputs: known, closure }: Pick<SessionModel, 'inputs' | 'closure'>,
  inputs: Inputs,
): Inputs {
  const columnOf = new Map(inputs.columns.map(({ column }) => [column.key, column]));
  const all: Inputs = {
    rowCount: inputs.rowCount,
    columns: known.map(({ key, type, bounds, levels }): InputColumn => {
      const column = columnOf.get(key);
      if (column === undefined) throw new TypeError(`there is no column ${key} among the inputs`);
      return {
        column: column.kind === 'categorical' ? withLevels(column, levels ?? []) : column,
        bounds,
        isAmount: type === 'material_amount',
      };
    }),
  };
  return closure === null ? all : closeAmounts(all, closure).inputs;
}

/** The column with its levels numbered as the model numbers them, those it has not seen behind them. */
function withLevels({ key, codes, levels }: CategoricalColumn, seen: readonly string[]): CategoricalColumn {
  const codeOf = new Map(seen.map((level, code) => [level, code]));
  const newCodes = Int32Array.from(levels, (level) => {
    if (!codeOf.has(level)) codeOf.set(level, codeOf.size);
    return codeOf.get(level)!;
  });
  return {
    kind: 'categorical',
    key,
    codes: codes.map((code) => (code < 0 ? -1 : newCodes[code]!)),
    levels: [...codeOf.keys()],
  };
}
