import type { Inputs } from '../models/inputs.ts';
import type { Column } from '../table/column.ts';

/** Rows that belong together: a fold holds out all of a group or none of it. */
export interface Groups {
  /**
   * Group of each row, 0 .. count-1 [n], numbered in the order of what makes the group, so that the order of the rows
   * makes no difference.
   */
  readonly ids: Int32Array;
  readonly count: number;
  /** What makes a group: equal values of the user's column, equal compositions, or equal inputs altogether. */
  readonly source: 'column' | 'composition' | 'formulation';
}

/** Numbers count as equal when they differ by less than this share of their column's range. */
const resolution = 1e-4;
/** Share of rows from which shared compositions are the groups. */
const minSharedShare = 0.2;
/** Fewer compositions than this are too few folds; then equal inputs make the groups. */
const minCompositions = 5;

/**
 * Finds which rows of `inputs` must stay together. Rows with a missing value in the user's column stand alone.
 *
 * @param composition for each input, whether it says what a sample is made of (amounts, molecules) rather than how
 *   it was processed.
 * @param column the user's own choice; null to find groups in the inputs.
 */
export function findGroups(inputs: Inputs, composition: readonly boolean[], column: Column | null): Groups {
  const keysOf = (source: Groups['source']): string[] => groupKeys(inputs, composition, source, column);
  if (column !== null) return { ...numberKeys(keysOf('column')), source: 'column' };
  if (composition.filter(Boolean).length >= 2) {
    const groups = numberKeys(keysOf('composition'));
    const sizes = new Int32Array(groups.count);
    for (const id of groups.ids) sizes[id]!++;
    const shared = groups.ids.reduce((count, id) => count + (sizes[id]! > 1 ? 1 : 0), 0);
    if (shared >= minSharedShare * inputs.rowCount && groups.count >= minCompositions)
      return { ...groups, source: 'composition' };
  }
  return { ...numberKeys(keysOf('formulation')), source: 'formulation' };
}

/**
 * A text a row that is equal for rows that belong together, by what makes a group [n].
 *
 * @param column the user's own, for the source `column`
 */
export function groupKeys(
  inputs: Inputs,
  composition: readonly boolean[],
  source: Groups['source'],
  column: Column | null,
): string[] {
  const columns = inputs.columns.map((input) => input.column);
  if (source === 'composition')
    return formulationKeys(
      columns.filter((_, j) => composition[j]!),
      inputs.rowCount,
    );
  const formulations = formulationKeys(columns, inputs.rowCount);
  if (source === 'formulation') return formulations;
  return formulations.map((formulation, i) => {
    const value = cellText(column!, i);
    return value === null ? `missing ${formulation} ${i}` : `value ${value}`;
  });
}

/**
 * A text a row that is equal for rows with equal inputs, numbers rounded to 1e-4 of their range [n]. It depends on
 * the values only: not on the order of rows, columns or levels.
 */
export function formulationKeys(columns: readonly Column[], rowCount: number): string[] {
  const sorted = [...columns].sort((a, b) => (a.key < b.key ? -1 : 1));
  const parts = sorted.map((column) => {
    if (column.kind !== 'numeric') return (i: number) => JSON.stringify(cellText(column, i));
    let min = Infinity;
    let max = -Infinity;
    for (const value of column.values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    // Halves keep the difference of the two largest numbers finite.
    const step = (max / 2 - min / 2) * resolution;
    return (i: number) => {
      const value = column.values[i]!;
      if (Number.isNaN(value)) return '';
      return step > 0 ? String(Math.round((value / 2 - min / 2) / step)) : '0';
    };
  });
  return Array.from({ length: rowCount }, (_, i) => parts.map((part) => part(i)).join(','));
}

function numberKeys(keys: readonly string[]): { ids: Int32Array; count: number } {
  const distinct = [...new Set(keys)].sort();
  const idOf = new Map(distinct.map((key, id) => [key, id]));
  return { ids: Int32Array.from(keys, (key) => idOf.get(key)!), count: distinct.length };
}

function cellText(column: Column, i: number): string | null {
  if (column.kind !== 'numeric') return column.codes[i]! < 0 ? null : column.levels[column.codes[i]!]!;
  return Number.isNaN(column.values[i]!) ? null : String(column.values[i]!);
}
