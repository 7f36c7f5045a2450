import type { OutOfFoldPredictions } from '@athanor/schema';
import { momentsOf, valuesAt, zScoresOf } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { halfWidth } from '../selection/calibration.ts';
import type { TargetPlan } from './buildPlan.ts';
import type { Verdict } from './verdict.ts';

/** Nominal coverage of the intervals kept for plots. */
const level = 0.9;
/** A z-score beyond this counts as this: posteriors may rule a measurement out altogether. */
const largestZ = 10;

/**
 * What a model said of rows while they were held out, in the order of the table, each from the first repeat that holds it
 * out: one honest prediction a row, not a mean of several. Calibrated by the rows outside the fold.
 *
 * @param y of the target's rows [n]
 */
export function outOfFoldPredictions(
  target: TargetPlan,
  y: Float64Array,
  { folds, scores }: Verdict,
): OutOfFoldPredictions {
  const blank = (): Float64Array => new Float64Array(y.length).fill(NaN);
  const columns = {
    mean: blank(),
    standardDeviation: blank(),
    zScores: blank(),
    lower: blank(),
    upper: blank(),
  };
  folds.forEach(({ rows, posterior }, f) => {
    if (rows.every((i) => !Number.isNaN(columns.mean[i]!))) return;
    const calibration = scores.outside[f]!;
    const calibrated = widenPosterior(posterior, calibration.scale);
    const { mean, measurementSd } = momentsOf(calibrated);
    const width = halfWidth(calibration, level);
    const z = zScoresOf(
      calibrated,
      Float64Array.from(rows, (i) => y[i]!),
    );
    const lower = valuesAt(calibrated, -width);
    const upper = valuesAt(calibrated, width);
    rows.forEach((i, r) => {
      if (!Number.isNaN(columns.mean[i]!)) return;
      columns.mean[i] = mean[r]!;
      columns.standardDeviation[i] = measurementSd[r]!;
      columns.zScores[i] = Math.min(largestZ, Math.max(-largestZ, z[r]!));
      columns.lower[i] = lower[r]!;
      columns.upper[i] = upper[r]!;
    });
  });
  const held = Array.from(y.keys())
    .filter((i) => !Number.isNaN(columns.mean[i]!))
    .sort((a, b) => target.rows[a]! - target.rows[b]!);
  const pick = (values: Float64Array): number[] => held.map((i) => values[i]!);
  return {
    target: target.key,
    unit: target.unit,
    level,
    rows: held.map((i) => target.rows[i]! + 1),
    measured: pick(y),
    mean: pick(columns.mean),
    standardDeviation: pick(columns.standardDeviation),
    zScores: pick(columns.zScores),
    lower: pick(columns.lower),
    upper: pick(columns.upper),
  };
}
