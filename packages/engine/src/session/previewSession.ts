import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { combineSession } from './combineSession.ts';
import type { SessionOutcome } from './sessionOutcome.ts';
import type { TaskResult } from './taskResult.ts';

/**
 * What a session is once one of its models has all of its fits and the others go on: that model alone, so that something
 * can predict soon. Its bytes are those that it will have in the end.
 *
 * @param model index into `plan.models`
 * @throws EngineError with code BUILD_FAILED when the model cannot predict any target
 */
export function previewSession(
  request: BuildRequest,
  plan: BuildPlan,
  results: readonly TaskResult[],
  model: number,
  provenance: { readonly [name: string]: string } = {},
): SessionOutcome {
  const alone: BuildPlan = {
    ...plan,
    models: [plan.models[model]!],
    tasks: plan.tasks.filter((task) => task.model === model).map((task) => ({ ...task, model: 0 })),
  };
  const outcome = combineSession(request, alone, results, provenance);
  return {
    ...outcome,
    metrics: {
      ...outcome.metrics,
      defaultReason: `${plan.models[model]!.name} is the first model that stands; others are being built.`,
      isProvisional: true,
    },
  };
}
