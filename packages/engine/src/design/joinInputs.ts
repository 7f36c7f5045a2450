import { EngineError } from '../engineError.ts';
import type { Inputs } from '../models/inputs.ts';
import type { CategoricalColumn, Column, NumericColumn } from '../table/column.ts';

/** The rows of several inputs below each other; columns are those of the first, found by key in the others. */
export function joinInputs(parts: readonly Inputs[]): Inputs {
  const first = parts[0]!;
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
  return {
    rowCount,
    columns: first.columns.map((input) => {
      const columns = parts.map((part) => {
        const found = part.columns.find(({ column }) => column.key === input.column.key)?.column;
        if (found === undefined || found.kind !== input.column.kind)
          throw new EngineError(
            'COLUMN_MISSING',
            `the rows have no ${input.column.kind} ${input.column.key}`,
            {
              column: input.column.key,
            },
          );
        return found;
      });
      return { ...input, column: joinColumns(columns, rowCount) };
    }),
  };
}

function joinColumns(columns: readonly Column[], rowCount: number): Column {
  const { key, kind } = columns[0]!;
  let next = 0;
  if (kind === 'numeric') {
    const values = new Float64Array(rowCount);
    for (const column of columns as readonly NumericColumn[]) {
      values.set(column.values, next);
      next += column.values.length;
    }
    return { kind, key, values };
  }
  const levels: string[] = [];
  const placeOf = new Map<string, number>();
  const codes = new Int32Array(rowCount);
  for (const column of columns as readonly CategoricalColumn[]) {
    const places = column.levels.map((level) => {
      let place = placeOf.get(level);
      if (place === undefined) {
        place = levels.length;
        levels.push(level);
        placeOf.set(level, place);
      }
      return place;
    });
    for (const code of column.codes) codes[next++] = code < 0 ? -1 : places[code]!;
  }
  return { kind, key, codes, levels };
}
