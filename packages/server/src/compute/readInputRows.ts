import type { InputRow, Variable } from '@athanor/schema';

/**
 * The rows of a table file as they are sent to a prediction: columns that are inputs by their key, cells in the data
 * type the dataset has for them, so that a `5` that names a grade stays a text. Other columns are left alone.
 *
 * @param inputs Variables the model was built from; empty to take every column as it looks
 * @throws EngineError of reading the table
 */
export async function readInputRows(
  bytes: Uint8Array,
  fileName: string,
  inputs: readonly Variable[],
): Promise<InputRow[]> {
  // Here and not above: the engine is large, and most who import this package never need it in their process.
  const [{ defaultReadLimits, listCells, readTable, typeTable }, { inflateRaw }] = await Promise.all([
    import('@athanor/engine'),
    import('./readTypedTable.ts'),
  ]);
  const raw = await readTable(bytes, { fileName, limits: defaultReadLimits, inflateRaw });
  const present = new Set(raw.columns.map((column) => column.header));
  const known = inputs.filter((variable) => present.has(variable.key));
  const table = typeTable(
    raw,
    known.map(({ key, dataType }) => ({ key, dataType })),
  );
  const keys = table.columns.map((column) => column.key);
  const wanted = new Set(inputs.length === 0 ? keys : known.map((variable) => variable.key));
  return listCells(table, 0, table.rowCount).map((cells) =>
    Object.fromEntries(cells.map((cell, j) => [keys[j]!, cell] as const).filter(([key]) => wanted.has(key))),
  );
}
