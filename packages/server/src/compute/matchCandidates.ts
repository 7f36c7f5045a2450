import type { Column, Table } from '@athanor/engine';
import type { DesignPayload, SpaceVariable } from '@athanor/schema';

/** A row of a table that is one of the candidates. */
export interface MatchedRow {
  /** From 0 on. */
  readonly row: number;
  readonly rank: number;
  readonly matchedBy: 'mark' | 'inputs';
}

/** Of a setting without steps, by which share of its range a row may miss it. */
const slipOfRange = 0.005;
/** Decimals that went through text and back. */
const rounding = 1 + 1e-9;

/**
 * Which rows of a table are candidates that were made: those that were said to be, and those whose inputs are a
 * candidate's to within half a step (a two-hundredth of the range where there are no steps). Each row is the nearest
 * candidate and no other.
 *
 * @param firstRow rows before this one were there when the candidates were proposed
 * @param marks rank by row
 */
export function matchCandidates(
  table: Table,
  { space, candidates }: Pick<DesignPayload, 'space' | 'candidates'>,
  firstRow: number,
  marks: ReadonlyMap<number, number | null>,
): MatchedRow[] {
  const columns = space.variables.map(({ key }) => table.columns.find((column) => column.key === key));
  const matched: MatchedRow[] = [];
  for (let row = 0; row < table.rowCount; row++) {
    const mark = marks.get(row);
    if (mark !== undefined) {
      if (mark !== null) matched.push({ row, rank: mark, matchedBy: 'mark' });
      continue;
    }
    if (row < firstRow) continue;
    let nearest: { rank: number; distance: number } | null = null;
    for (const { rank, inputs } of candidates) {
      let distance = 0;
      for (const [j, variable] of space.variables.entries()) {
        distance = Math.max(distance, distanceOf(variable, columns[j], row, inputs[variable.key] ?? null));
        if (distance > rounding) break;
      }
      if (distance <= rounding && distance < (nearest?.distance ?? Infinity)) nearest = { rank, distance };
    }
    if (nearest !== null) matched.push({ row, rank: nearest.rank, matchedBy: 'inputs' });
  }
  return matched.sort((a, b) => a.rank - b.rank || a.row - b.row);
}

/** How far a cell is from what was proposed, in what may be missed: up to 1 is the same. */
function distanceOf(
  variable: SpaceVariable,
  column: Column | undefined,
  row: number,
  proposed: string | number | boolean | null,
): number {
  if (column === undefined) return Infinity;
  if (column.kind !== 'numeric') {
    const code = column.codes[row]!;
    return code >= 0 && column.levels[code] === String(proposed).trim() ? 0 : Infinity;
  }
  if (typeof proposed !== 'number') return Infinity;
  // An ingredient that is not named was not used.
  const cell = column.values[row]!;
  const value = Number.isNaN(cell) && variable.kind === 'amount' ? 0 : cell;
  const miss = Math.abs(value - proposed);
  if (Number.isNaN(miss)) return Infinity;
  const slip = slipOf(variable);
  return slip > 0 ? miss / slip : miss <= 1e-9 * Math.abs(proposed) ? 0 : Infinity;
}

function slipOf(variable: SpaceVariable): number {
  switch (variable.kind) {
    case 'amount':
      return variable.step / 2;
    case 'parameter':
      return variable.step === undefined
        ? slipOfRange * (variable.upper - variable.lower)
        : variable.step / 2;
    case 'discrete':
    case 'category':
      return 0;
  }
}
