import type { InputRow, JudgedPrediction, PredictReply, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { Inputs } from '../models/inputs.ts';
import type { MoleculeDescriptions } from '../table/molecules/molecule.ts';
import { appendMolecules, moleculeOf, type MoleculeSet } from '../table/molecules/moleculeSet.ts';
import { tanimoto } from '../table/molecules/tanimoto.ts';
import type { MolecularColumn } from '../table/column.ts';
import { findPredictor } from '../models/predictors.ts';
import { momentsOf, valuesAt } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { conformalHalfWidth, halfWidth } from '../selection/calibration.ts';
import { farLimits } from './farLimits.ts';
import { judgeRows } from './judgeRows.ts';
import { rowsToInputs } from './rowsToInputs.ts';
import type { ModelInput, ModelTarget, SessionModel } from './sessionModel.ts';

export interface PredictOptions {
  /** Keys of the targets to predict; all by default. */
  readonly targets?: readonly string[];
  /** Nominal coverage of the interval, 0.01 to 0.999; 0.9 by default. */
  readonly level?: number;
  /** What is known of the molecules in the rows (`moleculeTextsOfRows`); needed when there are any. */
  readonly molecules?: MoleculeDescriptions;
}

/** A molecule less similar than this to every one seen is taken for unlike them. */
const minSimilarity = 0.3;
/** Rows listed in a warning. */
const maxRows = 5;

/**
 * Predicts the targets of a model for rows of named cells. The order of columns is free; a column that the model does
 * not know or needs and does not get is refused by name, and so is a cell of another type: "5" is not 5. A column may
 * be absent from some rows, which is a missing cell.
 *
 * Levels never seen, missing cells and numbers far outside the range seen are flagged, and the interval of such a row
 * is never narrower than the widest among the training rows.
 *
 * @throws EngineError COLUMN_UNKNOWN, COLUMN_MISSING, CELL_INVALID, TARGET_UNKNOWN, OPTION_INVALID
 */
export function predictRows(
  model: SessionModel,
  rows: readonly InputRow[],
  options: PredictOptions = {},
): { targets: PredictReply['targets']; warnings: Warning[] } {
  const level = options.level ?? 0.9;
  if (!(level >= 0.01 && level <= 0.999))
    throw new EngineError('OPTION_INVALID', 'level must be between 0.01 and 0.999', {
      field: 'level',
      value: String(level),
    });
  const targets = chooseTargets(model, options.targets);
  const inputs = rowsToInputs(model, rows, options.molecules ?? null);
  const { warnings, complaints } = flagRows(model.inputs, inputs);
  warnings.push(...nameIgnored(model, rows), ...nameUnchecked(targets, level));
  return {
    targets: targets.map((target) => ({
      target: target.key,
      unit: target.unit,
      predictions: predictTarget(model, target, inputs, complaints, level),
    })),
    warnings,
  };
}

/** Columns that were brought along and that the model does not use, e.g. the targets themselves. */
function nameIgnored({ otherColumns }: SessionModel, rows: readonly InputRow[]): Warning[] {
  return otherColumns.flatMap((key): Warning[] => {
    const count = rows.filter((row) => Object.hasOwn(row, key)).length;
    const message = `${key} is not an input of the model and changes nothing.`;
    return count === 0 ? [] : [{ code: 'column_ignored', message, column: key, count }];
  });
}

/** Intervals so wide in probability that the held-out rows are too few to say how wide they must be. */
function nameUnchecked(targets: readonly ModelTarget[], level: number): Warning[] {
  return targets.flatMap(({ key, calibration }): Warning[] => {
    if (conformalHalfWidth(calibration, level) !== null) return [];
    const rows = calibration.rowCount;
    const message =
      `${rows} held-out rows are too few to tell how wide an interval of ${level} must be for ${key}; it is that of ` +
      'the shape that errors usually have, and at least as wide as the largest error seen.';
    return [{ code: 'interval_unchecked', message, column: key, count: rows }];
  });
}

function chooseTargets(model: SessionModel, keys: readonly string[] | undefined): readonly ModelTarget[] {
  if (keys === undefined) return model.targets;
  return keys.map((key, i) => {
    const target = model.targets.find((one) => one.key === key);
    if (target === undefined)
      throw new EngineError(
        'TARGET_UNKNOWN',
        `${model.name} does not predict ${key}; it predicts ${listNames(model.targets.map((one) => one.key))}`,
        { field: `targets/${i}`, column: key },
      );
    return target;
  });
}

interface Flags {
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

function flagRows(known: readonly ModelInput[], inputs: Inputs): Flags {
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

function predictTarget(
  { kind }: SessionModel,
  { fitted, calibration, widestSd, applicability }: ModelTarget,
  inputs: Inputs,
  complaints: readonly (string | null)[],
  level: number,
): JudgedPrediction[] {
  const calibrated = widenPosterior(findPredictor(kind).predict(fitted, inputs), calibration.scale);
  // The mean stays: that of a skewed posterior would jump where a row begins to count as far outside.
  const { mean, measurementSd: narrow } = momentsOf(calibrated);
  const widening = narrow.map((sd, i) => (complaints[i] === null ? 1 : Math.max(1, widestSd / sd)));
  const posterior = complaints.every((one) => one === null)
    ? calibrated
    : widenPosterior(calibrated, widening);
  const { modelSd, measurementSd } = momentsOf(posterior);
  const width = halfWidth(calibration, level);
  const lower = valuesAt(posterior, -width);
  const upper = valuesAt(posterior, width);
  const judgements = judgeRows(applicability, inputs, complaints);
  return Array.from(mean, (value, i) => ({
    mean: value,
    standardDeviation: measurementSd[i]!,
    modelStandardDeviation: modelSd[i]!,
    interval: { lower: lower[i]!, upper: upper[i]!, level },
    applicability: judgements[i]!,
  }));
}

function rowWord(rows: readonly number[]): string {
  return rows.length === 1 ? 'one row' : `${rows.length} rows`;
}
