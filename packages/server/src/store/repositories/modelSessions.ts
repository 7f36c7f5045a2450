import {
  type BuildOptions,
  BuildState,
  type ModelSession,
  SessionCategory,
  type SessionModelSummary,
  type SessionRegistry,
} from '@athanor/schema';
import type { Selectable, Updateable } from 'kysely';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { ModelSessionTable } from '../tables.ts';

export type ModelSessionRow = Selectable<ModelSessionTable>;

export const modelSessions = {
  async find(database: Database, tenantId: number, id: number): Promise<ModelSessionRow | undefined> {
    return database
      .selectFrom('modelSession')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  /** What a prediction needs to know of a session: its registry may be large and is left where it is. */
  async findDefault(
    database: Database,
    tenantId: number,
    id: number,
  ): Promise<Pick<ModelSessionRow, 'id' | 'defaultModel'> | undefined> {
    return database
      .selectFrom('modelSession')
      .select(['id', 'defaultModel'])
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  /** Newest first; `from` excludes sessions from that number on, unless it is 0. */
  async list(
    database: Database,
    tenantId: number,
    filter: { from: number; datasetId?: number; limit: number },
  ): Promise<ModelSessionRow[]> {
    let query = database.selectFrom('modelSession').selectAll().where('tenantId', '=', tenantId);
    if (filter.from > 0) query = query.where('id', '<', filter.from);
    if (filter.datasetId !== undefined) query = query.where('datasetId', '=', filter.datasetId);
    return query.orderBy('id', 'desc').limit(filter.limit).execute();
  },

  /** Automatic sessions of a dataset that have never been built because it had no data; all, or the one named. */
  async listWaitingForData(
    database: Database,
    tenantId: number,
    datasetId: number,
    id?: number,
  ): Promise<ModelSessionRow[]> {
    let query = database
      .selectFrom('modelSession')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('datasetId', '=', datasetId)
      .where('category', '=', 'albertModel' satisfies SessionCategory)
      .where('state', '=', 'Queued' satisfies BuildState)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(selectFrom('build').select('build.id').whereRef('build.sessionId', '=', 'modelSession.id')),
        ),
      );
    if (id !== undefined) query = query.where('id', '=', id);
    return query.orderBy('id').execute();
  },

  /** Sessions whose last step an insight is. */
  async listGenerating(database: Database, insightId: number): Promise<ModelSessionRow[]> {
    return database
      .selectFrom('modelSession')
      .selectAll()
      .where('insightId', '=', insightId)
      .where('state', '=', 'Generating Candidates' satisfies BuildState)
      .execute();
  },

  /** Sessions of a dataset that no other session follows, oldest first. */
  async listLatest(database: Database, tenantId: number, datasetId: number): Promise<ModelSessionRow[]> {
    return database
      .selectFrom('modelSession')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('datasetId', '=', datasetId)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('modelSession as next')
              .select('next.id')
              .whereRef('next.parentSessionId', '=', 'modelSession.id'),
          ),
        ),
      )
      .orderBy('id')
      .execute();
  },

  async insert(database: Database, row: ModelSessionRow): Promise<void> {
    await database.insertInto('modelSession').values(row).execute();
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<ModelSessionTable>,
  ): Promise<void> {
    await database
      .updateTable('modelSession')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  },

  /** Takes the models and builds of the session along. */
  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('modelSession').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },
};

/**
 * The record as it goes over the wire. The public client has no call that lists models, so their ids are also in
 * `albertModelDetails.models`.
 */
export function toModelSession(row: ModelSessionRow, models: readonly SessionModelSummary[]): ModelSession {
  const target = fromJson<string[]>(row.target);
  const registry = fromJson<SessionRegistry>(row.registry);
  const details = fromJson<Record<string, unknown>>(row.details) ?? {};
  return {
    id: formatId('modelSession', row.id),
    name: row.name,
    category: SessionCategory.parse(row.category),
    datasetId: formatId('dataset', row.datasetId),
    ...(row.defaultModel === null ? {} : { defaultModel: row.defaultModel }),
    ...(row.totalTime === null ? {} : { totalTime: row.totalTime }),
    ...(row.modelCount === null ? {} : { modelCount: row.modelCount }),
    ...(target === null ? {} : { target }),
    ...(registry === null ? {} : { Registry: registry }),
    albertModelDetails: {
      ...details,
      state: row.state,
      models,
      ...(row.insightId === null ? {} : { candidates: { insightId: formatId('insight', row.insightId) } }),
    },
    flag: row.flag === 1,
    state: BuildState.parse(row.state),
    buildOptions: fromJson<BuildOptions>(row.buildOptions),
    ...(row.parentSessionId === null
      ? {}
      : { parentSessionId: formatId('modelSession', row.parentSessionId) }),
    ...auditFields(row),
  };
}
