import type { Preflight, Warning } from '@athanor/schema';
import { findModel } from '../models/registry.ts';
import { profileTable } from '../table/profileTable.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest } from './buildRequest.ts';
import { listLeftOut } from './listLeftOut.ts';
import { countEncoded, planBuild } from './planBuild.ts';

/** Where a build would run. */
export interface Machine {
  /** Fits that run at once. */
  readonly processors: number;
  /** What a process takes before it has a table. */
  readonly processBytes: number;
}

/** Seconds for reading the table, judging the models and writing them. */
const overheadSeconds = 1;
/** Copies of a table that a fit has at once: cells, rows of the fold, encoded and standardised columns. */
const tableCopies = 8;
const bytesPerCell = 8;

/**
 * What a build would use, do and cost, without a fit: the plan in figures, and everything that looks wrong.
 *
 * @throws EngineError as `planBuild`
 */
export function preflightBuild(request: BuildRequest, machine: Machine): Preflight {
  const plan = planBuild(request);
  return {
    inputs: [...plan.inputs],
    leftOut: listLeftOut(request, plan),
    targets: plan.targets.map(({ key, unit, rows, groupCount, foldCount, repeats }) => ({
      target: key,
      unit,
      rows: rows.length,
      groups: groupCount,
      folds: foldCount,
      repeats: repeats.length,
    })),
    models: plan.models.map(({ name, kind, targets }, m) => {
      const tasks = plan.tasks.filter(({ model }) => model === m);
      return {
        name,
        kind,
        targets: [...(targets ?? request.targets)],
        fits: tasks.reduce((sum, { parts }) => sum + parts.length, 0),
        processorSeconds: tasks.reduce((sum, { estimatedSeconds }) => sum + estimatedSeconds, 0),
      };
    }),
    seconds: estimateSeconds(plan, machine.processors),
    memoryBytes: estimateMemory(request, plan, machine),
    warnings: collectWarnings(request, plan),
  };
}

/** The larger of the work divided by the processors and the longest chain of tasks that wait for each other. */
function estimateSeconds({ tasks }: BuildPlan, processors: number): number {
  const secondsOf = new Map(tasks.map(({ id, estimatedSeconds }) => [id, estimatedSeconds]));
  const chains = tasks.map(
    ({ estimatedSeconds, after }) => estimatedSeconds + (after === null ? 0 : secondsOf.get(after)!),
  );
  const work = tasks.reduce((sum, { estimatedSeconds }) => sum + estimatedSeconds, 0);
  return overheadSeconds + Math.max(work / processors, ...chains);
}

function estimateMemory({ table }: BuildRequest, plan: BuildPlan, machine: Machine): number {
  const columns = countEncoded(table, plan.inputs);
  const fits = plan.tasks.map(({ model, target }) => {
    const rows = plan.targets[target]!.rows.length;
    const { estimateFitBytes } = findModel(plan.models[model]!.kind);
    return tableCopies * rows * columns * bytesPerCell + (estimateFitBytes?.(rows, columns) ?? 0);
  });
  const tableBytes = table.rowCount * table.columns.length * bytesPerCell;
  const atOnce = Math.min(machine.processors, plan.tasks.length);
  return atOnce * (machine.processBytes + tableBytes + Math.max(0, ...fits));
}

/** Of the table and the columns that take part, then of the plan. */
function collectWarnings({ table }: BuildRequest, plan: BuildPlan): Warning[] {
  const taking = new Set([...plan.inputs, ...plan.targets.map(({ key }) => key)]);
  return [
    ...profileTable(table).warnings.filter(({ column }) => column === undefined || taking.has(column)),
    ...plan.warnings,
    ...plan.targets.flatMap(({ warnings }) => warnings),
  ];
}
