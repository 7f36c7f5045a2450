import type { TargetParameter } from '@athanor/schema';
import type { ScopedTarget } from '../compute/matrix/locateTargets.ts';
import type { Database } from '../store/database.ts';
import { fromJson } from '../store/json.ts';
import { formatId } from '../store/recordId.ts';
import { targets } from '../store/repositories/targets.ts';

/** What a matrix needs to know of targets. */
export async function scopedTargets(
  database: Database,
  tenantId: number,
  numbers: readonly number[],
): Promise<ScopedTarget[]> {
  return (await targets.findMany(database, tenantId, numbers)).map((row) => ({
    targetId: formatId('target', row.id),
    name: row.name,
    dataColumnId: row.dataColumnId,
    parameters: fromJson<TargetParameter[]>(row.parameters) ?? [],
  }));
}
