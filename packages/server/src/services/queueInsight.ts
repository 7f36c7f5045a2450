import type { Queue } from '../jobs/queue.ts';
import type { Database } from '../store/database.ts';
import type { InsightRow } from '../store/repositories/insights.ts';

/** People wait for insights as they do for plans. */
const computePriority = 10;

/** Jobs of one insight are cancelled together. */
export function groupOfInsight(id: number): string {
  return `insight:${id}`;
}

/** Has an insight computed, in the transaction that makes it. */
export async function queueInsight(
  transaction: Database,
  queue: Queue,
  { id, tenantId }: Pick<InsightRow, 'id' | 'tenantId'>,
): Promise<void> {
  await queue.enqueue(transaction, [
    {
      kind: 'computeInsight',
      tenantId,
      group: groupOfInsight(id),
      payload: { insightId: id },
      priority: computePriority,
    },
  ]);
}
