import type { BuildLogLine } from '@athanor/schema';
import type { Selectable, Updateable } from 'kysely';
import type { Database } from '../database.ts';
import type { BuildTable, BuildTaskTable } from '../tables.ts';

export type BuildRow = Selectable<BuildTable>;
export type BuildTaskRow = Selectable<BuildTaskTable>;

/** A line with its place in the build's story. */
export interface NumberedLogLine {
  readonly number: number;
  readonly line: BuildLogLine;
}

export const builds = {
  async find(database: Database, id: number): Promise<BuildRow | undefined> {
    return database.selectFrom('build').selectAll().where('id', '=', id).executeTakeFirst();
  },

  /** The last build of a session. */
  async findLatest(database: Database, tenantId: number, sessionId: number): Promise<BuildRow | undefined> {
    return database
      .selectFrom('build')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('sessionId', '=', sessionId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
  },

  /** Builds of a session that have not ended. */
  async listActive(database: Database, tenantId: number, sessionId: number): Promise<BuildRow[]> {
    return database
      .selectFrom('build')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('sessionId', '=', sessionId)
      .where('status', 'in', ['queued', 'running'])
      .orderBy('id')
      .execute();
  },

  async insert(database: Database, row: BuildRow): Promise<void> {
    await database.insertInto('build').values(row).execute();
  },

  async update(database: Database, id: number, changes: Updateable<BuildTable>): Promise<void> {
    await database.updateTable('build').set(changes).where('id', '=', id).execute();
  },

  /**
   * Makes sure, until the transaction ends, that the build goes on and that nobody else lands a task of it.
   * @returns the build, or undefined when it has ended
   */
  async lockActive(transaction: Database, id: number): Promise<BuildRow | undefined> {
    return transaction
      .updateTable('build')
      .set({ status: 'running' })
      .where('id', '=', id)
      .where('status', 'in', ['queued', 'running'])
      .returningAll()
      .executeTakeFirst();
  },

  /** Builds of one model that a user posted. */
  async listOfModel(database: Database, tenantId: number, modelId: number): Promise<BuildRow[]> {
    return database
      .selectFrom('build')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .where('modelId', '=', modelId)
      .orderBy('id')
      .execute();
  },

  async deleteOfModel(database: Database, tenantId: number, modelId: number): Promise<void> {
    await database
      .deleteFrom('build')
      .where('tenantId', '=', tenantId)
      .where('modelId', '=', modelId)
      .execute();
  },

  async insertTasks(database: Database, rows: readonly BuildTaskRow[]): Promise<void> {
    // SQLite allows 32,766 values a statement.
    for (let start = 0; start < rows.length; start += 1_000) {
      await database
        .insertInto('buildTask')
        .values(rows.slice(start, start + 1_000))
        .execute();
    }
  },

  async listTasks(database: Database, buildId: number): Promise<BuildTaskRow[]> {
    return database
      .selectFrom('buildTask')
      .selectAll()
      .where('buildId', '=', buildId)
      .orderBy('position')
      .execute();
  },

  async findTask(database: Database, buildId: number, taskId: string): Promise<BuildTaskRow | undefined> {
    return database
      .selectFrom('buildTask')
      .selectAll()
      .where('buildId', '=', buildId)
      .where('taskId', '=', taskId)
      .executeTakeFirst();
  },

  async updateTask(
    database: Database,
    buildId: number,
    taskId: string,
    changes: Updateable<BuildTaskTable>,
  ): Promise<void> {
    await database
      .updateTable('buildTask')
      .set(changes)
      .where('buildId', '=', buildId)
      .where('taskId', '=', taskId)
      .execute();
  },

  /** Forgets the intermediate results of a build that has ended, and gives the hashes of their blobs. */
  async dropIntermediates(database: Database, row: BuildRow): Promise<string[]> {
    const tasks = await builds.listTasks(database, row.id);
    await database
      .updateTable('buildTask')
      .set({ resultHash: null })
      .where('buildId', '=', row.id)
      .where('resultHash', 'is not', null)
      .execute();
    await builds.update(database, row.id, { tableHash: null, planHash: null });
    return [row.tableHash, row.planHash, ...tasks.map((task) => task.resultHash)].filter(
      (hash) => hash !== null,
    );
  },

  async appendLog(database: Database, buildId: number, line: BuildLogLine): Promise<NumberedLogLine> {
    const { at, stage, code, message } = line;
    const { number } = await database
      .insertInto('buildLog')
      .columns(['buildId', 'number', 'at', 'stage', 'code', 'message'])
      .expression((row) =>
        row
          .selectFrom('buildLog')
          .select(({ fn, val, eb }) => [
            val(buildId).as('buildId'),
            eb(fn.coalesce(fn.max('number'), val(0)), '+', 1).as('number'),
            val(at).as('at'),
            val(stage).as('stage'),
            val(code ?? null).as('code'),
            val(message).as('message'),
          ])
          .where('buildId', '=', buildId),
      )
      .returning('number')
      .executeTakeFirstOrThrow();
    return { number, line };
  },

  async listLog(database: Database, buildId: number): Promise<NumberedLogLine[]> {
    const rows = await database
      .selectFrom('buildLog')
      .selectAll()
      .where('buildId', '=', buildId)
      .orderBy('number')
      .execute();
    return rows.map(({ number, at, stage, code, message }) => ({
      number,
      line: { at, stage, ...(code === null ? {} : { code }), message },
    }));
  },
};
