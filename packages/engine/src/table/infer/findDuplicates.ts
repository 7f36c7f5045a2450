import type { Warning } from '@athanor/schema';
import type { Column } from '../column.ts';

/** A column that repeats an earlier one. */
export interface Duplicate {
  readonly index: number;
  readonly original: number;
  /** Numbers that are the same in every row; otherwise names that go together one to one. */
  readonly isIdentical: boolean;
}

/** Finds columns whose cells are the same, or, for text, name the same rows the same way. */
export function findDuplicates(columns: readonly Column[]): Duplicate[] {
  const seen = new Map<number, number[]>();
  const found: Duplicate[] = [];
  for (const [index, column] of columns.entries()) {
    const hash = hashOf(column);
    const candidates = seen.get(hash) ?? [];
    const original = candidates.find((other) => isSame(columns[other]!, column));
    if (original === undefined) seen.set(hash, [...candidates, index]);
    else found.push({ index, original, isIdentical: isIdentical(columns[original]!, column) });
  }
  return found;
}

/** FNV-1a over the cells; levels count by their number, so that renamed levels hash alike. */
function hashOf(column: Column): number {
  let hash = column.kind === 'numeric' ? 0x811c9dc5 : 0x01000193;
  const cells =
    column.kind === 'numeric'
      ? new Uint32Array(column.values.buffer, column.values.byteOffset, 2 * column.values.length)
      : column.codes;
  for (const cell of cells) hash = Math.imul(hash ^ cell, 0x01000193);
  return hash;
}

function isSame(a: Column, b: Column): boolean {
  if (a.kind === 'numeric')
    return b.kind === 'numeric' && a.values.every((value, i) => Object.is(value, b.values[i]));
  return b.kind === 'categorical' && a.codes.every((code, i) => code === b.codes[i]);
}

function isIdentical(a: Column, b: Column): boolean {
  return (
    a.kind === 'numeric' || (b.kind === 'categorical' && a.levels.every((level, i) => level === b.levels[i]))
  );
}

/** What to tell about a column that repeats another. */
export function duplicateWarning(key: string, original: string, isIdentical: boolean): Warning {
  return isIdentical
    ? {
        code: 'duplicate_column',
        message: `"${key}" repeats "${original}" in every row and is left out.`,
        column: key,
      }
    : {
        code: 'same_information',
        message: `"${key}" says the same as "${original}": each value of one goes with one value of the other.`,
        column: key,
      };
}
