import { chmodSync, statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { type DatabaseConnection, Kysely, SqliteAdapter, SqliteDialect, SqliteDriver } from 'kysely';
import { migrate } from './migrate.ts';
import { Store } from './store.ts';
import type { Tables } from './tables.ts';

/** Another process holds the database file. */
export class StoreLockedError extends Error {
  constructor(path: string) {
    super(`${path} is in use by another process`);
    this.name = 'StoreLockedError';
  }
}

/** SQLite runs schema changes inside transactions, which Kysely's own adapter does not claim. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** After some errors, e.g. of a full disk, SQLite has rolled back by itself; asking again would hide the reason. */
class CarefulSqliteDriver extends SqliteDriver {
  readonly #sqlite: Sqlite.Database;

  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

class CarefulSqliteDialect extends SqliteDialect {
  readonly #sqlite: Sqlite.Database;

  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  override createDriver(): SqliteDriver {
    return new CarefulSqliteDriver(this.#sqlite);
  }
}

/** Above this size the start checks pages only and leaves the comparison of indices to `doctor`. */
const fullCheckBytes = 256 * 1024 * 1024;
/** How long to wait for a lock: a process that was just killed needs a moment to let go. */
const lockWaitMs = 500;

/**
 * Opens (or makes) the database at `path` for this process alone, checks it and brings its schema up to date.
 * @throws StoreLockedError while another process has it.
 * @throws Error when the file is damaged or from a newer version.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  const sqlite = openExclusively(path);
  const database = new Kysely<Tables>({ dialect: new CarefulSqliteDialect(sqlite) });
  try {
    check(sqlite, path);
    await migrate(database);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  const totalChanges = sqlite.prepare('select total_changes()').pluck();
  return new Store(database, () => totalChanges.get() as number);
}

function openExclusively(path: string): Sqlite.Database {
  const sqlite = new Sqlite(path, { timeout: lockWaitMs });
  try {
    // The lock belongs to the process and goes with it, however it ends; there is no lock file to clean up.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = WAL');
    // Every commit reaches the disk before it is acknowledged.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (error) {
    sqlite.close();
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) throw new StoreLockedError(path);
    if (code === 'SQLITE_NOTADB') throw new Error(`${path} is not a database`, { cause: error });
    throw error;
  }
  chmodSync(path, 0o600);
  const settings = {
    journal_mode: sqlite.pragma('journal_mode', { simple: true }),
    synchronous: sqlite.pragma('synchronous', { simple: true }),
    foreign_keys: sqlite.pragma('foreign_keys', { simple: true }),
  };
  if (settings.journal_mode !== 'wal' || settings.synchronous !== 2 || settings.foreign_keys !== 1) {
    sqlite.close();
    throw new Error(
      `SQLite refused the durable settings: ${JSON.stringify(settings)}; is the disk a network share?`,
    );
  }
  return sqlite;
}

function check(sqlite: Sqlite.Database, path: string): void {
  const pragma = statSync(path).size > fullCheckBytes ? 'quick_check' : 'integrity_check';
  const verdict = sqlite.pragma(pragma, { simple: true });
  if (verdict !== 'ok') throw new Error(`${path} is damaged: ${String(verdict)}; restore it from a backup`);
  const dangling = sqlite.pragma('foreign_key_check') as { table: string }[];
  if (dangling.length > 0)
    throw new Error(
      `${path} is damaged: ${dangling.length} dangling references, first in ${dangling[0]!.table}`,
    );
}
