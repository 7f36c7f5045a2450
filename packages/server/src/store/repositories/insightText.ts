import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { formatId } from '../recordId.ts';
import { type InsightRow, insights } from './insights.ts';

/** More of one insight is not searched. */
const maxCharacters = 200_000;
/** Rows that are read at once when many have to be indexed again. */
const batchSize = 500;
/** Words of one query; more make nothing more exact. */
const maxWords = 20;

/** The words by which insights are found: of their name, category, dataset, session, model and log. */
export const insightText = {
  /** Indexes an insight, or indexes it anew. */
  async put(database: Database, row: InsightRow): Promise<void> {
    await insightText.remove(database, row.id);
    const words = (await wordsOf(database, row)).slice(0, maxCharacters);
    await sql`insert into insightText (rowid, tenant, words)
      values (${row.id}, ${tenantWord(row.tenantId)}, ${words})`.execute(database);
  },

  async remove(database: Database, id: number): Promise<void> {
    await sql`delete from insightText where rowid = ${id}`.execute(database);
  },

  /** A dataset, session or model has another name: its insights are found by that from now on. */
  async renew(
    database: Database,
    column: 'datasetId' | 'modelSessionId' | 'modelId',
    id: number,
  ): Promise<void> {
    for (let after = 0; ;) {
      const rows = await insights.listNaming(database, column, id, after, batchSize);
      for (const row of rows) await insightText.put(database, row);
      if (rows.length < batchSize) return;
      after = rows.at(-1)!.id;
    }
  },

  /**
   * The expression that finds a tenant's insights with all words of `text`, or words that begin with them.
   * @returns null for a text without a word, which finds nothing
   */
  matchOf(tenantId: number, text: string): string | null {
    const words = text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)?.slice(0, maxWords);
    if (words === undefined) return null;
    return `tenant:"${tenantWord(tenantId)}" AND words:(${words.map((word) => `"${word}"*`).join(' AND ')})`;
  },
};

function tenantWord(tenantId: number): string {
  return `t${tenantId}`;
}

async function wordsOf(database: Database, row: InsightRow): Promise<string> {
  const { datasetId, modelSessionId, modelId } = row;
  const nameOf = async (kind: 'dataset' | 'modelSession' | 'model', id: number | null): Promise<string[]> => {
    if (id === null) return [];
    const found = await database.selectFrom(kind).select('name').where('id', '=', id).executeTakeFirst();
    return found === undefined ? [] : [formatId(kind, id), found.name];
  };
  const registry = row.registry === null ? null : (JSON.parse(row.registry) as { BuildLogs?: unknown });
  return [
    formatId('insight', row.id),
    row.name,
    row.category,
    ...(await nameOf('dataset', datasetId)),
    ...(await nameOf('modelSession', modelSessionId)),
    ...(await nameOf('model', modelId)),
    ...textsOf(registry?.BuildLogs),
  ].join('\n');
}

/** Every text in a log, whatever its shape: clients write their own. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
