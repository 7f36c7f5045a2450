import type { BuildLogLine, BuildState, InsightRegistry } from '@athanor/schema';
import type { Database } from '../store/database.ts';
import { fromJson } from '../store/json.ts';
import { type InsightRow, insights } from '../store/repositories/insights.ts';
import { insightText } from '../store/repositories/insightText.ts';
import { toIso } from './clock.ts';
import { formatSeconds } from './formatSeconds.ts';
import { secondsBetween } from './modelEnding.ts';

/** Writes the end of an insight's computation. @returns the record as it is now */
export async function endInsight(
  transaction: Database,
  row: InsightRow,
  now: number,
  changes: Partial<InsightRow> & { readonly state: BuildState },
): Promise<InsightRow> {
  const startTime = row.startTime ?? row.createdAt;
  const fresh: InsightRow = {
    ...row,
    ...changes,
    startTime,
    endTime: toIso(now),
    totalTime: formatSeconds(secondsBetween(startTime, now)),
  };
  await insights.update(transaction, row.tenantId, row.id, fresh);
  await insightText.put(transaction, fresh);
  return fresh;
}

export function registryOf(row: InsightRow): InsightRegistry {
  return fromJson<InsightRegistry>(row.registry) ?? {};
}

/** The registry with one line more in its log. */
export function withLine(
  registry: InsightRegistry,
  now: number,
  line: Omit<BuildLogLine, 'at'>,
): InsightRegistry {
  const lines = (registry.BuildLogs?.['lines'] ?? []) as BuildLogLine[];
  return {
    ...registry,
    BuildLogs: { ...registry.BuildLogs, lines: [...lines, { at: toIso(now), ...line }] },
  };
}
