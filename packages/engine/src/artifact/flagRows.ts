import type { Warning } from '@athanor/schema';
import { listNames } from '../listNames.ts';
import type { Inputs } from '../models/inputs.ts';
import type { MolecularColumn } from '../table/column.ts';
import { appendMolecules, moleculeOf, type MoleculeSet } from '../table/molecules/moleculeSet.ts';
import { tanimoto } from '../table/molecules/tanimoto.ts';
import { farLimits } from './farLimits.ts';
import type { ModelInput } from './sessionModel.ts';

/** A molecule less similar than this to every one seen is taken for unlike them. */
const minSimilarity = 0.3;
/** Rows listed in a warning. */
const maxRows = 5;

/** What a model knows little of in rows. */
export interface Flags {
  readonly warnings: Warning[];
  /** What the model knows little of in a row, null for nothing [m]. */
  readonly complaints: (string | null)[];
}

const complaintOf = {
  extrapolation: (key: string) => `${key} is far outside the range seen`,
  missing_cell: (key: string) => `${key} is missing`,
  unseen_level: (key: string) => `${key} has a value never seen`,
  unfamiliar_molecule: (key: string) => `${key} is unlike every molecule seen`,
};

/**
 * Flags missing cells, levels and molecules never seen, and numbers far outside the range seen.
 *
 * @param known inputs of the model, in the order of `inputs`, whose categories begin with the model's levels
 */
export function flagRows(known: readonly ModelInput[], inputs: Inputs): Flags {
  const warnings: Warning[] = [];
  const complaints = Array.from({ length: inputs.rowCount }, (): string | null => null);
  const flag = (
    code: keyof typeof complaintOf,
    key: string,
    rows: readonly number[],
    message: string,
  ): void => {
    if (rows.length === 0) return;
    for (const i of rows) complaints[i] ??= complaintOf[code](key);
    const examples = rows.slice(0, maxRows).map((i) => i + 1);
    warnings.push({ code, message, column: key, rows: examples, count: rows.length });
  };
  inputs.columns.forEach(({ column }, j) => {
    const { key, range, levels, molecules, isNeeded } = known[j]!;
    if (column.kind === 'numeric') {
      if (range !== null) {
        const { lowerHalf, upperHalf } = farLimits(range);
        const far = findRows(column.values, (value) => value / 2 < lowerHalf || value / 2 > upperHalf);
        const limits = `${range.min} to ${range.max}`;
        flag(
          'extrapolation',
          key,
          far,
          `${key} lies far outside the range seen, ${limits}, in ${rowWord(far)}.`,
        );
      }
      const missing = findRows(column.values, Number.isNaN);
      if (isNeeded) flag('missing_cell', key, missing, `${key} is missing in ${rowWord(missing)}.`);
      return;
    }
    const namesIn = (found: readonly number[]): string =>
      listNames([...new Set(found.map((i) => column.levels[column.codes[i]!]!))]);
    if (column.kind === 'molecular') {
      const isUnlike = findUnlike(column, molecules!);
      const unlike = findRows(column.codes, (code) => code >= 0 && isUnlike[code]!);
      flag(
        'unfamiliar_molecule',
        key,
        unlike,
        `${key} has molecules unlike all that were seen: ${namesIn(unlike)}, in ${rowWord(unlike)}.`,
      );
    } else {
      const seen = levels!.length;
      const unseen = findRows(column.codes, (code) => code >= seen);
      flag(
        'unseen_level',
        key,
        unseen,
        `${key} has values never seen: ${namesIn(unseen)}, in ${rowWord(unseen)}.`,
      );
    }
    const missing = findRows(column.codes, (code) => code < 0);
    if (isNeeded) flag('missing_cell', key, missing, `${key} is missing in ${rowWord(missing)}.`);
  });
  return { warnings, complaints };
}

/** For each molecule of a column, whether none of those seen is similar to it. */
function findUnlike({ molecules }: MolecularColumn, seen: MoleculeSet): boolean[] {
  const asked = molecules.smiles.map((_, m) => moleculeOf(molecules, m));
  const fingerprints = appendMolecules(seen.fingerprints, asked);
  const count = seen.smiles.length;
  const known = [...seen.smiles.keys()];
  const similarities = tanimoto(
    fingerprints,
    asked.map((_, m) => count + m),
    known,
  );
  return asked.map((_, m) => !known.some((k) => similarities[m * count + k]! >= minSimilarity));
}

function findRows(cells: Float64Array | Int32Array, test: (cell: number) => boolean): number[] {
  const rows: number[] = [];
  cells.forEach((cell, i) => {
    if (test(cell)) rows.push(i);
  });
  return rows;
}

function rowWord(rows: readonly number[]): string {
  return rows.length === 1 ? 'one row' : `${rows.length} rows`;
}
