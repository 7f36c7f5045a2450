import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { openSqliteStore, StoreLockedError } from './openSqliteStore.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'athanor-sqlite-'));
  path = join(folder, 'athanor.sqlite');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes every commit to the disk before it is acknowledged', async () => {
  const store = await openSqliteStore(path);
  const { rows } = await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(store.database);
  expect(rows[0]?.synchronous).toBe(2);
  await store.close();
});

it('refuses a second owner at once, and lets it in when the first is gone', async () => {
  const first = await openSqliteStore(path);
  const begin = performance.now();
  await expect(openSqliteStore(path)).rejects.toThrow(StoreLockedError);
  expect(performance.now() - begin).toBeLessThan(2_000);
  await first.close();
  await (await openSqliteStore(path)).close();
});

it('refuses a file from a newer version and leaves it as it is', async () => {
  const store = await openSqliteStore(path);
  await sql`insert into kysely_migration values ('9999_future', '2030-01-01')`.execute(store.database);
  await store.close();
  const before = await readFile(path);
  await expect(openSqliteStore(path)).rejects.toThrow(/newer version.*9999_future/);
  expect((await readFile(path)).equals(before)).toBe(true);
});

it('undoes a schema change that fails in the middle', async () => {
  const store = await openSqliteStore(path);
  const broken = {
    '0001_first': { up: async () => {} },
    '0002_family': { up: async () => {} },
    '0003_loop': { up: async () => {} },
    '9999_broken': {
      up: async (database: typeof store.database) => {
        await database.schema.createTable('half').addColumn('id', 'integer').execute();
        throw new Error('power cut');
      },
    },
  };
  await expect(migrate(store.database, broken)).rejects.toThrow('power cut');
  const tables = await store.database.introspection.getTables();
  expect(tables.map((table) => table.name)).not.toContain('half');
  await store.close();
});

it('says that a file is no database, or is damaged', async () => {
  await writeFile(path, 'this is a text file, and a long one at that'.repeat(100));
  await expect(openSqliteStore(path)).rejects.toThrow(/not a database/);

  await rm(path);
  await (await openSqliteStore(path)).close();
  const bytes = await readFile(path);
  bytes.fill(0xff, 4096 * 2, 4096 * 6);
  await writeFile(path, bytes);
  await expect(openSqliteStore(path)).rejects.toThrow(/damaged|malformed/);
});

it('says that references dangle', async () => {
  await (await openSqliteStore(path)).close();
  const raw = new Sqlite(path);
  raw.pragma('foreign_keys = OFF');
  raw.exec(
    `insert into build ("id","tenantId","datasetId","status","request","dataHash","createdAt") values (1,99,1,'queued','{}','x','x')`,
  );
  raw.close();
  await expect(openSqliteStore(path)).rejects.toThrow(/dangling/);
});
