import { EngineError } from '../engineError.ts';
import { takeInputRows } from '../models/inputs.ts';
import type { FitData } from '../models/model.ts';
import { findModel } from '../models/registry.ts';
import type { PlainData } from '../plainData.ts';
import { momentsOf } from '../posteriors/operations.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { takeRows, type NumericColumn } from '../table/column.ts';
import type { BuildPlan, FitPart, FitTask } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { requireColumn } from './chooseInputs.ts';
import { companionData } from './companionData.ts';
import { foldRows } from './foldRows.ts';
import { resolveSpec } from './resolveSpec.ts';
import { sessionInputs } from './sessionInputs.ts';
import type { PartResult, TaskResult } from './taskResult.ts';

/**
 * Does the fits of one task. The result depends on request, plan and task only: not on the order of tasks, nor on
 * which process does them, since every fit draws from a stream of its own.
 *
 * A model that cannot be fitted or predicts something that is no number ends the task with a failure; it is not an
 * error of the build.
 *
 * @param start what the task named in `after` found on all rows; null to start afresh
 * @param clock monotonic seconds
 * @param onPart called after each fit
 */
export function fitTask(
  request: BuildRequest,
  plan: BuildPlan,
  task: FitTask,
  start: PlainData | null,
  clock: () => number,
  onPart: (result: PartResult) => void,
): TaskResult {
  const { name, kind, spec: changes } = plan.models[task.model]!;
  const target = plan.targets[task.target]!;
  // The plan has no tasks for ensembles; this refuses them.
  const model = findModel(kind);
  const { inputs } = sessionInputs(request.table, plan.inputs);
  const spec = resolveSpec(model, changes, `models/${task.model}/spec`, inputs.columns);
  const allInputs = takeInputRows(inputs, target.rows);
  const column = requireColumn(request.table, target.key, 'targets').column as NumericColumn;
  const y = takeRows(column, target.rows).values;
  const streams = createGenerator(plan.seed).split(`target ${target.key}`).split(`model ${name}`);

  let found = start;
  const parts: PartResult[] = [];
  try {
    for (const part of task.parts) {
      const began = clock();
      const { training, heldOut } = foldRows(target, part);
      const companions = companionData(request.table, inputs, target, training, heldOut);
      const data: FitData = {
        inputs: takeInputRows(allInputs, training),
        y: Float64Array.from(training, (i) => y[i]!),
        groups: training.map((i) => target.groups[i]!),
        ...(companions === null ? {} : { companions }),
      };
      const isWarm = part.type === 'fold' && found !== null && model.warmStart !== undefined;
      const begin = isWarm ? model.warmStart!(spec, found!) : spec;
      const { fitted, warnings } = model.fit(data, begin, streams.split(labelOf(part)));
      const predicted = part.type === 'full' ? data.inputs : takeInputRows(allInputs, heldOut);
      const posterior = model.predict(fitted, predicted);
      const widestSd = checkNumbers(posterior);
      const seconds = clock() - began;
      const result: PartResult =
        part.type === 'full'
          ? { part, fitted, widestSd, seconds, warnings }
          : { part, posterior, seconds, warnings };
      if (part.type === 'full') found = fitted;
      parts.push(result);
      onPart(result);
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { taskId: task.id, parts, failure: { code: error.code, message: error.message } };
  }
  return { taskId: task.id, parts, failure: null };
}

function labelOf(part: FitPart): string {
  return part.type === 'full' ? 'full' : `repeat ${part.repeat} fold ${part.fold}`;
}

/** Largest standard deviation of a measurement. @throws EngineError BUILD_FAILED when a number is not finite. */
function checkNumbers(posterior: Posterior): number {
  const { mean, modelSd, measurementSd } = momentsOf(posterior);
  let widest = 0;
  for (let i = 0; i < mean.length; i++) {
    const sd = measurementSd[i]!;
    if (!Number.isFinite(mean[i]!) || !Number.isFinite(modelSd[i]!) || !(sd > 0 && sd < Infinity))
      throw new EngineError('BUILD_FAILED', `its predictions are not finite numbers (${mean[i]} ± ${sd})`);
    if (sd > widest) widest = sd;
  }
  return widest;
}
