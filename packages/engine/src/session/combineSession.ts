import type { LeaderboardEntry, OutOfFoldPredictions, TargetMetrics, Warning } from '@athanor/schema';
import { encodeSessionModel, type ModelTarget, type SessionModel } from '../artifact/sessionModel.ts';
import { EngineError } from '../engineError.ts';
import { constantModel } from '../models/constant.ts';
import { takeInputRows } from '../models/inputs.ts';
import { findModel } from '../models/registry.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { rmse } from '../scores/rmse.ts';
import { chooseDefault, type DefaultChoice, type JudgedModel } from '../selection/chooseDefault.ts';
import {
  heldOutLevel,
  scoreOutOfFold,
  type HeldOutFold,
  type OutOfFoldScores,
} from '../selection/scoreOutOfFold.ts';
import { takeRows, type NumericColumn } from '../table/column.ts';
import type { BuildPlan, TargetPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';
import { describeInputs } from './describeInputs.ts';
import { fitParts, foldRows } from './foldRows.ts';
import { resolveSpec } from './resolveSpec.ts';
import { sessionInputs, type SessionInputs } from './sessionInputs.ts';
import type { BuiltModel, FailedModel, SessionOutcome } from './sessionOutcome.ts';
import type { PartResult, TaskResult } from './taskResult.ts';

type FullResult = Extract<PartResult, { readonly part: { type: 'full' } }>;

/** A model on a target: fitted and judged, or why not. */
interface Verdict {
  readonly full: FullResult;
  readonly scores: OutOfFoldScores;
  readonly fitSeconds: number;
  readonly warnings: readonly Warning[];
}

/**
 * Judges the fits of a build and makes its models: calibrates every model on rows it was not fitted to, ranks them,
 * chooses the default, and writes the artifacts. The order of `results` makes no difference. A task without a result
 * counts as failed; a model that failed on one target, or was not wanted for it, still predicts the others.
 *
 * @param provenance kept in the artifacts, e.g. the hash of the data and the version of the program
 * @throws EngineError with code BUILD_FAILED when no model can predict any target
 */
export function combineSession(
  request: BuildRequest,
  plan: BuildPlan,
  results: readonly TaskResult[],
  provenance: { readonly [name: string]: string } = {},
): SessionOutcome {
  const session = sessionInputs(request.table, plan.inputs);
  const values = plan.targets.map((target) => {
    const { column } = requireColumn(request.table, target.key, 'targets');
    return takeRows(column as NumericColumn, target.rows).values;
  });
  const resultOf = new Map(results.map((result) => [result.taskId, result]));
  const failed: FailedModel[] = [];
  const verdicts = plan.models.map((model, m) =>
    plan.targets.map((target, t) => {
      const tasks = plan.tasks.filter((task) => task.model === m && task.target === t);
      // Not a failure: the model was not wanted for this target.
      if (tasks.length === 0) return null;
      const found = tasks.map((task) => resultOf.get(task.id));
      const verdict = judge(target, values[t]!, found);
      if (typeof verdict !== 'string') return verdict;
      failed.push({ name: model.name, target: target.key, reason: verdict });
      return null;
    }),
  );
  if (verdicts.every((row) => row.every((verdict) => verdict === null)))
    throw new EngineError(
      'BUILD_FAILED',
      `no model could be built: ${failed.map(({ name, target, reason }) => `${name} for ${target}: ${reason}`).join('; ')}`,
    );

  const baselines = plan.targets.map((target, t) => judgeMean(session, target, values[t]!));
  const complete = plan.models.flatMap((_, m) => (verdicts[m]!.includes(null) ? [] : [m]));
  const choice = choose(plan, verdicts, baselines, complete);
  const defaultIndex = choice === null ? null : complete[choice.model]!;
  const failures = failed.map(({ name, target, reason }): Warning => ({
    code: 'model_failed',
    message: `${name} could not be built for ${target}: ${reason}.`,
    column: target,
  }));
  return {
    metrics: {
      defaultModel: defaultIndex === null ? null : plan.models[defaultIndex]!.name,
      defaultReason: choice?.reason ?? 'No model predicts every target.',
      targets: plan.targets.map((target, t) =>
        describeTarget(
          plan,
          target,
          values[t]!,
          verdicts.map((row) => row[t]!),
          defaultIndex,
          choice?.hasNoSignal[t] ?? false,
          failures.filter(({ column }) => column === target.key),
        ),
      ),
    },
    models: plan.models.flatMap((_, m) => build(request, plan, session, m, verdicts[m]!, values, provenance)),
    failed,
    warnings: [...plan.warnings, ...failures],
  };
}

/** Puts the parts of one model on one target together; a sentence instead when something is missing. */
function judge(
  target: TargetPlan,
  y: Float64Array,
  found: readonly (TaskResult | undefined)[],
): Verdict | string {
  const failure = found.find((result) => result?.failure)?.failure;
  if (failure) return failure.message;
  const done = found.flatMap((result) => result?.parts ?? []);
  const wanted = fitParts(target);
  // In the order of the plan, whatever order they came in.
  const parts = wanted.map((part) => done.find((one) => isSamePart(one.part, part)));
  if (parts.includes(undefined)) return 'one of its fits did not finish';
  const present = parts as PartResult[];
  const folds = present.flatMap((result): HeldOutFold[] =>
    'posterior' in result
      ? [
          {
            repeat: result.part.repeat,
            rows: foldRows(target, result.part).heldOut,
            posterior: result.posterior,
          },
        ]
      : [],
  );
  const scores = scoreOutOfFold(folds, y);
  const { coverage: _, ...numbers } = scores.metrics;
  if (!Object.values(numbers).every((value) => value === null || Number.isFinite(value)))
    return 'its scores are not finite numbers';
  return {
    full: present.find((result) => 'fitted' in result)!,
    scores,
    fitSeconds: present.reduce((sum, { seconds }) => sum + seconds, 0),
    warnings: mergeWarnings(present.flatMap(({ warnings }) => warnings)),
  };
}

function isSamePart(a: PartResult['part'], b: PartResult['part']): boolean {
  if (a.type === 'full' || b.type === 'full') return a.type === b.type;
  return a.repeat === b.repeat && a.fold === b.fold;
}

/** The same complaint from several folds is one complaint. */
function mergeWarnings(warnings: readonly Warning[]): Warning[] {
  const byKind = new Map<string, Warning>();
  for (const warning of warnings) {
    const kind = JSON.stringify([warning.code, warning.column]);
    if (!byKind.has(kind)) byKind.set(kind, warning);
  }
  return [...byKind.values()];
}

/** Scores of the mean of the data on the same folds: what every model is compared with. */
function judgeMean(session: SessionInputs, target: TargetPlan, y: Float64Array): OutOfFoldScores {
  const inputs = takeInputRows(session.inputs, target.rows);
  const folds = fitParts(target).flatMap((part): HeldOutFold[] => {
    if (part.type === 'full') return [];
    const { training, heldOut } = foldRows(target, part);
    const data = {
      inputs: takeInputRows(inputs, training),
      y: Float64Array.from(training, (i) => y[i]!),
      groups: training.map((i) => target.groups[i]!),
    };
    const { fitted } = constantModel.fit(data, {}, createGenerator(0));
    const posterior = constantModel.predict(fitted, takeInputRows(inputs, heldOut));
    return [{ repeat: part.repeat, rows: heldOut, posterior }];
  });
  return scoreOutOfFold(folds, y);
}

function choose(
  plan: BuildPlan,
  verdicts: readonly (readonly (Verdict | null)[])[],
  baselines: readonly OutOfFoldScores[],
  complete: readonly number[],
): DefaultChoice | null {
  if (complete.length === 0) return null;
  const models = complete.map((m): JudgedModel => {
    const { name, kind } = plan.models[m]!;
    return {
      name,
      simplicity: findModel(kind).simplicity,
      isBaseline: kind === constantModel.kind,
      rowCrps: verdicts[m]!.map((verdict) => verdict!.scores.rowCrps),
    };
  });
  const targets = plan.targets.map(({ groups, groupCount }, t) => ({
    groups,
    groupCount,
    baseline: baselines[t]!.rowCrps,
  }));
  return chooseDefault(models, targets);
}

function describeTarget(
  plan: BuildPlan,
  target: TargetPlan,
  y: Float64Array,
  verdicts: readonly (Verdict | null)[],
  defaultIndex: number | null,
  hasNoSignal: boolean,
  failures: readonly Warning[],
): TargetMetrics {
  const leaderboard = verdicts
    .flatMap((verdict, m) => (verdict === null ? [] : [{ verdict, m }]))
    .sort((a, b) => a.verdict.scores.metrics.crps - b.verdict.scores.metrics.crps || a.m - b.m)
    .map(({ verdict, m }, position): LeaderboardEntry => {
      const { name, kind } = plan.models[m]!;
      const metrics = { ...verdict.scores.metrics, fitSeconds: verdict.fitSeconds };
      return { model: name, kind, rank: position + 1, isDefault: m === defaultIndex, metrics };
    });
  const mean = y.reduce((sum, value) => sum + value / y.length, 0);
  const spread = rmse(new Float64Array(y.length).fill(mean), y);
  const fitWarnings = verdicts.flatMap((verdict, m) =>
    (verdict?.warnings ?? []).map((warning) => ({
      ...warning,
      message: `${plan.models[m]!.name}: ${warning.message}`,
    })),
  );
  const noSignal: Warning[] = hasNoSignal
    ? [
        {
          code: 'no_signal',
          message:
            `No signal found for ${target.key}: on rows it has not seen, the default model is not better than ` +
            'the mean of the data by more than one standard error.',
          column: target.key,
        },
      ]
    : [];
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
    warnings: [...target.warnings, ...noSignal, ...failures, ...fitWarnings],
  };
}

/** The artifact of a model, with the targets it can predict; none when it failed on all. */
function build(
  request: BuildRequest,
  plan: BuildPlan,
  session: SessionInputs,
  m: number,
  verdicts: readonly (Verdict | null)[],
  values: readonly Float64Array[],
  provenance: { readonly [name: string]: string },
): BuiltModel[] {
  const targets = verdicts.flatMap((verdict, t): ModelTarget[] => {
    if (verdict === null) return [];
    const { key, unit } = plan.targets[t]!;
    const { full, scores } = verdict;
    return [{ key, unit, fitted: full.fitted, scale: scores.scale, widestSd: full.widestSd * scores.scale }];
  });
  if (targets.length === 0) return [];
  const { name, kind, spec } = plan.models[m]!;
  const algorithm = findModel(kind);
  const spareInputs =
    algorithm.spareInputs?.(resolveSpec(algorithm, spec, `models/${m}/spec`, session.inputs.columns)) ?? [];
  const model: SessionModel = {
    kind,
    name,
    inputs: describeInputs(request.table, plan, spareInputs),
    otherColumns: request.table.variables.map(({ key }) => key).filter((key) => !plan.inputs.includes(key)),
    closure: session.closure,
    targets,
    provenance: { ...provenance, seed: String(plan.seed), question: plan.question },
  };
  const outOfFold = verdicts.flatMap((verdict, t) =>
    verdict === null ? [] : [describeHeldOut(plan.targets[t]!, values[t]!, verdict.scores)],
  );
  return [{ name, artifact: encodeSessionModel(model), outOfFold }];
}

/** The rows that were held out, with what was measured and what was predicted then. */
function describeHeldOut(target: TargetPlan, y: Float64Array, scores: OutOfFoldScores): OutOfFoldPredictions {
  const { mean, standardDeviation, lower, upper } = scores.heldOut;
  const held = Array.from(mean.keys()).filter((i) => !Number.isNaN(mean[i]!));
  const pick = (values: Float64Array): number[] => held.map((i) => values[i]!);
  return {
    target: target.key,
    unit: target.unit,
    level: heldOutLevel,
    rows: held.map((i) => target.rows[i]! + 1),
    measured: pick(y),
    mean: pick(mean),
    standardDeviation: pick(standardDeviation),
    lower: pick(lower),
    upper: pick(upper),
  };
}
