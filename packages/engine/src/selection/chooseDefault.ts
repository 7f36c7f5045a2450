import { pairedDifference } from './pairedDifference.ts';

/** A target as the choice sees it. */
export interface JudgedTarget {
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** CRPS of each row when its fold is predicted by the mean of the others [n]; NaN where it was never held out. */
  readonly baseline: Float64Array;
}

/** A model with results for every target. */
export interface JudgedModel {
  readonly name: string;
  readonly simplicity: number;
  /** Whether it is the mean itself, which is chosen only when nothing does better. */
  readonly isBaseline: boolean;
  /** Calibrated out-of-fold CRPS of each row, one array a target. */
  readonly rowCrps: readonly Float64Array[];
}

export interface DefaultChoice {
  /** Index of the model. */
  readonly model: number;
  /** Why, in one sentence. */
  readonly reason: string;
}

/**
 * Chooses the model that answers when none is named: the simplest within one standard error of the lowest CRPS
 * (L. Breiman et al., Classification and Regression Trees, 1984, section 3.4.3). Over several targets CRPS is taken
 * relative to that of the mean, and averaged; the standard error is the mean of theirs, as if targets went together.
 *
 * @param models at least one
 */
export function chooseDefault(
  models: readonly JudgedModel[],
  targets: readonly JudgedTarget[],
): DefaultChoice {
  const units = targets.map(({ baseline }) => meanScore(baseline));
  const scores = models.map((model) => relativeScore(model.rowCrps, targets));
  const best = scores.indexOf(Math.min(...scores));
  const behind = models.map(({ rowCrps }) => relativeDifference(rowCrps, models[best]!.rowCrps, targets));
  let chosen = best;
  if (!models[best]!.isBaseline)
    models.forEach((model, m) => {
      const isClose = behind[m]!.difference <= behind[m]!.standardError;
      if (!model.isBaseline && isClose && model.simplicity < models[chosen]!.simplicity) chosen = m;
    });

  return { model: chosen, reason: reasonFor() };

  function reasonFor(): string {
    const name = models[chosen]!.name;
    if (models.length === 1) return `${name} is the only model that predicts every target.`;
    // One target has a unit to speak of; several are compared by their share of the mean's CRPS.
    const isSingle = targets.length === 1;
    const show = (value: number): string => (isSingle ? value * units[0]! : value).toPrecision(3);
    const measure = isSingle ? 'CRPS' : 'CRPS relative to the mean of the data';
    if (models[best]!.isBaseline)
      return `No model has a lower ${measure} than ${name} (${show(scores[best]!)}).`;
    if (chosen === best) return `${name} has the lowest out-of-fold ${measure} (${show(scores[best]!)}).`;
    return (
      `${name} is the simplest model whose out-of-fold ${measure} (${show(scores[chosen]!)}) lies within one ` +
      `standard error (${show(behind[chosen]!.standardError)}) of the lowest, ${models[best]!.name} ` +
      `(${show(scores[best]!)}).`
    );
  }
}

/** By how much the first has a higher CRPS than the second, in units of that of the mean, and its standard error. */
export function relativeDifference(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  targets: readonly JudgedTarget[],
): { readonly difference: number; readonly standardError: number } {
  const pairs = targets.map(({ groups, groupCount }, t) =>
    pairedDifference(first[t]!, second[t]!, groups, groupCount),
  );
  const units = targets.map(({ baseline }) => meanScore(baseline));
  return {
    difference: meanOf(pairs, (pair, t) => pair.difference / units[t]!),
    standardError: meanOf(pairs, (pair, t) => pair.standardError / units[t]!),
  };
}

/** Mean over targets of the CRPS of rows [n], one array a target, in units of that of the mean. */
export function relativeScore(rowCrps: readonly Float64Array[], targets: readonly JudgedTarget[]): number {
  return meanOf(targets, ({ baseline }, t) => meanScore(rowCrps[t]!) / meanScore(baseline));
}

function meanScore(rowCrps: Float64Array): number {
  const present = rowCrps.filter((score) => !Number.isNaN(score));
  return present.reduce((sum, score) => sum + score / present.length, 0);
}

function meanOf<T>(items: readonly T[], value: (item: T, index: number) => number): number {
  return items.reduce((sum, item, i) => sum + value(item, i) / items.length, 0);
}
