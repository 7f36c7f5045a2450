import type { Warning } from '@athanor/schema';
import { encodeSessionModel, type ModelTarget, type SessionModel } from '../artifact/sessionModel.ts';
import { EngineError } from '../engineError.ts';
import { ensemble } from '../models/ensemble.ts';
import { findModel } from '../models/registry.ts';
import { takeInputRows } from '../models/inputs.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { fitApplicability } from '../selection/applicability.ts';
import type { HeldOutFold } from '../selection/heldOutFold.ts';
import { beatsMean } from '../selection/beatsMean.ts';
import type { JudgedTarget } from '../selection/chooseDefault.ts';
import { takeRows, type NumericColumn } from '../table/column.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';
import { chooseSessionDefault, type SessionDefault } from './chooseSessionDefault.ts';
import { describeInputs } from './describeInputs.ts';
import { describeTarget } from './describeTarget.ts';
import { judgeEnsemble, type JudgedCandidate } from './judgeEnsemble.ts';
import { judgeMean } from './judgeMean.ts';
import { judgeModel } from './judgeModel.ts';
import { outOfFoldPredictions } from './outOfFoldPredictions.ts';
import { resolveSpec } from './resolveSpec.ts';
import { sessionInputs, type SessionInputs } from './sessionInputs.ts';
import type { BuiltModel, FailedModel, SessionOutcome } from './sessionOutcome.ts';
import type { TaskResult } from './taskResult.ts';
import type { Verdict } from './verdict.ts';

/**
 * Judges the fits of a build and makes its models: calibrates every model on rows it was not fitted to, weighs the
 * ensemble, ranks them, chooses the default, and writes the artifacts. The order of `results` makes no difference. A
 * task without a result counts as failed; a model that failed on one target, or was not wanted for it, still predicts
 * the others.
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
  const { verdicts, failed } = judgeModels(plan, values, results);
  if (verdicts.every((row) => row.every((verdict) => verdict === null)))
    throw new EngineError(
      'BUILD_FAILED',
      `no model could be built: ${failed.map(({ name, target, reason }) => `${name} for ${target}: ${reason}`).join('; ')}`,
    );
  addEnsemble(plan, session, values, verdicts, failed);

  const targets = plan.targets.map((target, t): JudgedTarget => ({
    groups: target.groups,
    groupCount: target.groupCount,
    baseline: judgeMean(session.inputs, target, values[t]!).rowCrps,
  }));
  const choice = chooseSessionDefault(plan.models, verdicts, targets, values);
  const failures = failed.map(({ name, target, reason }): Warning => ({
    code: 'model_failed',
    message: `${name} could not be built for ${target}: ${reason}.`,
    column: target,
  }));
  return {
    metrics: {
      isProvisional: false,
      defaultModel: choice === null ? null : plan.models[choice.model]!.name,
      defaultReason: choice?.reason ?? 'No model predicts every target.',
      targets: plan.targets.map((target, t) =>
        describeTarget(target, values[t]!, {
          models: plan.models,
          verdicts: verdicts.map((row) => row[t]!),
          defaultModel: choice?.model ?? null,
          corrected: choice?.corrected?.[t]?.metrics ?? null,
          hasSignal: choice === null || hasSignal(choice, verdicts, targets, t),
          failures: failures.filter(({ column }) => column === target.key),
        }),
      ),
    },
    models: plan.models.flatMap((_, m) => build(request, plan, session, m, values, verdicts[m]!, provenance)),
    failed,
    warnings: [...plan.warnings, ...failures],
  };
}

/** Verdicts by model and target; null where a model was not wanted or failed. */
function judgeModels(
  plan: BuildPlan,
  values: readonly Float64Array[],
  results: readonly TaskResult[],
): { verdicts: (Verdict | null)[][]; failed: FailedModel[] } {
  const resultOf = new Map(results.map((result) => [result.taskId, result]));
  const failed: FailedModel[] = [];
  const verdicts = plan.models.map(({ name }, m) =>
    plan.targets.map((target, t) => {
      const tasks = plan.tasks.filter((task) => task.model === m && task.target === t);
      // Not a failure: the model was not wanted for this target.
      if (tasks.length === 0) return null;
      const found = tasks.map((task) => resultOf.get(task.id));
      const verdict = judgeModel(target, values[t]!, found);
      if (typeof verdict !== 'string') return verdict;
      failed.push({ name, target: target.key, reason: verdict });
      return null;
    }),
  );
  return { verdicts, failed };
}

/** Where the plan has an ensemble, its verdicts from those of the others. */
function addEnsemble(
  plan: BuildPlan,
  session: SessionInputs,
  values: readonly Float64Array[],
  verdicts: (Verdict | null)[][],
  failed: FailedModel[],
): void {
  const own = plan.models.findIndex(({ kind }) => kind === ensemble.kind);
  if (own < 0) return;
  const { name, targets: wanted } = plan.models[own]!;
  plan.targets.forEach((target, t) => {
    if (wanted !== undefined && !wanted.includes(target.key)) return;
    const candidates = plan.models.flatMap((model, m): JudgedCandidate[] => {
      const verdict = verdicts[m]![t]!;
      return verdict === null || model.kind === 'ensemble'
        ? []
        : [{ kind: model.kind, name: model.name, verdict }];
    });
    const verdict =
      candidates.length === 0
        ? 'there is no model to make it of'
        : judgeEnsemble(session.inputs, target, values[t]!, candidates);
    if (typeof verdict === 'string') failed.push({ name, target: target.key, reason: verdict });
    else verdicts[own]![t] = verdict;
  });
}

function hasSignal(
  { model, corrected }: SessionDefault,
  verdicts: readonly (readonly (Verdict | null)[])[],
  targets: readonly JudgedTarget[],
  t: number,
): boolean {
  const { rowCrps } = corrected?.[t] ?? verdicts[model]![t]!.scores;
  return beatsMean(targets[t]!, rowCrps);
}

/** Mean absolute error of each row over the folds that held it out; NaN for one that never was [n]. */
function absoluteErrors(folds: readonly HeldOutFold[], y: Float64Array): Float64Array {
  const sum = new Float64Array(y.length);
  const count = new Float64Array(y.length);
  for (const { rows, posterior } of folds)
    momentsOf(posterior).mean.forEach((mean, r) => {
      sum[rows[r]!]! += Math.abs(mean - y[rows[r]!]!);
      count[rows[r]!]!++;
    });
  return sum.map((total, i) => total / count[i]!);
}

/** The artifact of a model, with the targets it can predict; none when it failed on all. */
function build(
  request: BuildRequest,
  plan: BuildPlan,
  session: SessionInputs,
  m: number,
  values: readonly Float64Array[],
  verdicts: readonly (Verdict | null)[],
  provenance: { readonly [name: string]: string },
): BuiltModel[] {
  const present = verdicts.flatMap((verdict, t) => (verdict === null ? [] : [{ verdict, t }]));
  if (present.length === 0) return [];
  const { name, kind, spec } = plan.models[m]!;
  const model: SessionModel = {
    kind,
    name,
    inputs: describeInputs(request.table, plan, spareInputs()),
    otherColumns: request.table.variables.map(({ key }) => key).filter((key) => !plan.inputs.includes(key)),
    closure: session.closure,
    targets: present.map(({ verdict, t }): ModelTarget => {
      const { key, unit } = plan.targets[t]!;
      const { fitted, widestSd, scores } = verdict;
      const target = plan.targets[t]!;
      const applicability = fitApplicability(
        takeInputRows(session.inputs, target.rows),
        target.groups,
        target.rows,
        absoluteErrors(verdict.folds, values[t]!),
      );
      return { key, unit, fitted, calibration: scores.calibration, widestSd, applicability };
    }),
    provenance: { ...provenance, seed: String(plan.seed), question: plan.question },
  };
  const outOfFold = present.map(({ verdict, t }) =>
    outOfFoldPredictions(plan.targets[t]!, values[t]!, verdict),
  );
  return [{ name, artifact: encodeSessionModel(model), outOfFold }];

  function spareInputs(): readonly string[] {
    if (kind === 'ensemble') return [];
    const algorithm = findModel(kind);
    return (
      algorithm.spareInputs?.(resolveSpec(algorithm, spec, `models/${m}/spec`, session.inputs.columns)) ?? []
    );
  }
}
