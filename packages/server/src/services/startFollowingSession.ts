import type { BuildOrder } from '../compute/buildOrder.ts';
import type { Database } from '../store/database.ts';
import { formatId } from '../store/recordId.ts';
import { models } from '../store/repositories/models.ts';
import { type ModelSessionRow, modelSessions, toModelSession } from '../store/repositories/modelSessions.ts';
import { creationStamps } from '../store/stamps.ts';
import { takeNumbers } from '../store/takeNumbers.ts';
import type { Builds } from './builds.ts';
import type { Caller } from './caller.ts';
import { recordAct } from './recordAct.ts';

/** Of a session's name, as its schema has it. */
const maxNameLength = 500;

/**
 * Makes a session that follows another one, with its choices, and starts its build.
 * @returns id of the new session
 */
export async function startFollowingSession(
  builds: Builds,
  transaction: Database,
  caller: Caller,
  parent: ModelSessionRow,
  order: BuildOrder,
): Promise<string> {
  const { tenantId } = parent;
  const [, base, number] = /^(.*?)(?: \(version (\d+)\))?$/s.exec(parent.name)!;
  const ending = ` (version ${Number(number ?? 1) + 1})`;
  const row: ModelSessionRow = {
    ...parent,
    id: await takeNumbers(transaction, 'modelSession'),
    name: base!.slice(0, maxNameLength - ending.length) + ending,
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
  return formatId('modelSession', row.id);
}
