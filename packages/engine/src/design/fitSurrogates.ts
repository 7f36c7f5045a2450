import type { Warning } from '@athanor/schema';
import type { HeldOutErrors } from '../acquisition/heldOutErrors.ts';
import { residualCorrelation } from '../acquisition/residualCorrelation.ts';
import type { Surrogate } from '../acquisition/surrogate.ts';
import { loadSessionModel } from '../artifact/sessionModel.ts';
import { takeInputRows } from '../models/inputs.ts';
import type { PredictorKind } from '../models/predictors.ts';
import { momentsOf, zScoresOf } from '../posteriors/operations.ts';
import type { BuildPlan } from '../session/buildPlan.ts';
import type { ModelRequest } from '../session/buildRequest.ts';
import { requireColumn } from '../session/chooseInputs.ts';
import { combineSession } from '../session/combineSession.ts';
import { fitTask } from '../session/fitTask.ts';
import { foldRows } from '../session/foldRows.ts';
import { planBuild } from '../session/planBuild.ts';
import { sessionInputs } from '../session/sessionInputs.ts';
import type { TaskResult } from '../session/taskResult.ts';
import type { NumericColumn } from '../table/column.ts';
import type { Table } from '../table/table.ts';
import { campaignModel } from './campaignModel.ts';
import type { MeasuredRows } from './designRequest.ts';
import { surrogateOf } from './surrogateOf.ts';

const ensembleKind: PredictorKind = 'ensemble';

/** The models that a design compares when nobody asks for others: smooth, ragged and straight. */
export const designModels: readonly ModelRequest[] = [
  { name: 'Gaussian process', ...campaignModel },
  { name: 'Extra trees', kind: 'extraTrees', spec: null },
  { name: 'Ridge regression', kind: 'ridge', spec: null },
];

/** Calibrated models of some targets, with what they were fitted to. */
export interface FittedSurrogates {
  /** One a target, in their order: the one with the best score on rows it had not seen. */
  readonly surrogates: readonly Surrogate[];
  /** Correlation of standardised out-of-fold errors, dense [targets ^ 2]. */
  readonly errorCorrelation: Float64Array;
  /** Errors on rows held out, of the measured rows, one a target; null where unknown. */
  readonly errors: readonly (HeldOutErrors | null)[];
  readonly measured: MeasuredRows;
  /** Keys of the inputs. */
  readonly inputs: readonly string[];
  /** Which model each target has and how it does, for the log. */
  readonly chosen: readonly {
    readonly target: string;
    readonly model: string;
    readonly r2: number;
    readonly crps: number;
  }[];
  readonly warnings: readonly Warning[];
}

/**
 * Fits models to the targets of a table, calibrates and compares them on rows they have not seen, and keeps the best of
 * each target.
 *
 * @param clock monotonic seconds
 * @param progress called with the share done; may throw to stop
 * @throws EngineError as `planBuild` and `combineSession` do
 */
export function fitSurrogates(
  table: Table,
  targets: readonly string[],
  models: readonly ModelRequest[],
  ignore: readonly string[],
  seed: number,
  clock: () => number,
  progress: (share: number) => void,
): FittedSurrogates {
  const request = { table, targets, models, ignore, group: null, question: 'interpolate' as const, seed };
  const plan = planBuild(request);
  const results = new Map<string, TaskResult>();
  plan.tasks.forEach((task, i) => {
    const before = task.after === null ? undefined : results.get(task.after);
    const start = before?.parts.find((part) => 'fitted' in part)?.fitted ?? null;
    results.set(
      task.id,
      fitTask(request, plan, task, start, clock, () => {}),
    );
    progress((i + 1) / plan.tasks.length);
  });
  const outcome = combineSession(request, plan, [...results.values()]);
  const artifacts = new Map(outcome.models.map(({ name, artifact }) => [name, loadSessionModel(artifact)]));
  const chosen = outcome.metrics.targets.map(({ target, leaderboard }) => {
    const { model, metrics } = leaderboard[0]!;
    return { target, model, r2: metrics.r2, crps: metrics.crps };
  });
  const fittedTargets = chosen.map(({ target, model: name }) => {
    const model = artifacts.get(name)!;
    return { model, target: model.targets.find(({ key }) => key === target)! };
  });
  const session = sessionInputs(table, plan.inputs);
  const used = [...new Set(plan.targets.flatMap(({ rows }) => [...rows]))].sort((a, b) => a - b);
  const rows = Int32Array.from(used);
  const placeOf = new Map(used.map((row, place) => [row, place]));
  const errorsOf = (model: string, t: number): HeldOutErrors =>
    outOfFoldErrors(plan, results, model, t, targetValues(table, plan, t), placeOf);
  // The errors of an ensemble hang together as those of its best member do; their shape is not that of any member.
  const correlated = outcome.metrics.targets.map(
    ({ leaderboard }, t) => errorsOf(leaderboard.find(({ kind }) => kind !== ensembleKind)!.model, t).z,
  );
  const errors = chosen.map(({ model }, t) => {
    const one = fittedTargets[t]!;
    if (one.model.kind === ensembleKind) return null;
    const { y, sd, z } = errorsOf(model, t);
    const { scale } = one.target.calibration;
    return { y, sd: sd.map((value) => value * scale), z: z.map((value) => value / scale) };
  });
  return {
    surrogates: fittedTargets.map(({ model, target }) => surrogateOf(model, target)),
    errorCorrelation: residualCorrelation(correlated),
    errors,
    measured: {
      inputs: takeInputRows(session.inputs, rows),
      targets: plan.targets.map((_, t) => {
        const y = targetValues(table, plan, t);
        return Float64Array.from(rows, (row) => y[row]!);
      }),
      tableRows: rows.map((row) => row + 1),
    },
    inputs: plan.inputs,
    chosen,
    warnings: outcome.warnings,
  };
}

function targetValues(table: Table, plan: BuildPlan, t: number): Float64Array {
  return (requireColumn(table, plan.targets[t]!.key, 'targets').column as NumericColumn).values;
}

/** Errors of a model on rows held out, first repeat, uncalibrated, of the measured rows. */
function outOfFoldErrors(
  plan: BuildPlan,
  results: ReadonlyMap<string, TaskResult>,
  name: string,
  t: number,
  y: Float64Array,
  placeOf: ReadonlyMap<number, number>,
): HeldOutErrors {
  const blank = (): Float64Array => new Float64Array(placeOf.size).fill(NaN);
  const errors = { y: blank(), sd: blank(), z: blank() };
  const target = plan.targets[t]!;
  const m = plan.models.findIndex((model) => model.name === name);
  for (const task of plan.tasks) {
    if (task.target !== t || task.model !== m) continue;
    for (const part of results.get(task.id)!.parts) {
      if (!('posterior' in part) || part.part.repeat !== 0) continue;
      const { heldOut } = foldRows(target, part.part);
      const rows = heldOut.map((i) => target.rows[i]!);
      const measured = Float64Array.from(rows, (row) => y[row]!);
      const z = zScoresOf(part.posterior, measured);
      const sd = momentsOf(part.posterior).measurementSd;
      rows.forEach((row, k) => {
        const place = placeOf.get(row)!;
        errors.y[place] = measured[k]!;
        errors.sd[place] = sd[k]!;
        errors.z[place] = z[k]!;
      });
    }
  }
  return errors;
}
