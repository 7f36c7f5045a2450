import type { OutOfFoldTarget } from '@athanor/schema';
import { momentsOf, valuesAt } from '../posteriors/operations.ts';
import { widenPosterior } from '../posteriors/widenPosterior.ts';
import { halfWidth } from '../selection/calibration.ts';
import { timesHeldOut } from '../selection/timesHeldOut.ts';
import type { TargetPlan } from './buildPlan.ts';
import type { Verdict } from './verdict.ts';

/** Nominal coverage of the intervals kept for plots. */
const level = 0.9;

/**
 * What a model said of rows it was not fitted to, for plots of predicted against measured values: means over repeats,
 * calibrated by the rows outside each fold, in the order of the table. Rows are numbered from 1 as a reader of the table
 * counts them; rows that were never held out are absent.
 *
 * @param y of the target's rows [n]
 */
export function outOfFoldPredictions(target: TargetPlan, y: Float64Array, verdict: Verdict): OutOfFoldTarget {
  const { folds, scores } = verdict;
  const times = timesHeldOut(folds, y.length);
  const sums = Array.from({ length: 4 }, () => new Float64Array(y.length));
  const [mean, standardDeviation, lower, upper] = sums as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  folds.forEach(({ rows, posterior }, f) => {
    const calibration = scores.outside[f]!;
    const calibrated = widenPosterior(posterior, calibration.scale);
    const moments = momentsOf(calibrated);
    const width = halfWidth(calibration, level);
    const low = valuesAt(calibrated, -width);
    const high = valuesAt(calibrated, width);
    rows.forEach((i, r) => {
      const share = 1 / times[i]!;
      mean[i]! += moments.mean[r]! * share;
      standardDeviation[i]! += moments.measurementSd[r]! * share;
      lower[i]! += low[r]! * share;
      upper[i]! += high[r]! * share;
    });
  });
  const positions = Array.from(y.keys())
    .filter((i) => times[i]! > 0)
    .sort((a, b) => target.rows[a]! - target.rows[b]!);
  const take = (values: Float64Array): number[] => positions.map((i) => values[i]!);
  return {
    target: target.key,
    unit: target.unit,
    level,
    rows: positions.map((i) => target.rows[i]! + 1),
    measured: take(y),
    mean: take(mean),
    standardDeviation: take(standardDeviation),
    lower: take(lower),
    upper: take(upper),
  };
}
