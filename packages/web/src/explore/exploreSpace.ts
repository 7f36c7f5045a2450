import type { CellValue, InputRow, Variable } from '@athanor/schema';
import { findClosedAmounts } from '../mixture/findClosedAmounts.ts';
import { moveAmount } from '../mixture/moveAmount.ts';
import { shareRest } from '../mixture/shareRest.ts';

/** An input that can be set, with where it may go. */
export interface ExploreInput {
  readonly variable: Variable;
  /** Ends of the slider; null for categories. */
  readonly range: { readonly lower: number; readonly upper: number } | null;
  readonly levels: readonly string[];
}

/** The inputs of a session as something to move in. */
export interface ExploreSpace {
  readonly inputs: readonly ExploreInput[];
  /** Keys of the amounts that add up, and to what. */
  readonly closed: { readonly keys: readonly string[]; readonly total: number } | null;
}

/** Reads what can be moved, and what must add up, from the table that the session was built on. */
export function exploreSpace(
  variables: readonly Variable[],
  keys: readonly string[],
  columns: readonly string[],
  rows: readonly (readonly CellValue[])[],
): ExploreSpace {
  const closed = findClosedAmounts(variables, keys, columns, rows);
  const inputs = keys.flatMap((key): ExploreInput[] => {
    const variable = variables.find((one) => one.key === key);
    if (variable === undefined) return [];
    const { range, bounds, levels, dataType } = variable;
    if (dataType !== 'numeric' || range === null) {
      return [{ variable, range: null, levels: levels ?? (dataType === 'boolean' ? ['true', 'false'] : []) }];
    }
    return [{ variable, range: bounds ?? { lower: range.min, upper: range.max }, levels: [] }];
  });
  return { inputs, closed: closed === null ? null : { keys: closed.keys, total: closed.total } };
}

/** The row of the table that is nearest to the middle of all inputs: a real one to start from. */
export function centralRow(
  space: ExploreSpace,
  columns: readonly string[],
  rows: readonly (readonly CellValue[])[],
): number {
  const numeric = space.inputs.filter(({ range }) => range !== null);
  const middles = numeric.map(({ variable }) =>
    medianOf(rows.map((row) => row[columns.indexOf(variable.key)])),
  );
  let best = 0;
  let least = Infinity;
  rows.forEach((row, i) => {
    let distance = 0;
    numeric.forEach(({ variable, range }, k) => {
      const value = row[columns.indexOf(variable.key)];
      const span = range!.upper - range!.lower || 1;
      distance += typeof value === 'number' ? ((value - middles[k]!) / span) ** 2 : 1;
    });
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

/** The inputs of a row of the table; a gap among amounts that add up is nothing of it. */
export function inputsOfRow(
  space: ExploreSpace,
  columns: readonly string[],
  row: readonly CellValue[],
): InputRow {
  return Object.fromEntries(
    space.inputs.map(({ variable: { key } }) => {
      const value = row[columns.indexOf(key)] ?? null;
      return [key, value === null && space.closed?.keys.includes(key) === true ? 0 : value];
    }),
  );
}

/** The row with one number changed; amounts that add up make room along the Cox direction, held ones stay. */
export function moveInput(
  space: ExploreSpace,
  row: InputRow,
  key: string,
  value: number,
  held: ReadonlySet<string> = new Set(),
  isBounded = true,
): InputRow {
  const { closed } = space;
  if (closed === null || !closed.keys.includes(key)) return { ...row, [key]: value };
  const { keys, total } = closed;
  const limits = keys.map((one) => limitsOf(space, one, total, isBounded));
  const moved = moveAmount(
    keys.map((one) => numberOf(row[one])),
    keys.indexOf(key),
    value,
    { lower: limits.map(({ lower }) => lower), upper: limits.map(({ upper }) => upper), total },
    new Set(keys.flatMap((one, i) => (held.has(one) ? [i] : []))),
  );
  return { ...row, ...Object.fromEntries(keys.map((one, i) => [one, moved[i]!])) };
}

/** The row with several amounts or settings set, the other amounts making room; null when nothing is left for them. */
export function setInputs(
  space: ExploreSpace,
  row: InputRow,
  values: Readonly<Record<string, number>>,
): InputRow | null {
  const next: InputRow = { ...row, ...values };
  const { closed } = space;
  if (closed === null || !closed.keys.some((key) => key in values)) return next;
  const rest = closed.keys.filter((key) => !(key in values));
  const set = closed.keys.reduce((sum, key) => sum + (values[key] ?? 0), 0);
  const room = closed.total - set;
  if (room < -1e-9 * closed.total) return null;
  const shared = shareRest(
    rest.map((key) => numberOf(row[key])),
    Math.max(0, room),
    rest.map(() => 0),
    rest.map(() => closed.total),
  );
  if (rest.length === 0 && room > 1e-9 * closed.total) return null;
  rest.forEach((key, i) => (next[key] = shared[i]!));
  return next;
}

function limitsOf(space: ExploreSpace, key: string, total: number, isBounded: boolean) {
  const range = space.inputs.find(({ variable }) => variable.key === key)?.range ?? null;
  return isBounded && range !== null ? range : { lower: 0, upper: total };
}

function numberOf(value: CellValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function medianOf(values: readonly (CellValue | undefined)[]): number {
  const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const middle = (numbers.length - 1) / 2;
  return ((numbers[Math.floor(middle)] ?? 0) + (numbers[Math.ceil(middle)] ?? 0)) / 2;
}
