import { type BuildPlan, type BuildRequest, decodePlan, decodeTable, type Table } from '@athanor/engine';
import type { BuildOrder } from '../../compute/buildOrder.ts';
import type { BlobStore } from '../../store/blobs/blobStore.ts';
import { useArithmetic } from '../useArithmetic.ts';

interface LoadedBuild {
  readonly request: BuildRequest;
  readonly plan: BuildPlan;
}

/** Tasks of one build follow each other, so the last one's table and plan are usually those of the next. */
let last: { readonly key: string; readonly table: Table; readonly plan: BuildPlan } | null = null;

/** Table and plan of a build, as the plan job left them; the arithmetic of the process is that of the build from now on. */
export async function loadBuild(
  blobs: BlobStore,
  { order, tableHash, planHash }: { order: BuildOrder; tableHash: string; planHash: string },
): Promise<LoadedBuild> {
  useArithmetic(order.arithmetic);
  const key = `${tableHash} ${planHash}`;
  if (last?.key !== key) {
    const table = decodeTable(await blobs.read(tableHash));
    const plan = decodePlan(await blobs.read(planHash));
    last = { key, table, plan };
  }
  return { request: { table: last.table, ...order }, plan: last.plan };
}
