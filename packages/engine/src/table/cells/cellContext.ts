import type { DataType, Warning } from '@athanor/schema';
import { EngineError } from '../../engineError.ts';
import type { Column } from '../column.ts';
import type { RawColumn } from '../rawTable.ts';

/** What is known of a column besides its cells. */
export interface CellContext {
  /** 1-based row of the file of each data row, for messages [n]. */
  readonly fileRows: Int32Array;
  readonly decimalMark: '.' | ',' | null;
  /** Data type that the user named; null to infer it. */
  readonly dataType: DataType | null;
  /** The file holds typed cells, so numbers written as text deserve a word. */
  readonly isTyped: boolean;
  /** Symbol of the unit in the header; null when there is none. */
  readonly headerUnit: string | null;
}

/** A column whose cells have been read. */
export interface TypedCells {
  readonly column: Column;
  readonly dataType: DataType;
  /** Dates as days since 1970-01-01. */
  readonly isDate: boolean;
  /** Unit that stood in the cells and not in the header. */
  readonly unit: string | null;
  readonly warnings: readonly Warning[];
}

/** A refusal of one cell, with its place. */
export function cellError(
  raw: RawColumn,
  index: number,
  context: CellContext,
  what: string,
  fix?: string,
): EngineError {
  const value = String(raw.cells[index] ?? '').slice(0, 100);
  return new EngineError(
    'CELL_INVALID',
    `${JSON.stringify(value)} in column "${raw.header}", row ${context.fileRows[index]!}, ${what}.`,
    { row: context.fileRows[index]!, column: raw.header, value },
    fix,
  );
}

/** The warning about words for missing values, with each word and its count; none when there were no such words. */
export function missingWarning(header: string, words: ReadonlyMap<string, number>): Warning[] {
  if (words.size === 0) return [];
  let count = 0;
  for (const one of words.values()) count += one;
  const listed = [...words].slice(0, 8).map(([word, times]) => `${JSON.stringify(word)} (${times})`);
  return [
    {
      code: 'missing_words',
      message: `${count} cells of "${header}" are taken as missing: ${listed.join(', ')}.`,
      column: header,
      count,
    },
  ];
}
