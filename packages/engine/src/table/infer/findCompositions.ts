/** Columns whose rows add up to a whole. */
export interface Composition {
  /** Indices into the columns that were given, ascending. */
  readonly members: readonly number[];
  /** What the rows add up to. */
  readonly whole: 1 | 100;
  /** Rows without a missing part that do not add up, as indices. */
  readonly openRows: readonly number[];
  /** Rows that add up only if missing parts are zero. */
  readonly blankRows: readonly number[];
}

/** A column that may be a part: its numbers [n], and the unit it has to share with the others. */
export interface PartCandidate {
  readonly values: Float64Array;
  /** Symbol of the unit; '' for none. */
  readonly unit: string;
  /** Several columns of one kind, such as chemical elements, are looked for wherever they stand. */
  readonly kind: string;
}

/** Rounding in published recipes: 99.5 to 100.5. */
const tolerance = 0.005;
/** Rows that may miss the whole by more, through mistakes or trace elements. */
const closedShare = 0.95;
/** Rows that are looked at before all are. */
const sampleRows = 64;
const maxParts = 200;
const minRows = 3;

/**
 * Finds compositions: runs of neighbouring columns, or all columns of one unit or kind, that are never negative and whose rows
 * add up to 1 or 100 within half a percent.
 *
 * @param candidates In table order; null for columns that cannot be parts.
 */
export function findCompositions(candidates: readonly (PartCandidate | null)[]): Composition[] {
  const found: Composition[] = [];
  const taken = new Set<number>();
  const take = (composition: Composition | null): void => {
    if (composition === null) return;
    found.push(composition);
    for (const member of composition.members) taken.add(member);
  };
  for (const members of groups(candidates)) take(checkParts(candidates, members));
  for (let start = 0; start < candidates.length;) {
    const run = longestRun(candidates, start, taken);
    take(run);
    start = run === null ? start + 1 : run.members.at(-1)! + 1;
  }
  return found;
}

/** Sets worth a look wherever they stand: all columns of one kind, then all of one unit. */
function groups(candidates: readonly (PartCandidate | null)[]): number[][] {
  const sets = new Map<string, number[]>();
  for (const [index, candidate] of candidates.entries()) {
    if (candidate === null || candidate.kind === '') continue;
    const name = `${candidate.kind}/${candidate.unit}`;
    sets.set(name, [...(sets.get(name) ?? []), index]);
  }
  return [...sets.values()].filter((members) => members.length >= 2);
}

/** The longest run of neighbours from `start` on that adds up. */
function longestRun(
  candidates: readonly (PartCandidate | null)[],
  start: number,
  taken: ReadonlySet<number>,
): Composition | null {
  const first = candidates[start];
  if (first === null || first === undefined || taken.has(start)) return null;
  const rowCount = first.values.length;
  const step = Math.max(1, Math.floor(rowCount / sampleRows));
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row += step) rows.push(row);
  const sums = new Float64Array(rows.length);
  const ends: number[] = [];
  for (let end = start; end < candidates.length && end - start < maxParts; end++) {
    const candidate = candidates[end];
    if (candidate === null || candidate === undefined || taken.has(end) || candidate.unit !== first.unit)
      break;
    let closed = 0;
    let above = 0;
    for (const [i, row] of rows.entries()) {
      const value = candidate.values[row]!;
      if (!Number.isNaN(value)) sums[i]! += value;
      if (isWhole(sums[i]!)) closed++;
      else if (sums[i]! > 100 * (1 + tolerance)) above++;
    }
    if (end > start && closed >= closedShare * rows.length) ends.push(end);
    if (above > (1 - closedShare) * rows.length) break;
  }
  for (const end of ends.reverse()) {
    const members = Array.from({ length: end - start + 1 }, (_, i) => start + i);
    const composition = checkParts(candidates, members);
    if (composition !== null) return composition;
  }
  return null;
}

function isWhole(sum: number): boolean {
  return Math.abs(sum - 1) <= tolerance || Math.abs(sum - 100) <= 100 * tolerance;
}

/** Checks a set of columns on all rows; null when they are no composition. */
function checkParts(
  candidates: readonly (PartCandidate | null)[],
  members: readonly number[],
): Composition | null {
  const columns = members.map((member) => candidates[member]!.values);
  const rowCount = columns[0]!.length;
  if (rowCount < minRows || columns.filter(isVaried).length < 2) return null;
  for (const whole of [1, 100] as const) {
    const openRows: number[] = [];
    const blankRows: number[] = [];
    let closed = 0;
    let empty = 0;
    for (let row = 0; row < rowCount; row++) {
      let sum = 0;
      let blanks = 0;
      for (const values of columns) {
        const value = values[row]!;
        if (Number.isNaN(value)) blanks++;
        else sum += value;
      }
      if (blanks === columns.length) empty++;
      else if (Math.abs(sum - whole) <= tolerance * whole) {
        closed++;
        if (blanks > 0) blankRows.push(row);
      } else openRows.push(row);
    }
    if (closed >= minRows && closed >= closedShare * (rowCount - empty))
      return { members, whole, openRows, blankRows };
  }
  return null;
}

function isVaried(values: Float64Array): boolean {
  const first = values.find((value) => !Number.isNaN(value));
  return first !== undefined && values.some((value) => !Number.isNaN(value) && value !== first);
}
