import { type BuildOptions, DesignSettings } from '@athanor/schema';
import type { Database } from '../../store/database.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { BuildRow } from '../../store/repositories/builds.ts';
import { type InsightRow, insights } from '../../store/repositories/insights.ts';
import { insightText } from '../../store/repositories/insightText.ts';
import { models } from '../../store/repositories/models.ts';
import { modelSessions } from '../../store/repositories/modelSessions.ts';
import { creationStamps } from '../../store/stamps.ts';
import { takeNumbers } from '../../store/takeNumbers.ts';
import type { Builds } from '../builds.ts';
import { queueInsight } from '../queueInsight.ts';

/**
 * The last step of a build that asks for candidates: queues the insight that proposes them. The record stays in state
 * `Generating Candidates` until that has ended, well or not.
 * @returns number of the insight; null when none was asked for
 */
export async function askForCandidates(
  service: Builds,
  transaction: Database,
  build: BuildRow,
): Promise<number | null> {
  const { tenantId, datasetId, sessionId, modelId } = build;
  const record =
    modelId === null
      ? await modelSessions.find(transaction, tenantId, sessionId!)
      : await models.find(transaction, tenantId, modelId);
  if (record === undefined) return null;
  const asked =
    'buildOptions' in record
      ? fromJson<BuildOptions>(record.buildOptions).candidates
      : fromJson<{ candidates?: unknown } | null>(record.metadata)?.candidates;
  const settings = DesignSettings.safeParse(asked);
  if (!settings.success) return null;
  const author = { userId: record.updatedBy, userName: record.updatedByName };
  const row: InsightRow = {
    id: await takeNumbers(transaction, 'insight'),
    tenantId,
    name: `Candidates of ${record.name}`.slice(0, 500),
    category: settings.data.space === undefined ? 'Optimizer' : 'Custom Optimizer',
    state: 'Queued',
    parentId: null,
    datasetId,
    modelSessionId: sessionId,
    modelId,
    smartDatasetId: null,
    metadata: null,
    outputKey: null,
    startTime: null,
    endTime: null,
    totalTime: null,
    rawPayload: null,
    payloadType: 'Breakthrough',
    registry: toJson({ Settings: settings.data }),
    contentEdited: null,
    isOurs: 1,
    ...creationStamps(author, service.now),
  };
  await insights.insert(transaction, row, []);
  await insightText.put(transaction, row);
  await queueInsight(transaction, service.queue, row);
  if (modelId === null) await modelSessions.update(transaction, tenantId, sessionId!, { insightId: row.id });
  else await models.update(transaction, tenantId, modelId, { insightId: row.id });
  return row.id;
}
