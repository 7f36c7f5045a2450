import type { DatasetReferences, SmartDatasetScope } from '@athanor/schema';
import type { Database } from '../database.ts';
import { fromJson } from '../json.ts';
import { formatId } from '../recordId.ts';

/** More than anybody wants to read; enough to say "and more". */
const enough = 11;

/** Ids of the records that name another one: it cannot be deleted before they are. At most eleven. */
export const dependents = {
  async ofProject(database: Database, tenantId: number, id: number): Promise<string[]> {
    const projectId = formatId('project', id);
    const datasets = await database
      .selectFrom('dataset')
      .select(['id', 'parentId', 'references'])
      .where('tenantId', '=', tenantId)
      .where(({ or, eb }) =>
        or([eb('parentId', '=', projectId), eb('references', 'like', `%"${projectId}"%`)]),
      )
      .execute();
    const byDataset = datasets
      .filter(
        ({ parentId, references }) =>
          parentId === projectId ||
          fromJson<DatasetReferences>(references)?.project_ids.includes(projectId) === true,
      )
      .map((row) => formatId('dataset', row.id));
    const children = async (kind: 'insight' | 'target' | 'smartDataset'): Promise<string[]> => {
      const rows = await database
        .selectFrom(kind)
        .select('id')
        .where('tenantId', '=', tenantId)
        .where('parentId', '=', id)
        .limit(enough)
        .execute();
      return rows.map((row) => formatId(kind, row.id));
    };
    const byScope = await scopesThat(database, tenantId, projectId, ({ projectIds }) =>
      projectIds.includes(projectId),
    );
    return [
      ...new Set([
        ...byDataset,
        ...(await children('target')),
        ...(await children('insight')),
        ...(await children('smartDataset')),
        ...byScope,
      ]),
    ].slice(0, enough);
  },

  async ofTarget(database: Database, tenantId: number, id: number): Promise<string[]> {
    const targetId = formatId('target', id);
    return scopesThat(database, tenantId, targetId, ({ targetIds }) => targetIds.includes(targetId));
  },

  async ofDataset(database: Database, tenantId: number, id: number): Promise<string[]> {
    const sessions = await database
      .selectFrom('modelSession')
      .select('id')
      .where('tenantId', '=', tenantId)
      .where('datasetId', '=', id)
      .orderBy('id')
      .limit(enough)
      .execute();
    // Models of a session are named by their session.
    const detached = await database
      .selectFrom('model')
      .select('id')
      .where('tenantId', '=', tenantId)
      .where('datasetId', '=', id)
      .where('sessionId', 'is', null)
      .orderBy('id')
      .limit(enough)
      .execute();
    return [
      ...sessions.map((row) => formatId('modelSession', row.id)),
      ...detached.map((row) => formatId('model', row.id)),
      ...(await insightsNaming(database, tenantId, 'datasetId', id)),
    ].slice(0, enough);
  },

  async ofModelSession(database: Database, tenantId: number, id: number): Promise<string[]> {
    const models = await database
      .selectFrom('insight')
      .innerJoin('model', 'model.id', 'insight.modelId')
      .select('insight.id')
      .where('model.tenantId', '=', tenantId)
      .where('model.sessionId', '=', id)
      .limit(enough)
      .execute();
    const direct = await insightsNaming(database, tenantId, 'modelSessionId', id);
    return [...new Set([...direct, ...models.map((row) => formatId('insight', row.id))])].slice(0, enough);
  },

  async ofModel(database: Database, tenantId: number, id: number): Promise<string[]> {
    return insightsNaming(database, tenantId, 'modelId', id);
  },

  /** Design runs that still work on it. */
  async ofSmartDataset(database: Database, tenantId: number, id: number): Promise<string[]> {
    const rows = await database
      .selectFrom('insight')
      .select('id')
      .where('tenantId', '=', tenantId)
      .where('smartDatasetId', '=', id)
      .where('isOurs', '=', 1)
      .where('state', 'in', ['Queued', 'Building Models', 'Generating Candidates'])
      .limit(enough)
      .execute();
    return rows.map((row) => formatId('insight', row.id));
  },
};

async function insightsNaming(
  database: Database,
  tenantId: number,
  column: 'datasetId' | 'modelSessionId' | 'modelId',
  id: number,
): Promise<string[]> {
  const rows = await database
    .selectFrom('insight')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where(column, '=', id)
    .orderBy('id')
    .limit(enough)
    .execute();
  return rows.map((row) => formatId('insight', row.id));
}

async function scopesThat(
  database: Database,
  tenantId: number,
  text: string,
  has: (scope: SmartDatasetScope) => boolean,
): Promise<string[]> {
  const rows = await database
    .selectFrom('smartDataset')
    .select(['id', 'scope'])
    .where('tenantId', '=', tenantId)
    .where('scope', 'like', `%"${text}"%`)
    .execute();
  return rows
    .filter((row) => has(fromJson<SmartDatasetScope>(row.scope)))
    .map((row) => formatId('smartDataset', row.id))
    .slice(0, enough);
}
