import type { ModelMetrics } from '@athanor/schema';
import { logDensitiesOf, momentsOf, zScoresOf } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { wilsonInterval } from '../scores/coverage.ts';
import { crps } from '../scores/crps.ts';
import { miscalibrationArea } from '../scores/miscalibrationArea.ts';
import { rmse } from '../scores/rmse.ts';
import { spearman } from '../scores/spearman.ts';
import { calibrateFolds } from './calibrateFolds.ts';
import { levelOf, type Calibration } from './calibration.ts';
import type { HeldOutFold } from './heldOutFold.ts';
import { timesHeldOut } from './timesHeldOut.ts';

export interface OutOfFoldScores {
  readonly metrics: Omit<ModelMetrics, 'fitSeconds'>;
  /** From all folds, to be used with the model fitted to all rows. */
  readonly calibration: Calibration;
  /** For each fold, from the rows outside it. */
  readonly outside: readonly Calibration[];
  /** Calibrated CRPS of each row, mean over repeats [n]; NaN for a row that was never held out. */
  readonly rowCrps: Float64Array;
}

/** Coverage levels reported; the same list as in the schema of metrics. */
const levels = [0.5, 0.8, 0.9, 0.95];
/** Log density of a measurement that a posterior rules out altogether; keeps the mean finite. */
const leastLogDensity = -1e6;

/**
 * Scores a model on rows it was not fitted to, y [n] in the unit of the target. Each fold is calibrated by what the
 * rows outside it say, so that the reported coverage is that of new rows; scores are means over repeats.
 */
export function scoreOutOfFold(folds: readonly HeldOutFold[], y: Float64Array): OutOfFoldScores {
  const n = y.length;
  const times = timesHeldOut(folds, n);
  const rowCount = times.reduce((count, one) => count + (one > 0 ? 1 : 0), 0);
  const { all, outside } = calibrateFolds(folds, y);

  const rowCrps = new Float64Array(n).map((_, i) => (times[i] === 0 ? NaN : 0));
  const covered: { level: number; weight: number }[] = [];
  const repeats = new Map<number, { predicted: number[]; measured: number[] }>();
  let absoluteError = 0;
  let logDensity = 0;
  folds.forEach(({ repeat, rows, posterior }, f) => {
    const calibration = outside[f]!;
    const calibrated = widenPosterior(posterior, calibration.scale);
    const measured = Float64Array.from(rows, (i) => y[i]!);
    const { mean } = momentsOf(calibrated);
    const density = logDensitiesOf(calibrated, measured);
    const z = zScoresOf(calibrated, measured);
    const pairs = repeats.get(repeat) ?? { predicted: [], measured: [] };
    repeats.set(repeat, pairs);
    crps(calibrated, measured).forEach((score, r) => {
      const i = rows[r]!;
      const share = 1 / times[i]!;
      pairs.predicted.push(mean[r]!);
      pairs.measured.push(measured[r]!);
      covered.push({ level: levelOf(calibration, z[r]!), weight: share });
      rowCrps[i]! += score * share;
      absoluteError += (Math.abs(mean[r]! - measured[r]!) * share) / rowCount;
      logDensity += (Math.max(leastLogDensity, density[r]!) * share) / rowCount;
    });
  });

  // Against the mean and scatter of all rows, also where a repeat holds out only some of them.
  const center = y.reduce((sum, value) => sum + value / n, 0);
  const scatter = rmse(new Float64Array(n).fill(center), y);
  const perRepeat = [...repeats.values()].map(({ predicted, measured }) => {
    const a = Float64Array.from(predicted);
    const b = Float64Array.from(measured);
    const error = rmse(a, b);
    return { error, r2: scatter === 0 ? 0 : 1 - (error / scatter) ** 2, spearman: spearman(a, b) };
  });
  const correlations = perRepeat.map((one) => one.spearman).filter((value) => value !== null);
  const shareWithin = (level: number): number =>
    covered.reduce((sum, row) => sum + (row.level < level ? row.weight / rowCount : 0), 0);
  return {
    metrics: {
      rmse: meanOf(perRepeat.map((one) => one.error)),
      mae: absoluteError,
      r2: meanOf(perRepeat.map((one) => one.r2)),
      spearman: correlations.length === 0 ? null : meanOf(correlations),
      crps: rowCrps.reduce((sum, score) => sum + (Number.isNaN(score) ? 0 : score / rowCount), 0),
      nll: -logDensity,
      coverage: levels.map((level) => {
        const observed = Math.min(1, shareWithin(level));
        return { level, observed, ...wilsonInterval(observed, rowCount) };
      }),
      miscalibrationArea: miscalibrationArea(shareWithin),
      standardDeviationScale: all.scale,
    },
    calibration: all,
    outside,
    rowCrps,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
