import type { Database } from '../store/database.ts';
import { fromJson } from '../store/json.ts';
import type { BuildRow } from '../store/repositories/builds.ts';
import { modelSessions } from '../store/repositories/modelSessions.ts';

/** Whether a session's default model is the one that answers only until its build has ended. */
export async function hasProvisionalDefault(
  transaction: Database,
  { tenantId, sessionId }: Pick<BuildRow, 'tenantId' | 'sessionId'>,
): Promise<boolean> {
  if (sessionId === null) return false;
  const session = await modelSessions.find(transaction, tenantId, sessionId);
  const registry = fromJson<{ Metrics?: { isProvisional?: unknown } }>(session?.registry ?? null);
  return registry?.Metrics?.isProvisional === true;
}
