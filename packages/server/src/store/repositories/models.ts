import { BuildState, type Model, ModelType, type SessionModelSummary } from '@athanor/schema';
import type { Selectable, Updateable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { ModelTable } from '../tables.ts';

export type ModelRow = Selectable<ModelTable>;

/** What a prediction needs to know of a model. */
export type PredictableRow = Pick<ModelRow, 'id' | 'name' | 'state' | 'artifactHash'>;

export const models = {
  async find(database: Database, tenantId: number, id: number): Promise<ModelRow | undefined> {
    return database
      .selectFrom('model')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  async listOfSession(database: Database, tenantId: number, sessionId: number): Promise<ModelRow[]> {
    return database
      .selectFrom('model')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('sessionId', '=', sessionId)
      .orderBy('id')
      .execute();
  },

  /** The same without what may be large. */
  async listPredictable(database: Database, tenantId: number, sessionId: number): Promise<PredictableRow[]> {
    return database
      .selectFrom('model')
      .select(['id', 'name', 'state', 'artifactHash'])
      .where('tenantId', '=', tenantId)
      .where('sessionId', '=', sessionId)
      .orderBy('id')
      .execute();
  },

  /** Id, name and state of the models of several sessions at once, by session. */
  async summarize(
    database: Database,
    tenantId: number,
    sessionIds: readonly number[],
  ): Promise<Map<number, SessionModelSummary[]>> {
    const summaries = new Map<number, SessionModelSummary[]>(sessionIds.map((id) => [id, []]));
    if (sessionIds.length === 0) return summaries;
    const rows = await database
      .selectFrom('model')
      .select(['id', 'sessionId', 'name', 'state'])
      .where('tenantId', '=', tenantId)
      .where('sessionId', 'in', sessionIds)
      .orderBy('id')
      .execute();
    for (const { id, sessionId, name, state } of rows) {
      summaries.get(sessionId!)!.push({
        id: formatId('model', id),
        name,
        ...(state === null ? {} : { state: BuildState.parse(state) }),
      });
    }
    return summaries;
  },

  /** The models a build makes, i.e. those that no client has taken over. */
  async listOfBuild(database: Database, buildId: number): Promise<ModelRow[]> {
    return database.selectFrom('model').selectAll().where('buildId', '=', buildId).orderBy('id').execute();
  },

  /** Models that users posted to be built before their dataset had data. */
  async listWaitingForData(database: Database, tenantId: number, datasetId: number): Promise<ModelRow[]> {
    return database
      .selectFrom('model')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('datasetId', '=', datasetId)
      .where('state', '=', 'Queued' satisfies BuildState)
      .where('requestName', 'is not', null)
      .where('buildId', 'is', null)
      .orderBy('id')
      .execute();
  },

  /** Models whose last step an insight is. */
  async listGenerating(database: Database, insightId: number): Promise<ModelRow[]> {
    return database
      .selectFrom('model')
      .selectAll()
      .where('insightId', '=', insightId)
      .where('state', '=', 'Generating Candidates' satisfies BuildState)
      .execute();
  },

  /** Oldest first. */
  async listDetached(
    database: Database,
    tenantId: number,
    filter: { from: number; limit: number },
  ): Promise<ModelRow[]> {
    let query = database
      .selectFrom('model')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('sessionId', 'is', null);
    if (filter.from > 0) query = query.where('id', '>', filter.from);
    return query.orderBy('id').limit(filter.limit).execute();
  },

  async insert(database: Database, rows: readonly ModelRow[]): Promise<void> {
    if (rows.length > 0)
      await database
        .insertInto('model')
        .values([...rows])
        .execute();
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<ModelTable>,
  ): Promise<void> {
    await database
      .updateTable('model')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  },

  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('model').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },
};

/** The record as it goes over the wire. */
export function toModel(row: ModelRow): Model {
  const target = fromJson<string[]>(row.target);
  const metadata = fromJson<Record<string, unknown>>(row.metadata);
  return {
    id: formatId('model', row.id),
    name: row.name,
    ...(row.datasetId === null ? {} : { datasetId: formatId('dataset', row.datasetId) }),
    ...(row.sessionId === null ? {} : { parentId: formatId('modelSession', row.sessionId) }),
    ...(metadata === null ? {} : { Metadata: metadata }),
    type: ModelType.parse(row.type),
    ...(row.state === null ? {} : { state: BuildState.parse(row.state) }),
    ...(target === null ? {} : { target }),
    ...(row.startTime === null ? {} : { startTime: row.startTime }),
    ...(row.endTime === null ? {} : { endTime: row.endTime }),
    ...(row.totalTime === null ? {} : { totalTime: row.totalTime }),
    ...(row.modelBinaryKey === null ? {} : { modelBinaryKey: row.modelBinaryKey }),
    flag: row.flag === 1,
    ...auditFields(row),
  };
}
