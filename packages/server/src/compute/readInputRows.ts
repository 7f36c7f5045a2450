import { type InputRow, ProblemError, problemItem, type Variable } from '@athanor/schema';

/**
 * The rows of a table file as they are sent to a prediction: columns that are inputs by their key, cells in the data
 * type the dataset has for them, so that a `5` that names a grade stays a text. Other columns are left alone.
 *
 * @param inputs Variables the model was built from; empty to take every column as it looks
 * @throws ProblemError of reading the table
 */
export async function readInputRows(
  bytes: Uint8Array,
  fileName: string,
  inputs: readonly Variable[],
): Promise<InputRow[]> {
  // Here and not above: the engine is large, and most who import this package never need it in their process.
  const [{ defaultReadLimits, EngineError, listCells, readTable, typeTable }, { inflateRaw }] =
    await Promise.all([import('@athanor/engine'), import('./readTypedTable.ts')]);
  try {
    const raw = await readTable(bytes, { fileName, limits: defaultReadLimits, inflateRaw });
    const dataTypes = new Map(inputs.map(({ key, dataType }) => [key, dataType]));
    const columns =
      inputs.length === 0 ? raw.columns : raw.columns.filter(({ header }) => dataTypes.has(header));
    const table = typeTable(
      { ...raw, columns },
      columns.flatMap(({ header }) => {
        const dataType = dataTypes.get(header);
        return dataType === undefined ? [] : [{ key: header, dataType }];
      }),
    );
    const keys = table.columns.map((column) => column.key);
    return listCells(table, 0, table.rowCount).map((cells) =>
      Object.fromEntries(cells.map((cell, j) => [keys[j]!, cell] as const)),
    );
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new ProblemError([problemItem(error.code, error.message, error.location, error.fix)], {
      cause: error,
    });
  }
}
