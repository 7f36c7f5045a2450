import { parquetMetadata, parquetRead } from 'hyparquet';
import type { ColumnMetaData, FileMetaData, SchemaElement } from 'hyparquet';
import type { Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import { assembleTable } from '../layout/assembleTable.ts';
import { checkHeaders } from '../layout/checkHeaders.ts';
import type { RawCell, RawTable } from '../rawTable.ts';
import type { ReadOptions } from '../readOptions.ts';
import { checkPages } from './checkPages.ts';
import { codecs } from './decompressPage.ts';
import { convertValue, refuseUnsupported, valueParsers, type ConversionNotes } from './convertValue.ts';
import { readThriftStruct } from './readThriftStruct.ts';

/**
 * Reads a Parquet file of flat columns. Footer, schema, row counts and every page are checked before the library sees them;
 * a hostile file costs no more than the bytes it really has.
 *
 * @throws EngineError FILE_DAMAGED with a byte offset, FILE_ENCRYPTED, FILE_UNPACKS_TOO_LARGE, COLUMN_UNSUPPORTED with column
 *   and type, TABLE_TOO_LARGE, TABLE_WITHOUT_ROWS, HEADER_INVALID.
 */
export async function readParquet(bytes: Uint8Array, options: ReadOptions): Promise<RawTable> {
  const { metadata, footerStart } = readFooter(bytes);
  const elements = readSchema(metadata);
  const rowCount = checkCounts(metadata, elements, footerStart, options);
  const names = elements.map((element) => element.name);
  checkHeaders(names, (column) => `column ${column + 1}`, 0);

  const warnings: Warning[] = [];
  const columns: RawCell[][] = [];
  let budget = options.limits.maxUnpackedBytes;
  for (const [column, element] of elements.entries()) {
    refuseUnsupported(element);
    const cells: RawCell[] = Array.from({ length: rowCount }, () => null);
    const notes: ConversionNotes = { imprecise: [] };
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const groupRows = Number(group.num_rows);
      if (groupRows === 0) continue;
      const meta = group.columns[column]!.meta_data!;
      const { start, end } = chunkRange(meta);
      const pages = checkPages({
        bytes: bytes.subarray(start, end),
        offset: start,
        meta,
        element,
        rowCount: groupRows,
        budget,
        inflateRaw: options.inflateRaw,
      });
      budget -= pages.unpackedBytes;
      const values = await decode(bytes, metadata, element, rowStart, groupRows, pages.unpacked);
      for (let i = 0; i < groupRows; i++)
        cells[rowStart + i] = convertValue(values[i], element, rowStart + i, notes);
      rowStart += groupRows;
    }
    if (notes.imprecise.length > 0) {
      warnings.push({
        code: 'precision_loss',
        message: `${notes.imprecise.length} integers of "${element.name}" are beyond 2^53 and are rounded; identifiers should be text.`,
        column: element.name,
        rows: notes.imprecise.slice(0, 5).map((index) => index + 1),
        count: notes.imprecise.length,
      });
    }
    columns.push(cells);
  }
  return assembleTable(
    {
      format: { kind: 'parquet', encoding: null, delimiter: null, sheet: null },
      headerRow: null,
      names,
      columns,
      fileRows: Array.from({ length: rowCount }, (_, i) => i + 1),
      warnings,
      describeColumn: (column) => `column ${column + 1}`,
    },
    options,
  );
}

function readFooter(bytes: Uint8Array): { metadata: FileMetaData; footerStart: number } {
  const { length } = bytes;
  const tail = new TextDecoder().decode(bytes.subarray(Math.max(0, length - 4)));
  if (tail === 'PARE') throw new EngineError('FILE_ENCRYPTED', 'The Parquet file is encrypted.');
  if (length < 12 || tail !== 'PAR1') throw damaged('the footer at its end is missing', length);
  const footerLength = new DataView(bytes.buffer, bytes.byteOffset, length).getUint32(length - 8, true);
  const footerStart = length - 8 - footerLength;
  if (footerStart < 4)
    throw damaged(`its footer claims ${footerLength} bytes, but the file has ${length}`, length - 8);
  const footer = bytes.subarray(footerStart, length - 8);
  readThriftStruct(footer, 0);
  try {
    return { metadata: parquetMetadata(bytes.subarray(footerStart), { geoparquet: false }), footerStart };
  } catch {
    throw damaged('its footer does not describe a table', footerStart);
  }
}

/** The columns; anything nested is refused by name. */
function readSchema(metadata: FileMetaData): SchemaElement[] {
  const [root, ...elements] = metadata.schema;
  if (root === undefined) throw damaged('its footer has no schema', 0);
  for (const element of elements) {
    if (typeof element.name !== 'string') throw damaged('a column of its schema has no name', 0);
    const isNested = element.type === undefined || (element.num_children ?? 0) > 0;
    if (!isNested && element.repetition_type !== 'REPEATED') continue;
    throw new EngineError(
      'COLUMN_UNSUPPORTED',
      `Column "${element.name}" holds lists or structures (${element.logical_type?.type ?? element.converted_type ?? 'group'}), not single values.`,
      { column: element.name },
    );
  }
  if (root.num_children !== elements.length) throw damaged('its schema counts its columns wrongly', 0);
  return elements;
}

/** Checks what the footer claims against the file and the limits, before anything is allocated. Returns the rows. */
function checkCounts(
  metadata: FileMetaData,
  elements: readonly SchemaElement[],
  footerStart: number,
  { limits }: ReadOptions,
): number {
  const rowCount = Number(metadata.num_rows);
  let rows = 0;
  for (const group of metadata.row_groups) {
    if (!(Number(group.num_rows) >= 0))
      throw damaged('a row group has an impossible number of rows', footerStart);
    rows += Number(group.num_rows);
  }
  if (rows !== rowCount)
    throw damaged(`it claims ${rowCount} rows, but its row groups have ${rows}`, footerStart);
  if (elements.length === 0 || rowCount === 0)
    throw new EngineError(
      'TABLE_WITHOUT_ROWS',
      `The table has ${elements.length} columns and ${rowCount} rows.`,
    );
  if (
    rowCount > limits.maxRows ||
    elements.length > limits.maxColumns ||
    rowCount * elements.length > limits.maxCells
  ) {
    throw new EngineError(
      'TABLE_TOO_LARGE',
      `The table has ${rowCount} rows (limit ${limits.maxRows}), ${elements.length} columns (limit ${limits.maxColumns}) ` +
        `and ${rowCount * elements.length} cells (limit ${limits.maxCells}).`,
    );
  }
  for (const group of metadata.row_groups) {
    if (group.columns.length !== elements.length) throw damaged('a row group lacks columns', footerStart);
    for (const [column, chunk] of group.columns.entries()) {
      const element = elements[column]!;
      if (chunk.crypto_metadata !== undefined || chunk.encrypted_column_metadata !== undefined)
        throw new EngineError('FILE_ENCRYPTED', `Column "${element.name}" is encrypted.`, {
          column: element.name,
        });
      const meta = chunk.meta_data;
      if (meta === undefined || chunk.file_path !== undefined)
        throw damaged(`the data of column "${element.name}" is not in the file`, footerStart);
      const path = meta.path_in_schema;
      if (
        path.length !== 1 ||
        path[0] !== element.name ||
        meta.type !== element.type ||
        meta.num_values !== group.num_rows
      )
        throw damaged(`column "${element.name}" does not fit its schema`, footerStart);
      if (!codecs.has(meta.codec)) {
        throw new EngineError(
          'COLUMN_UNSUPPORTED',
          `Column "${element.name}" is compressed with ${String(meta.codec)}, which cannot be read.`,
          { column: element.name },
          'Write the file with Snappy, gzip, Zstandard or no compression.',
        );
      }
      const { start, end } = chunkRange(meta);
      if (!(start >= 4 && end > start && end <= footerStart) && group.num_rows > 0n)
        throw damaged(`column "${element.name}" lies outside the file`, footerStart);
    }
  }
  return rowCount;
}

function chunkRange(meta: ColumnMetaData): { start: number; end: number } {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  return { start, end: start + Number(meta.total_compressed_size) };
}

/** Values of one column in one row group, decoded by the library from pages that are unpacked already. */
async function decode(
  bytes: Uint8Array,
  metadata: FileMetaData,
  element: SchemaElement,
  rowStart: number,
  rowCount: number,
  unpacked: readonly Uint8Array[],
): Promise<unknown[]> {
  let next = 0;
  const takePage = (): Uint8Array => unpacked[next++]!;
  const compressors = Object.fromEntries([...codecs].map((codec) => [codec, takePage]));
  const values: unknown[] = [];
  try {
    await parquetRead({
      file: {
        byteLength: bytes.length,
        slice: (start, end) => bytes.slice(start, end).buffer as ArrayBuffer,
      },
      metadata,
      columns: [element.name],
      rowStart,
      rowEnd: rowStart + rowCount,
      compressors,
      parsers: valueParsers,
      utf8: false,
      onChunk: ({ columnData }) => {
        for (let i = 0; i < columnData.length; i++) values.push(columnData[i]);
      },
    });
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw damagedColumn(element.name);
  }
  if (values.length < rowCount) throw damagedColumn(element.name);
  return values;
}

function damagedColumn(name: string): EngineError {
  return new EngineError('FILE_DAMAGED', `The file is damaged: column "${name}" cannot be decoded.`, {
    column: name,
  });
}

function damaged(what: string, byte: number): EngineError {
  return new EngineError('FILE_DAMAGED', `The file is damaged: ${what} (at byte ${byte}).`);
}
