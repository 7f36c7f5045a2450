import { addPlaceAsync } from './addPlace.ts';
import { readCsv } from './csv/readCsv.ts';
import { detectKind } from './detectKind.ts';
import { readParquet } from './parquet/readParquet.ts';
import type { RawTable } from './rawTable.ts';
import type { ReadOptions } from './readOptions.ts';
import { readXlsx } from './xlsx/readXlsx.ts';

/**
 * Reads a table of experiments from the bytes of a file: delimited text, an Excel workbook, or Parquet. What it is is told
 * by the bytes. Cells are kept as the file has them; `typeTable` gives them a meaning.
 *
 * The work is bounded: time is linear in the bytes, and memory by `options.limits`, whatever the file claims of itself.
 * It is asynchronous because the Parquet library is.
 *
 * @throws EngineError (as a rejection) with code, place and remedy for every file that cannot be read; nothing else.
 */
export async function readTable(bytes: Uint8Array, options: ReadOptions): Promise<RawTable> {
  const place = options.fileName === '' ? {} : { file: options.fileName.slice(0, 200) };
  return addPlaceAsync(place, async () => {
    const kind = detectKind(bytes);
    if (kind === 'zip') return readXlsx(bytes, options);
    return kind === 'parquet' ? readParquet(bytes, options) : readCsv(bytes, options);
  });
}
