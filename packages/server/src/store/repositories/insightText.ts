import { createHash } from 'node:crypto';
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

/** By what insights are found: words of name, category, dataset, session, model and log, and whole values of fields. */
export const insightText = {
  /** Indexes an insight, or indexes it anew. */
  async put(database: Database, row: InsightRow): Promise<void> {
    await insightText.remove(database, row.id);
    const tags = await database
      .selectFrom('insightTag')
      .select('tag')
      .where('insightId', '=', row.id)
      .execute();
    const facets = facetsOf(
      row,
      tags.map(({ tag }) => tag),
    );
    // What a text has of private characters is no word, so that nobody can write a facet.
    const words = (await wordsOf(database, row)).replaceAll(/\p{Co}/gu, ' ').slice(0, maxCharacters);
    await sql`insert into insightText (rowid, words) values (${row.id}, ${`${facets}\n${words}`})`.execute(
      database,
    );
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
   * The expression that finds a tenant's insights with all words of `text`, or words that begin with them, and one of
   * the values of every facet.
   * @returns null for a text without a word, which finds nothing
   */
  matchOf(tenantId: number, text: string, facets: readonly InsightFacet[]): string | null {
    const words = text.match(/[\p{L}\p{N}\p{M}]+/gu)?.slice(0, maxWords) ?? [];
    if (words.length === 0 && text.trim() !== '') return null;
    const wanted = facets.filter(({ values }) => values.length > 0);
    // Facets are a tenant's own; words alone are everybody's.
    const scope =
      wanted.length === 0
        ? [facetToken(tenantId, 'tenant', '')]
        : wanted.map(({ name, values }) => {
            const tokens = values.map((value) => facetToken(tenantId, name, value));
            return `(${tokens.join(' OR ')})`;
          });
    return [...scope, ...words.map((word) => `"${word}"*`)].join(' AND ');
  },
};

/** A field that a search compares with whole values. */
export interface InsightFacet {
  readonly name: 'name' | 'state' | 'category' | 'creator' | 'updater' | 'session' | 'tag';
  readonly values: readonly string[];
}

/**
 * A word that no text has, because it begins with a character for private use: that a tenant's insight has this value
 * in this field.
 */
function facetToken(tenantId: number, name: InsightFacet['name'] | 'tenant', value: string): string {
  const hash = createHash('sha256').update(`${tenantId}\n${name}\n${value}`).digest('hex').slice(0, 20);
  return `"${privateCharacter}${hash}"`;
}

const privateCharacter = '\ue000';

function facetsOf(row: InsightRow, tags: readonly string[]): string {
  const { tenantId, name, state, category, createdBy, createdByName, updatedBy, updatedByName } = row;
  const facets: InsightFacet[] = [
    { name: 'name', values: [name] },
    { name: 'category', values: [category] },
    { name: 'state', values: state === null ? [] : [state] },
    { name: 'creator', values: [formatId('user', createdBy), createdByName] },
    { name: 'updater', values: [formatId('user', updatedBy), updatedByName] },
    { name: 'session', values: row.modelSessionId === null ? [] : [String(row.modelSessionId)] },
    { name: 'tag', values: tags },
  ];
  const tokens = facets.flatMap((facet) =>
    facet.values.map((value) => facetToken(tenantId, facet.name, value)),
  );
  return [facetToken(tenantId, 'tenant', ''), ...tokens].join(' ').replaceAll('"', '');
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
