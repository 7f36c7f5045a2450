import type { ModelSession } from '@athanor/schema';
import type { BuildOrder } from '../compute/buildOrder.ts';
import type { Database } from '../store/database.ts';
import { models } from '../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions, toModelSession } from '../store/repositories/modelSessions.ts';
import { creationStamps } from '../store/stamps.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import { recordAct } from './recordAct.ts';

/** Makes a session that follows another one, with its choices, and starts its build. */
export async function startFollowingSession(
  builds: Builds,
  transaction: Database,
  caller: Caller,
  parent: ModelSessionRow,
  order: BuildOrder,
  name: string,
): Promise<ModelSession> {
  const { tenantId } = parent;
  const row: ModelSessionRow = {
    ...parent,
    id: await takeNumbers(transaction, 'modelSession'),
    name,
    category: 'albertModel',
    state: 'Queued',
    defaultModel: null,
    totalTime: null,
    modelCount: null,
    registry: null,
    registryByClient: 0,
    details: null,
    flag: 0,
    parentSessionId: parent.id,
    insightId: null,
    ...creationStamps(caller, builds.now),
  };
  await modelSessions.insert(transaction, row);
  await builds.startPortfolio(transaction, caller, row, order);
  const fresh = (await modelSessions.find(transaction, tenantId, row.id))!;
  const summaries = await models.summarize(transaction, tenantId, [row.id]);
  const after = toModelSession(fresh, summaries.get(row.id)!);
  const act = { action: 'create', kind: 'modelSession', record: after.id, before: null, after } as const;
  await recordAct(transaction, caller, builds.now, act);
  return after;
}
