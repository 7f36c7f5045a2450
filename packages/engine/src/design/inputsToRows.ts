import type { InputRow } from '@athanor/schema';
import type { Inputs } from '../models/inputs.ts';

/** Inputs as rows of named cells; missing ones are null. */
export function inputsToRows({ rowCount, columns }: Inputs): InputRow[] {
  return Array.from({ length: rowCount }, (_, i) =>
    Object.fromEntries(
      columns.map(({ column }) => {
        if (column.kind === 'numeric') {
          const value = column.values[i]!;
          return [column.key, Number.isNaN(value) ? null : value];
        }
        return [column.key, column.levels[column.codes[i]!] ?? null];
      }),
    ),
  );
}
