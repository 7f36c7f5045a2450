import { planBuild, type Table } from '@athanor/engine';
import type { BuildForecast } from '@athanor/schema';
import type { BuildWish } from './buildOrder.ts';
import { orderBuild } from './orderBuild.ts';
import type { TableSource } from './tableSource.ts';

/** A forecast as far as the table tells it; how many processes there are is known elsewhere. */
export type PlanForecast = Omit<BuildForecast, 'seconds' | 'memoryMb'> & {
  /** Of one processor, all tasks together. */
  readonly processorSeconds: number;
  /** The longest task and the one it waits for: no number of processes is faster. */
  readonly longestSeconds: number;
};

/**
 * What a build would do, by planning it.
 * @throws EngineError of planning.
 */
export function forecastBuild(table: Table, source: TableSource, wish: BuildWish): PlanForecast {
  const plan = planBuild({ table, ...orderBuild(table, source, wish) });
  const secondsOf = new Map(plan.tasks.map((task) => [task.id, task.estimatedSeconds]));
  return {
    models: plan.models.map(({ name }) => name),
    inputs: [...plan.inputs],
    targets: plan.targets.map(({ key, rows, groupCount, foldCount, repeats }) => ({
      target: key,
      rows: rows.length,
      groups: groupCount,
      folds: foldCount,
      repeats: repeats.length,
    })),
    fits: plan.tasks.reduce((sum, { parts }) => sum + parts.length, 0),
    processorSeconds: plan.tasks.reduce((sum, { estimatedSeconds }) => sum + estimatedSeconds, 0),
    longestSeconds: plan.tasks.reduce(
      (most, { estimatedSeconds, after }) =>
        Math.max(most, estimatedSeconds + (after === null ? 0 : (secondsOf.get(after) ?? 0))),
      0,
    ),
    warnings: [...plan.warnings, ...plan.targets.flatMap(({ warnings }) => warnings)],
  };
}
