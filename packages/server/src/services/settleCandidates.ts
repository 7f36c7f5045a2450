import type { BuildState } from '@athanor/schema';
import type { Database } from '../store/database.ts';
import { models } from '../store/repositories/models.ts';
import { modelSessions } from '../store/repositories/modelSessions.ts';
import type { Builds } from './builds.ts';
import { stateOfModels } from './modelEnding.ts';

/** The candidates that a build asked for are there, or will never be: its record is complete. */
export async function settleCandidates(
  { store, board }: Pick<Builds, 'store' | 'board'>,
  transaction: Database,
  insightId: number,
): Promise<void> {
  const complete = 'Complete' satisfies BuildState;
  const tellEnd = (sessionId: number, state: BuildState): void =>
    store.afterCommit(transaction, () => board.tell(sessionId, { type: 'end', state }));
  for (const model of await models.listGenerating(transaction, insightId)) {
    const { tenantId, sessionId } = model;
    await models.update(transaction, tenantId, model.id, { state: complete });
    if (sessionId === null) continue;
    const state = stateOfModels(await models.listOfSession(transaction, tenantId, sessionId));
    await modelSessions.update(transaction, tenantId, sessionId, { state });
    if (state === complete) tellEnd(sessionId, state);
  }
  for (const session of await modelSessions.listGenerating(transaction, insightId)) {
    await modelSessions.update(transaction, session.tenantId, session.id, { state: complete });
    tellEnd(session.id, complete);
  }
}
