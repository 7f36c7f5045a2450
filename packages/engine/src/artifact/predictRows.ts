import type { InputRow, JudgedPrediction, PredictReply, Warning } from '@athanor/schema';
import { EngineError } from '../engineError.ts';
import { listNames } from '../listNames.ts';
import type { Inputs } from '../models/inputs.ts';
import type { MoleculeDescriptions } from '../table/molecules/molecule.ts';
import { findPredictor } from '../models/predictors.ts';
import { momentsOf, valuesAt } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { conformalHalfWidth, halfWidth } from '../selection/calibration.ts';
import { flagRows } from './flagRows.ts';
import { judgeRows } from './judgeRows.ts';
import { rowsToInputs } from './rowsToInputs.ts';
import type { ModelTarget, SessionModel } from './sessionModel.ts';
import { widenDoubtful } from './widenDoubtful.ts';

export interface PredictOptions {
  /** Keys of the targets to predict; all by default. */
  readonly targets?: readonly string[];
  /** Nominal coverage of the interval, 0.01 to 0.999; 0.9 by default. */
  readonly level?: number;
  /** What is known of the molecules in the rows (`moleculeTextsOfRows`); needed when there are any. */
  readonly molecules?: MoleculeDescriptions;
}

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

function predictTarget(
  { kind }: SessionModel,
  { fitted, calibration, widestSd, applicability }: ModelTarget,
  inputs: Inputs,
  complaints: readonly (string | null)[],
  level: number,
): JudgedPrediction[] {
  const calibrated = widenPosterior(findPredictor(kind).predict(fitted, inputs), calibration.scale);
  // The mean stays: that of a skewed posterior would jump where a row begins to count as far outside.
  const narrow = momentsOf(calibrated);
  const { mean } = narrow;
  const posterior = widenDoubtful(calibrated, complaints, widestSd);
  const { modelSd, measurementSd } = posterior === calibrated ? narrow : momentsOf(posterior);
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
