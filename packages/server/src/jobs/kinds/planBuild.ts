import {
  type BuildPlan,
  type BuildRequest,
  describeMolecules,
  encodePlan,
  encodeTable,
  type MoleculeDescriptions,
  planBuild,
  routines,
  tellPlan,
} from '@athanor/engine';
import type { BuildOrder, PlanSummary } from '../../compute/buildOrder.ts';
import { readTypedTable } from '../../compute/readTypedTable.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import { useArithmetic } from '../useArithmetic.ts';

/** Read the table and plan the build. */
export interface PlanWork {
  readonly kind: 'planBuild';
  readonly order: BuildOrder;
  /** What is known of the molecules in the table: a job process may not run RDKit, which makes code from text. */
  readonly molecules: MoleculeDescriptions;
}

export interface PlanAnswer {
  /** The typed table, encoded. */
  readonly table: Uint8Array;
  /** The plan, encoded. */
  readonly plan: Uint8Array;
  readonly summary: PlanSummary;
}

export async function planOneBuild(blobs: BlobStore, { order, molecules }: PlanWork): Promise<PlanAnswer> {
  const table = describeMolecules(await readTypedTable(blobs, order.source), molecules);
  useArithmetic(order.arithmetic);
  const request = { table, ...order };
  const plan = planBuild(request);
  return {
    table: encodeTable(table),
    plan: encodePlan(plan),
    summary: summarize(request, plan),
  };
}

function summarize(request: BuildRequest, plan: BuildPlan): PlanSummary {
  return {
    inputs: plan.inputs,
    group: plan.group,
    tasks: plan.tasks.map(({ parts, ...task }) => ({ ...task, parts: parts.length })),
    targets: plan.targets.map((target) => ({
      key: target.key,
      rows: target.rows.length,
      groups: target.groupCount,
      folds: target.foldCount,
      repeats: target.repeats.length,
    })),
    story: tellPlan(request, plan),
    warnings: [...plan.warnings, ...plan.targets.flatMap((target) => target.warnings)],
    arithmetic: routines().build,
  };
}
