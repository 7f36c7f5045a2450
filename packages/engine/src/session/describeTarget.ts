import type { LeaderboardEntry, ModelMetrics, TargetMetrics, Warning } from '@athanor/schema';
import { rmse } from '../scores/rmse.ts';
import type { ModelRequest } from './buildRequest.ts';
import type { TargetPlan } from './buildPlan.ts';
import type { Verdict } from './verdict.ts';

/** What a session found out about one target. */
export interface JudgedSession {
  readonly models: readonly ModelRequest[];
  /** Of each model on this target; null where it has none. */
  readonly verdicts: readonly (Verdict | null)[];
  /** Index of the default model; null without one. */
  readonly defaultModel: number | null;
  /** Scores of the default as it was chosen; null where its own are those already. */
  readonly corrected: Omit<ModelMetrics, 'fitSeconds'> | null;
  readonly hasSignal: boolean;
  readonly failures: readonly Warning[];
}

/** @param y of the target's rows [n] */
export function describeTarget(target: TargetPlan, y: Float64Array, judged: JudgedSession): TargetMetrics {
  const { models, verdicts, defaultModel, corrected } = judged;
  const leaderboard = verdicts
    .flatMap((verdict, m) => {
      if (verdict === null) return [];
      const isCorrected = m === defaultModel && corrected !== null;
      return [{ verdict, m, isCorrected, scores: isCorrected ? corrected : verdict.scores.metrics }];
    })
    .sort((a, b) => a.scores.crps - b.scores.crps || a.m - b.m)
    .map(({ verdict, m, isCorrected, scores }, position): LeaderboardEntry => {
      const { name, kind } = models[m]!;
      const metrics = { ...scores, fitSeconds: verdict.fitSeconds };
      return {
        model: name,
        kind,
        rank: position + 1,
        isDefault: m === defaultModel,
        isCorrectedForChoice: isCorrected || verdict.weights !== null,
        metrics,
        weights: verdict.weights === null ? null : [...verdict.weights],
      };
    });
  const mean = y.reduce((sum, value) => sum + value / y.length, 0);
  const spread = rmse(new Float64Array(y.length).fill(mean), y);
  const fitWarnings = verdicts.flatMap((verdict, m) =>
    (verdict?.warnings ?? []).map((warning) => ({
      ...warning,
      message: `${models[m]!.name}: ${warning.message}`,
    })),
  );
  const noSignal: Warning[] = judged.hasSignal
    ? []
    : [
        {
          code: 'no_signal',
          message:
            `No signal found for ${target.key}: on rows it has not seen, the default model is not better than ` +
            'the mean of the data by more than one standard error.',
          column: target.key,
        },
      ];
  return {
    target: target.key,
    unit: target.unit,
    rows: target.rows.length,
    groups: target.groupCount,
    folds: target.foldCount,
    repeats: target.repeats.length,
    pureError: target.pureError,
    noiseCeilingR2: target.pureError === null ? null : Math.max(0, 1 - (target.pureError / spread) ** 2),
    leaderboard,
    warnings: [...target.warnings, ...noSignal, ...judged.failures, ...fitWarnings],
  };
}
