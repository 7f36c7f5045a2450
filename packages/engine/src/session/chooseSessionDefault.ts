import { constantModel } from '../models/constant.ts';
import { findModel } from '../models/registry.ts';
import { chooseDefault, relativeScore, type JudgedTarget } from '../selection/chooseDefault.ts';
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

/** An ensemble must be this much better than the best single model to be worth being less plain. */
const leastGain = 0.01;

/**
 * Chooses among the models that predict every target: the ensemble where its score is more than one percent better than
 * that of choosing a single model, both judged on rows that had no part in the weights or the choice.
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
  const ensembleScore =
    mixed === undefined
      ? Infinity
      : relativeScore(
          verdicts[mixed]!.map((verdict) => verdict!.scores.rowCrps),
          targets,
        );
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
  const singleScore = relativeScore(
    corrected.map(({ rowCrps }) => rowCrps),
    targets,
  );
  if (mixed === undefined || !(ensembleScore < (1 - leastGain) * singleScore))
    return { ...single, corrected };
  const gain = Math.round(100 * (1 - ensembleScore / singleScore));
  return {
    model: mixed,
    reason:
      `${models[mixed]!.name} has a CRPS ${gain} % lower than choosing one model, here ${models[single.model]!.name}, ` +
      'both judged on rows that had no part in weights or choice.',
    corrected: null,
  };
}
