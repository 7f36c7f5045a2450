import type { BuildState, Insight, InsightSortKey } from '@athanor/schema';
import {
  type Expression,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
  type Updateable,
} from 'kysely';
import type { Database } from '../database.ts';
import { formatId } from '../recordId.ts';
import { auditFields } from '../stamps.ts';
import type { InsightTable, Tables } from '../tables.ts';

export type InsightRow = Selectable<InsightTable>;

/** What a search looks for; absent fields allow everything. */
export interface InsightFilter {
  /** An expression of the text index; see insightText.ts. */
  readonly match: string | null;
  /** The one field that is compared without the text index, when it is the only one. */
  readonly field: { readonly column: 'state' | 'category'; readonly values: readonly string[] } | null;
  /** Instants as records keep them, both ends included. */
  readonly created: { readonly from: string | null; readonly to: string | null };
  readonly updated: { readonly from: string | null; readonly to: string | null };
}

export interface InsightPage {
  readonly sortBy: InsightSortKey;
  readonly order: 'asc' | 'desc';
  readonly offset: number;
  readonly limit: number;
}

export const insights = {
  async find(database: Database, tenantId: number, id: number): Promise<InsightRow | undefined> {
    return database
      .selectFrom('insight')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .executeTakeFirst();
  },

  /** One page of what a search finds, and how much it finds altogether. */
  async search(
    database: Database,
    tenantId: number,
    filter: InsightFilter,
    { sortBy, order, offset, limit }: InsightPage,
  ): Promise<{ rows: InsightRow[]; total: number }> {
    const { match, field, created, updated } = filter;
    const spans = [...spanConditions('createdAt', created), ...spanConditions('updatedAt', updated)];
    // Numbers are given out in the order of creation, and the text index is walked by number.
    if (match !== null && sortBy === 'createdAt' && spans.length === 0) {
      return readPage(database, await searchText(database, match, { order, offset, limit }));
    }
    let found = database.selectFrom('insight').where('tenantId', '=', tenantId);
    for (const condition of spans) found = found.where(condition);
    if (field !== null) found = found.where(field.column, 'in', field.values);
    if (match !== null) {
      found = found.where(
        sql<SqlBool>`id in (select rowid from insightText where insightText match ${match})`,
      );
    }
    const total =
      match !== null && spans.length === 0 ? await countText(database, match) : await countAll(found);
    // Only numbers are sorted and skipped, which indices hold; the rows of the page are read after that.
    const page = await found
      .select('id')
      .orderBy(sortBy, order)
      .orderBy('id', order)
      .offset(offset)
      .limit(limit)
      .execute();
    return readPage(database, { ids: page.map(({ id }) => id), total });
  },

  async insert(database: Database, row: InsightRow, tags: readonly string[]): Promise<void> {
    await database.insertInto('insight').values(row).execute();
    await insertTags(database, row, tags);
  },

  async update(
    database: Database,
    tenantId: number,
    id: number,
    changes: Updateable<InsightTable>,
    tags?: readonly string[],
  ): Promise<void> {
    await database
      .updateTable('insight')
      .set(changes)
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
    if (tags === undefined) return;
    await database.deleteFrom('insightTag').where('insightId', '=', id).execute();
    await insertTags(database, { id, tenantId }, tags);
  },

  async delete(database: Database, tenantId: number, id: number): Promise<void> {
    await database.deleteFrom('insight').where('tenantId', '=', tenantId).where('id', '=', id).execute();
  },

  /** Numbers above `after` of insights that name a record, for those who have to look at all of them. */
  async listNaming(
    database: Database,
    column: 'datasetId' | 'modelSessionId' | 'modelId',
    id: number,
    after: number,
    limit: number,
  ): Promise<InsightRow[]> {
    return database
      .selectFrom('insight')
      .selectAll()
      .where(column, '=', id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  },

  /** Insights on a session, on a model of it, or on one model, whose computation has begun and still looks for models. */
  async listBegun(
    database: Database,
    { tenantId, sessionId, modelId }: { tenantId: number; sessionId: number | null; modelId: number | null },
  ): Promise<Pick<InsightRow, 'id' | 'tenantId'>[]> {
    return database
      .selectFrom('insight')
      .select(['id', 'tenantId'])
      .where('tenantId', '=', tenantId)
      .where('isOurs', '=', 1)
      .where('state', '=', 'Building Models' satisfies BuildState)
      .where(({ or, eb, selectFrom }) =>
        or([
          eb('modelId', '=', modelId),
          eb('modelSessionId', '=', sessionId),
          eb('modelId', 'in', selectFrom('model').select('model.id').where('sessionId', '=', sessionId)),
        ]),
      )
      .orderBy('id')
      .execute();
  },

  /** Insights whose computation this server owes. */
  async lockOurs(transaction: Database, id: number): Promise<InsightRow | undefined> {
    const open: readonly BuildState[] = ['Queued', 'Building Models', 'Generating Candidates'];
    return transaction
      .updateTable('insight')
      .set({ isOurs: 1 })
      .where('id', '=', id)
      .where('isOurs', '=', 1)
      .where('state', 'in', open)
      .returningAll()
      .executeTakeFirst();
  },
};

/** The text index alone counts and orders. */
async function searchText(
  database: Database,
  match: string,
  { order, offset, limit }: Omit<InsightPage, 'sortBy'>,
): Promise<{ ids: number[]; total: number }> {
  const hit = sql<SqlBool>`insightText match ${match}`;
  const total = await countText(database, match);
  const rows = await database
    .selectFrom('insightText')
    .select('rowid')
    .where(hit)
    .orderBy('rowid', order)
    .offset(offset)
    .limit(limit)
    .execute();
  return { ids: rows.map(({ rowid }) => rowid), total };
}

function countText(database: Database, match: string): Promise<number> {
  return countAll(database.selectFrom('insightText').where(sql<SqlBool>`insightText match ${match}`));
}

async function countAll<T extends keyof Tables>(
  query: SelectQueryBuilder<Tables, T, object>,
): Promise<number> {
  const { total } = await query
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total as number;
}

/** The insights of some numbers, in that order. */
async function readPage(
  database: Database,
  { ids, total }: { ids: readonly number[]; total: number },
): Promise<{ rows: InsightRow[]; total: number }> {
  if (ids.length === 0) return { rows: [], total };
  const rows = await database.selectFrom('insight').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { rows: ids.map((id) => byId.get(id)!), total };
}

function spanConditions(
  column: 'createdAt' | 'updatedAt',
  { from, to }: { readonly from: string | null; readonly to: string | null },
): Expression<SqlBool>[] {
  return [
    ...(from === null ? [] : [sql<SqlBool>`${sql.ref(column)} >= ${from}`]),
    ...(to === null ? [] : [sql<SqlBool>`${sql.ref(column)} <= ${to}`]),
  ];
}

async function insertTags(
  database: Database,
  { id, tenantId }: Pick<InsightRow, 'id' | 'tenantId'>,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  const rows = tags.map((tag) => ({ insightId: id, tenantId, tag }));
  await database.insertInto('insightTag').values(rows).execute();
}

/**
 * The record as it goes over the wire, as JSON text: what is stored as JSON goes through as it is, so that a page of
 * a thousand insights costs no parsing.
 */
export function insightJson(row: InsightRow): string {
  const parts: string[] = [];
  const add = (key: string, value: unknown): void => {
    if (value !== null && value !== undefined) parts.push(`"${key}":${JSON.stringify(value)}`);
  };
  const addJson = (key: string, json: string | null): void => {
    if (json !== null) parts.push(`"${key}":${json}`);
  };
  add('albertId', formatId('insight', row.id));
  add('name', row.name);
  add('category', row.category);
  addJson('Metadata', row.metadata);
  add('state', row.state);
  add('parentId', row.parentId === null ? null : formatId('project', row.parentId));
  add('datasetId', row.datasetId === null ? null : formatId('dataset', row.datasetId));
  add('modelSessionId', row.modelSessionId === null ? null : formatId('modelSession', row.modelSessionId));
  add('modelId', row.modelId === null ? null : formatId('model', row.modelId));
  add('outputKey', row.outputKey);
  add('startTime', row.startTime);
  add('endTime', row.endTime);
  add('totalTime', row.totalTime);
  addJson('RawPayload', row.rawPayload);
  add('payloadType', row.payloadType);
  addJson('Registry', row.registry);
  add('contentEdited', row.contentEdited === null ? null : row.contentEdited === 1);
  add('smartDatasetId', row.smartDatasetId === null ? null : formatId('smartDataset', row.smartDatasetId));
  const { status, Created, Updated } = auditFields(row);
  add('status', status);
  add('Created', Created);
  add('Updated', Updated);
  return `{${parts.join(',')}}`;
}

/** The record as it goes over the wire. */
export function toInsight(row: InsightRow): Insight {
  return JSON.parse(insightJson(row)) as Insight;
}
