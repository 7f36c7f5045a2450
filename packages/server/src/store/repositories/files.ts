import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { FileTable } from '../tables.ts';
import { takeNumbers } from '../takeNumbers.ts';

export type FileRow = Selectable<FileTable>;

/** What names a file; its versions share it. */
export interface FileKey {
  readonly tenantId: number;
  readonly namespace: string;
  readonly name: string;
}

export const files = {
  /** The newest version of a file, or the version asked for. */
  async find(database: Database, key: FileKey, versionId?: number): Promise<FileRow | undefined> {
    let query = database
      .selectFrom('file')
      .selectAll()
      .where('tenantId', '=', key.tenantId)
      .where('namespace', '=', key.namespace)
      .where('name', '=', key.name);
    if (versionId !== undefined) query = query.where('id', '=', versionId);
    return query.orderBy('id', 'desc').limit(1).executeTakeFirst();
  },

  /** Adds a version, which is the newest from now on. */
  async insert(database: Database, row: Omit<FileRow, 'id'>): Promise<FileRow> {
    const id = await takeNumbers(database, 'file');
    const stored = { id, ...row };
    await database.insertInto('file').values(stored).execute();
    return stored;
  },

  /** Forgets all versions and gives the hashes their bytes were stored under. */
  async delete(database: Database, key: FileKey): Promise<string[]> {
    const rows = await database
      .deleteFrom('file')
      .where('tenantId', '=', key.tenantId)
      .where('namespace', '=', key.namespace)
      .where('name', '=', key.name)
      .returning('hash')
      .execute();
    return rows.map((row) => row.hash);
  },
};
