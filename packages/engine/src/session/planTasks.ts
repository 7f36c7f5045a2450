import { findModel } from '../models/registry.ts';
import type { FitPart, FitTask, TargetPlan } from './buildPlan.ts';
import type { ModelRequest } from './buildRequest.ts';
import { fitParts } from './foldRows.ts';

/** Fits that take less than this altogether are one task. */
const cheapSeconds = 0.5;
/** Aim for tasks of folds that take about this long: long against starting a task, short against a build. */
const chunkSeconds = 2;

/**
 * The tasks of a build, most useful first: the cheap models with everything, cheapest first, so that something can
 * predict within a moment; then the fits of the dear models on all rows; then their folds.
 *
 * @param inputCounts encoded inputs, for estimates
 */
export function planTasks(
  models: readonly ModelRequest[],
  targets: readonly TargetPlan[],
  inputCount: number,
): FitTask[] {
  const staged: { stage: number; task: FitTask }[] = [];
  targets.forEach((plan, target) => {
    models.forEach(({ kind, targets: own }, model) => {
      // Made of the others once they have landed.
      if (kind === 'ensemble') return;
      if (own !== undefined && !own.includes(plan.key)) return;
      const algorithm = findModel(kind);
      const parts = fitParts(plan);
      const perFit = algorithm.estimateFitSeconds(plan.rows.length, inputCount);
      const add = (stage: number, index: number, some: readonly FitPart[], after: string | null): string => {
        const id = `${target}/${model}/${index}`;
        const task = { id, model, target, parts: some, after, estimatedSeconds: some.length * perFit };
        staged.push({ stage, task });
        return id;
      };
      if (parts.length * perFit < cheapSeconds) {
        add(0, 0, parts, null);
        return;
      }
      const full = add(1, 0, parts.slice(0, 1), null);
      // Without a warm start there is nothing to wait for.
      const after = algorithm.warmStart === undefined ? null : full;
      const chunk = Math.max(1, Math.round(chunkSeconds / perFit));
      for (let start = 1, index = 1; start < parts.length; start += chunk, index++)
        add(2, index, parts.slice(start, start + chunk), after);
    });
  });
  return staged
    .sort(
      (a, b) =>
        a.stage - b.stage ||
        (a.stage < 2 ? a.task.estimatedSeconds - b.task.estimatedSeconds : 0) ||
        a.task.target - b.task.target ||
        a.task.model - b.task.model,
    )
    .map(({ task }) => task);
}
