import type { ModelSession } from '@athanor/schema';
import type { Database } from '../store/database.ts';
import { type ModelRow, models, toModel } from '../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions, toModelSession } from '../store/repositories/modelSessions.ts';
import { creationStamps } from '../store/stamps.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import type { FollowingBuild } from './orderFollowing.ts';
import { recordAct } from './recordAct.ts';

/** Makes a session that follows another one, with its choices, and starts its build. */
export async function startFollowingSession(
  builds: Builds,
  transaction: Database,
  caller: Caller,
  parent: ModelSessionRow,
  build: FollowingBuild,
  name: string,
): Promise<ModelSession> {
  const { tenantId } = parent;
  const row: ModelSessionRow = {
    ...parent,
    id: await takeNumbers(transaction, 'modelSession'),
    name,
    category: build.kind === 'portfolio' ? 'albertModel' : 'userModel',
    state: 'Queued',
    // A build chooses its default; among models of a user it is the user's choice.
    defaultModel: build.kind === 'portfolio' ? null : parent.defaultModel,
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
  if (build.kind === 'portfolio') await builds.startPortfolio(transaction, caller, row, build.order);
  else await startModels(builds, transaction, caller, row.id, build.models);
  const fresh = (await modelSessions.find(transaction, tenantId, row.id))!;
  const summaries = await models.summarize(transaction, tenantId, [row.id]);
  const after = toModelSession(fresh, summaries.get(row.id)!);
  const act = { action: 'create', kind: 'modelSession', record: after.id, before: null, after } as const;
  await recordAct(transaction, caller, builds.now, act);
  return after;
}

/** The models of a user once more, to be built in another session. */
async function startModels(
  builds: Builds,
  transaction: Database,
  caller: Caller,
  sessionId: number,
  wanted: Extract<FollowingBuild, { kind: 'models' }>['models'],
): Promise<void> {
  for (const { model, order } of wanted) {
    const row: ModelRow = {
      ...model,
      id: await takeNumbers(transaction, 'model'),
      sessionId,
      state: 'Queued',
      startTime: null,
      endTime: null,
      totalTime: null,
      modelBinaryKey: null,
      artifactHash: null,
      buildId: null,
      requestName: model.name,
      insightId: null,
      ...creationStamps(caller, builds.now),
    };
    await models.insert(transaction, [row]);
    await builds.startModel(transaction, row, order);
    const after = toModel(row);
    const act = { action: 'create', kind: 'model', record: after.id, before: null, after } as const;
    await recordAct(transaction, caller, builds.now, act);
  }
}
