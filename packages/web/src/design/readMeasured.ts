import type { CellValue, InputRow } from '@athanor/schema';
import { splitCells } from './splitCells.ts';

/** An experiment and what was measured of it, as it was typed. */
export interface MeasuredRow {
  /** Rank of the proposal; null for an experiment of one's own. */
  readonly rank: number | null;
  readonly inputs: InputRow;
  /** Text of each target; absent and empty both mean not measured. */
  readonly values: Readonly<Record<string, string>>;
}

/** Something wrong with what was pasted, and where: a cell as spreadsheets name it, counted from what was pasted. */
export interface PasteProblem {
  readonly cell: string;
  readonly message: string;
}

export interface MeasuredPaste {
  readonly rows: readonly MeasuredRow[];
  readonly problems: readonly PasteProblem[];
  /** Columns that were not used. */
  readonly ignored: readonly string[];
}

interface Expected {
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  /** Inputs of the proposals by rank. */
  readonly proposals: ReadonlyMap<number, InputRow>;
}

const rankNames = new Set(['no.', 'no', 'nr', 'nr.', 'number', 'rank', 'experiment', '#']);

/**
 * Reads measured results as they are pasted from a spreadsheet: a line of column names, then a line an experiment, known
 * by its rank or by all of its inputs. Bad cells are told with their place and are not taken.
 *
 * @returns null when the first line names no column
 */
export function readMeasured(text: string, expected: Expected): MeasuredPaste | null {
  const [header, ...lines] = splitCells(text);
  if (header === undefined) return null;
  const known = [...expected.inputs, ...expected.targets];
  const columns = header.map((cell) => {
    const name = cell.trim();
    if (rankNames.has(name.toLowerCase())) return 'rank' as const;
    return known.find((key) => isSameName(key, name)) ?? null;
  });
  if (columns.every((column) => column === null)) return null;
  const problems: PasteProblem[] = [];
  const complain = (line: number, column: number, message: string): void => {
    problems.push({ cell: cellName(line, column), message });
  };
  const hasRank = columns.includes('rank');
  const absent = expected.inputs.filter((key) => !columns.includes(key));
  if (!hasRank && absent.length > 0) {
    complain(0, 0, `there is neither a column “No.” nor ${absent.join(', ')}: which experiments are these?`);
    return { rows: [], problems, ignored: [] };
  }
  if (!expected.targets.some((key) => columns.includes(key))) {
    complain(0, 0, `no column is named ${expected.targets.join(' or ')}`);
    return { rows: [], problems, ignored: [] };
  }
  const rows = lines.flatMap((cells, index): MeasuredRow[] => {
    const line = index + 1;
    let rank: number | null = null;
    const inputs: Record<string, CellValue> = {};
    const values: Record<string, string> = {};
    const before = problems.length;
    columns.forEach((column, j) => {
      const cell = (cells[j] ?? '').trim();
      if (column === null || cell === '') return;
      if (column === 'rank') {
        rank = Number(cell);
        if (!expected.proposals.has(rank)) complain(line, j, `there is no experiment no. ${cell}`);
      } else if (expected.targets.includes(column)) {
        if (readNumber(cell) === null) complain(line, j, `“${cell}” is no number`);
        values[column] = cell;
      } else inputs[column] = readNumber(cell) ?? cell;
    });
    if (problems.length > before || Object.keys(values).length === 0) return [];
    const proposed = rank === null ? undefined : expected.proposals.get(rank);
    // What was really weighed in counts more than what was proposed.
    const whole = proposed === undefined ? inputs : { ...proposed, ...inputs };
    const gap = expected.inputs.find((key) => !(key in whole));
    if (gap !== undefined) {
      complain(line, Math.max(0, columns.indexOf(gap)), `${gap} is missing`);
      return [];
    }
    return [{ rank: rank ?? rankOf(whole, expected), inputs: whole, values }];
  });
  return {
    rows,
    problems,
    ignored: header.filter((name, j) => columns[j] === null && name.trim() !== ''),
  };
}

/** A number as people write it, with a decimal point or comma; null for anything else. */
export function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace('−', '-')
    .replaceAll(/[\s\u00a0\u202f]/g, '');
  if (!/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(plain)) return null;
  const [comma, point] = [plain.lastIndexOf(','), plain.lastIndexOf('.')];
  const standard =
    comma > point
      ? plain.replaceAll('.', '').replace(',', '.')
      : comma >= 0
        ? plain.replaceAll(',', '')
        : plain;
  const value = Number(standard);
  return Number.isFinite(value) ? value : null;
}

/** Row and column from 0 as `C4`. */
function cellName(line: number, column: number): string {
  let letters = '';
  for (let rest = column; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return `${letters}${line + 1}`;
}

/** The proposal with exactly these inputs. */
function rankOf(inputs: InputRow, { proposals }: Expected): number | null {
  for (const [rank, proposed] of proposals) {
    if (Object.entries(proposed).every(([key, value]) => isSameValue(value, inputs[key] ?? null)))
      return rank;
  }
  return null;
}

function isSameValue(a: CellValue, b: CellValue): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
  return String(a) === String(b);
}

/** Whether a heading means a column, with or without its unit. */
function isSameName(key: string, name: string): boolean {
  const plain = (text: string): string => text.trim().toLowerCase();
  const bare = (text: string): string => plain(text.replace(/\s*[([][^)\]]*[)\]]\s*$/, ''));
  return plain(key) === plain(name) || (bare(key) !== '' && bare(key) === plain(name));
}
