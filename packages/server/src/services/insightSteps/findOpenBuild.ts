import type { BuildState, Insight } from '@athanor/schema';
import type { Database } from '../../store/database.ts';
import { parseRecordId } from '../../store/recordId.ts';
import { builds } from '../../store/repositories/builds.ts';
import { type ModelRow, models } from '../../store/repositories/models.ts';
import { modelSessions } from '../../store/repositories/modelSessions.ts';

const queued: BuildState = 'Queued';

/**
 * The model or session of an insight, when it is being built or will be as soon as its dataset has data.
 * @returns its id, e.g. `MDS3`; null when there is nothing to wait for
 */
export async function findOpenBuild(
  database: Database,
  tenantId: number,
  { modelId, modelSessionId }: Pick<Insight, 'modelId' | 'modelSessionId'>,
): Promise<string | null> {
  if (modelId !== undefined) {
    const id = parseRecordId('model', modelId);
    const row = id === null ? undefined : await models.find(database, tenantId, id);
    return row !== undefined && (await isOpen(database, row)) ? modelId : null;
  }
  const id = modelSessionId === undefined ? null : parseRecordId('modelSession', modelSessionId);
  const session = id === null ? undefined : await modelSessions.find(database, tenantId, id);
  if (session === undefined) return null;
  if ((await builds.listActive(database, tenantId, session.id)).length > 0) return modelSessionId!;
  const isWaiting =
    session.category === 'albertModel'
      ? session.state === queued
      : (await models.listOfSession(database, tenantId, session.id)).some(waitsForData);
  return isWaiting ? modelSessionId! : null;
}

async function isOpen(database: Database, row: ModelRow): Promise<boolean> {
  if (waitsForData(row)) return true;
  const build = row.buildId === null ? undefined : await builds.find(database, row.buildId);
  return build?.status === 'queued' || build?.status === 'running';
}

/** Posted to be built here, before its dataset had data. */
function waitsForData({ state, requestName, buildId }: ModelRow): boolean {
  return state === queued && requestName !== null && buildId === null;
}
