import { constantModel } from '../models/constant.ts';
import { findModel } from '../models/registry.ts';
import {
  chooseDefault,
  relativeDifference,
  relativeScore,
  type JudgedTarget,
} from '../selection/chooseDefault.ts';
import { hasFiniteScores } from '../selection/hasFiniteScores.ts';
import type { OutOfFoldScores } from '../selection/scoreOutOfFold.ts';
import type { ModelRequest } from './buildRequest.ts';
import { judgeChoice, type ChoiceCandidate } from './judgeChoice.ts';
import type { Verdict } from './verdict.ts';

/** The model of a session that answers when none is named. */
export interface SessionDefault {
  /** Index of the model. */
  readonly model: number;
  /** Why, in one sentence. */
  readonly reason: string;
  /** Scores a target with the choice made anew for every fold; null where the model's own are that already. */
  readonly corrected: readonly OutOfFoldScores[] | null;
}

/** Where no model beats the mean of the data an ensemble must do so by this share of its CRPS. */
const leastGain = 0.01;

/**
 * A single model is chosen when it scores better by this many standard errors: mixing is the safer bet, and of tables
 * where one standard error says otherwise new rows agree with the mixture in the mean (decision 0035).
 */
const certainty = 2;

/**
 * Chooses among the models that predict every target: the ensemble, unless choosing a single model scores better by more
 * than two standard errors, both judged on rows that had no part in the weights or the choice. Where the single model would
 * be the mean of the data, the ensemble must beat it by one percent.
 *
 * @param verdicts by model and target
 * @param values of each target's rows
 */
export function chooseSessionDefault(
  models: readonly ModelRequest[],
  verdicts: readonly (readonly (Verdict | null)[])[],
  targets: readonly JudgedTarget[],
  values: readonly Float64Array[],
): SessionDefault | null {
  const complete = models.flatMap((_, m) => (verdicts[m]!.includes(null) ? [] : [m]));
  const mixed = complete.find((m) => models[m]!.kind === 'ensemble');
  const singles = complete.filter((m) => m !== mixed);
  if (singles.length === 0)
    return mixed === undefined
      ? null
      : {
          model: mixed,
          reason: `No other model than ${models[mixed]!.name} predicts every target.`,
          corrected: null,
        };

  const describe = (m: number) => {
    const { name, kind } = models[m]!;
    const isBaseline = kind === constantModel.kind;
    return { name, isBaseline, simplicity: kind === 'ensemble' ? Infinity : findModel(kind).simplicity };
  };
  const choice = chooseDefault(
    singles.map((m) => ({
      ...describe(m),
      rowCrps: verdicts[m]!.map((verdict) => verdict!.scores.rowCrps),
    })),
    targets,
  );
  const single = { model: singles[choice.model]!, reason: choice.reason };
  if (singles.length === 1 && mixed === undefined) return { ...single, corrected: null };
  const corrected = targets.map((target, t) =>
    judgeChoice(
      singles.map((m): ChoiceCandidate => ({ ...describe(m), verdict: verdicts[m]![t]! })),
      target,
      values[t]!,
    ),
  );
  if (!corrected.every(hasFiniteScores)) return { ...single, corrected: null };
  if (mixed === undefined) return { ...single, corrected };
  const rowCrps = corrected.map((scores) => scores.rowCrps);
  const mixedCrps = verdicts[mixed]!.map((verdict) => verdict!.scores.rowCrps);
  const singleScore = relativeScore(rowCrps, targets);
  const ensembleScore = relativeScore(mixedCrps, targets);
  const isBaseline = models[single.model]!.kind === constantModel.kind;
  const { difference, standardError } = relativeDifference(rowCrps, mixedCrps, targets);
  const keepsSingle = isBaseline
    ? !(ensembleScore < (1 - leastGain) * singleScore)
    : difference < -certainty * standardError;
  if (keepsSingle) return { ...single, corrected };
  const gain = Math.round(100 * (1 - ensembleScore / singleScore));
  const { name } = models[mixed]!;
  // The leaderboard may show the winner ahead: there it is judged by the rows it won on.
  const other = `picking the best single model, here ${models[single.model]!.name}`;
  return {
    model: mixed,
    reason:
      (gain > 0
        ? `${name} has a CRPS ${gain} % lower than ${other}, `
        : `The CRPS of ${name} lies within two standard errors of that of ${other}, `) +
      'judged on rows that had no part in weights or pick.',
    corrected: null,
  };
}
