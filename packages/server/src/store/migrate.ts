import { Migrator, type Migration } from 'kysely/migration';
import type { Database } from './database.ts';
import { first } from './migrations/0001_first.ts';
import { family } from './migrations/0002_family.ts';
import { loop } from './migrations/0003_loop.ts';

/** Every schema change ever, in order. Released ones are never edited; a change is a new file here. */
const migrations: Record<string, Migration> = {
  '0001_first': first,
  '0002_family': family,
  '0003_loop': loop,
};

/**
 * Brings the schema up to date, in one transaction.
 * @throws Error when the store was written by a newer version; it is left untouched.
 */
export async function migrate(database: Database, known = migrations): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => known } });
  const unknown = (await appliedMigrations(database)).filter((name) => known[name] === undefined);
  if (unknown.length > 0) {
    throw new Error(
      `this data directory was written by a newer version of Athanor (it has ${unknown.join(', ')}); ` +
        'start that version instead. Nothing was changed.',
    );
  }
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const tables = await database.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await database
    .selectFrom('kysely_migration' as never)
    .select('name' as never)
    .execute();
  return (rows as unknown as { name: string }[]).map((row) => row.name);
}
