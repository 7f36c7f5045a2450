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

/** Sums of the amounts among `keys`; `closed` is null when they have no common total of 100 or 1. */
export function findClosedAmounts(
  variables: readonly Variable[],
  keys: readonly string[],
  columns: readonly string[],
  rows: readonly (readonly CellValue[])[],
): ClosedAmounts | null {
  const amounts = variables.filter(
    ({ key, type, dataType }) => type === 'material_amount' && dataType === 'numeric' && keys.includes(key),
  );
  if (amounts.length < 2 || rows.length === 0) return null;
  const places = amounts.map(({ key }) => columns.indexOf(key));
  const sums = rows.map((row) =>
    places.reduce((sum, j) => sum + (typeof row[j] === 'number' ? row[j] : 0), 0),
  );
  for (const total of [100, 1]) {
    const isOpen = (sum: number): boolean => Math.abs(sum - total) > tolerance * total * (1 + 1e-9);
    const openRows = sums.flatMap((sum, i) => (isOpen(sum) ? [i + 1] : []));
    if (rows.length - openRows.length < minClosedShare * rows.length) continue;
    return { keys: amounts.map(({ key }) => key), total, sums, openRows };
  }
  return null;
}
