import type { ModelMetrics } from '@athanor/schema';
import {
  logDensitiesOf,
  momentsOf,
  quantilesOf,
  scalePosterior,
  zScoresOf,
} from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { coverage, wilsonInterval } from '../scores/coverage.ts';
import { crps } from '../scores/crps.ts';
import { miscalibrationArea } from '../scores/miscalibrationArea.ts';
import { rmse } from '../scores/rmse.ts';
import { spearman } from '../scores/spearman.ts';
import { calibrationScale, squaredScore } from './calibrationScale.ts';

/** What a model fitted without some rows says of them. */
export interface HeldOutFold {
  readonly repeat: number;
  /** Rows held out, as positions among the target's rows [h]. */
  readonly rows: Int32Array;
  /** Over these rows. */
  readonly posterior: Posterior;
}

/** What was said of each row while it was held out, calibrated; NaN for a row that never was. */
export interface HeldOutPredictions {
  /** [n] */
  readonly mean: Float64Array;
  /** Of a new measurement [n]. */
  readonly standardDeviation: Float64Array;
  /** Ends of the central interval of `heldOutLevel` [n]. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Nominal coverage of the intervals of held-out predictions. */
export const heldOutLevel = 0.9;

export interface OutOfFoldScores {
  readonly metrics: Omit<ModelMetrics, 'fitSeconds'>;
  /** Calibration factor from all folds, to be used with the model fitted to all rows. */
  readonly scale: number;
  /** Calibrated CRPS of each row, mean over repeats [n]; NaN for a row that was never held out. */
  readonly rowCrps: Float64Array;
  /** From the first repeat that holds the row out: one honest prediction a row, not a mean of several. */
  readonly heldOut: HeldOutPredictions;
}

/** Coverage levels reported; the same list as in the schema of metrics. */
const levels = [0.5, 0.8, 0.9, 0.95];
/** Log density of a measurement that a posterior rules out altogether; keeps the mean finite. */
const leastLogDensity = -1e6;

/**
 * Scores a model on rows it was not fitted to, y [n] in the unit of the target. Each fold is calibrated by the factor
 * that the rows outside it give, so that the reported coverage is that of new rows; scores are means over repeats.
 */
export function scoreOutOfFold(folds: readonly HeldOutFold[], y: Float64Array): OutOfFoldScores {
  const n = y.length;
  const predictions = new Int32Array(n);
  const squares = new Float64Array(n);
  const targetsOf = (rows: Int32Array): Float64Array => Float64Array.from(rows, (i) => y[i]!);
  for (const { rows, posterior } of folds)
    zScoresOf(posterior, targetsOf(rows)).forEach((z, r) => {
      squares[rows[r]!]! += squaredScore(z);
      predictions[rows[r]!]!++;
    });
  let sumOfSquares = 0;
  let rowCount = 0;
  for (let i = 0; i < n; i++) {
    if (predictions[i] === 0) continue;
    squares[i]! /= predictions[i]!;
    sumOfSquares += squares[i]!;
    rowCount++;
  }

  const rowCrps = new Float64Array(n).map((_, i) => (predictions[i] === 0 ? NaN : 0));
  const zScores: Float64Array[] = [];
  const blank = (): Float64Array => new Float64Array(n).fill(NaN);
  const heldOut = { mean: blank(), standardDeviation: blank(), lower: blank(), upper: blank() };
  const repeats = new Map<number, { predicted: number[]; measured: number[] }>();
  let absoluteError = 0;
  let logDensity = 0;
  for (const { repeat, rows, posterior } of folds) {
    const own = rows.reduce((sum, i) => sum + squares[i]!, 0);
    const scale = calibrationScale(Math.max(0, sumOfSquares - own), rowCount - rows.length);
    const calibrated = scalePosterior(posterior, scale);
    const measured = targetsOf(rows);
    const { mean, measurementSd } = momentsOf(calibrated);
    const lower = quantilesOf(calibrated, (1 - heldOutLevel) / 2);
    const upper = quantilesOf(calibrated, (1 + heldOutLevel) / 2);
    const density = logDensitiesOf(calibrated, measured);
    const pairs = repeats.get(repeat) ?? { predicted: [], measured: [] };
    repeats.set(repeat, pairs);
    for (let r = 0; r < rows.length; r++) {
      pairs.predicted.push(mean[r]!);
      pairs.measured.push(measured[r]!);
      const i = rows[r]!;
      if (!Number.isNaN(heldOut.mean[i]!)) continue;
      heldOut.mean[i] = mean[r]!;
      heldOut.standardDeviation[i] = measurementSd[r]!;
      heldOut.lower[i] = lower[r]!;
      heldOut.upper[i] = upper[r]!;
    }
    zScores.push(zScoresOf(calibrated, measured));
    crps(calibrated, measured).forEach((score, r) => {
      const i = rows[r]!;
      const share = 1 / predictions[i]!;
      rowCrps[i]! += score * share;
      absoluteError += (Math.abs(mean[r]! - measured[r]!) * share) / rowCount;
      logDensity += (Math.max(leastLogDensity, density[r]!) * share) / rowCount;
    });
  }

  // Against the mean and scatter of all rows, also where a repeat holds out only some of them.
  const center = y.reduce((sum, value) => sum + value / n, 0);
  const scatter = rmse(new Float64Array(n).fill(center), y);
  const perRepeat = [...repeats.values()].map(({ predicted, measured }) => {
    const a = Float64Array.from(predicted);
    const b = Float64Array.from(measured);
    const error = rmse(a, b);
    return { error, r2: scatter === 0 ? 0 : 1 - (error / scatter) ** 2, spearman: spearman(a, b) };
  });
  const z = Float64Array.from(zScores.flatMap((scores) => [...scores]));
  const correlations = perRepeat.map((one) => one.spearman).filter((value) => value !== null);
  const scale = calibrationScale(sumOfSquares, rowCount);
  return {
    metrics: {
      rmse: meanOf(perRepeat.map((one) => one.error)),
      mae: absoluteError,
      r2: meanOf(perRepeat.map((one) => one.r2)),
      spearman: correlations.length === 0 ? null : meanOf(correlations),
      crps: rowCrps.reduce((sum, score) => sum + (Number.isNaN(score) ? 0 : score / rowCount), 0),
      nll: -logDensity,
      coverage: levels.map((level) => {
        const observed = coverage(z, level);
        return { level, observed, ...wilsonInterval(observed, rowCount) };
      }),
      miscalibrationArea: miscalibrationArea(z),
      standardDeviationScale: scale,
    },
    scale,
    rowCrps,
    heldOut,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}
