import type { CellValue, Variable } from '@athanor/schema';

/** Amounts that add up to one total in (nearly) all rows: parts of a composition. */
export interface ClosedAmounts {
  readonly keys: readonly string[];
  readonly total: number;
  /** Sum of each row. */
  readonly sums: readonly number[];
  /** 1-based rows whose amounts do not add up. */
  readonly openRows: readonly number[];
}

/** The tolerance and share by which the server tells compositions; see `closeAmounts` of the engine. */
const tolerance = 0.005;
const minClosedShare = 0.8;

/**
 * Sums of the amounts among `keys` that share a unit; null when no such amounts have a common total of 100 or 1. What is
 * counted in ppm is no part of a recipe in per cent.
 */
export function findClosedAmounts(
  variables: readonly Variable[],
  keys: readonly string[],
  columns: readonly string[],
  rows: readonly (readonly CellValue[])[],
): ClosedAmounts | null {
  const amounts = variables.filter(
    ({ key, type, dataType }) => type === 'material_amount' && dataType === 'numeric' && keys.includes(key),
  );
  const units = [...new Set(amounts.map(({ unit }) => unit))];
  // All together first: a file may name the unit of some of its parts only.
  const groups =
    units.length === 1 || units.includes(null)
      ? [amounts]
      : units.map((unit) => amounts.filter((one) => one.unit === unit));
  for (const group of groups) {
    const found = sumUp(
      group.map(({ key }) => key),
      columns,
      rows,
    );
    if (found !== null) return found;
  }
  return null;
}

function sumUp(
  keys: readonly string[],
  columns: readonly string[],
  rows: readonly (readonly CellValue[])[],
): ClosedAmounts | null {
  if (keys.length < 2 || rows.length === 0) return null;
  const places = keys.map((key) => columns.indexOf(key));
  const sums = rows.map((row) =>
    places.reduce((sum, j) => sum + (typeof row[j] === 'number' ? row[j] : 0), 0),
  );
  for (const total of [100, 1]) {
    const isOpen = (sum: number): boolean => Math.abs(sum - total) > tolerance * total * (1 + 1e-9);
    const openRows = sums.flatMap((sum, i) => (isOpen(sum) ? [i + 1] : []));
    if (rows.length - openRows.length < minClosedShare * rows.length) continue;
    return { keys, total, sums, openRows };
  }
  return null;
}
