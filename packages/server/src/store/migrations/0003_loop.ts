import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Tables } from '../tables.ts';

/** The loop: versions of data, sessions that follow others, candidates as the last step of a build. */
export const loop: Migration = {
  async up(database: Kysely<Tables>): Promise<void> {
    const { schema } = database;
    await schema.alterTable('dataset').addColumn('dataVersion', 'integer').execute();
    await schema.alterTable('modelSession').addColumn('parentSessionId', 'integer').execute();
    await schema.alterTable('modelSession').addColumn('insightId', 'integer').execute();
    await schema.alterTable('model').addColumn('insightId', 'integer').execute();
    await schema
      .createIndex('modelSessionByParent')
      .on('modelSession')
      .columns(['parentSessionId', 'id'])
      .execute();
    await schema.createIndex('modelSessionByInsight').on('modelSession').column('insightId').execute();
    await schema.createIndex('modelByInsight').on('model').column('insightId').execute();

    await schema
      .createTable('datasetVersion')
      .addColumn('datasetId', 'integer', (column) =>
        column.notNull().references('dataset.id').onDelete('cascade'),
      )
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('tenantId', 'integer', (column) => column.notNull())
      .addColumn('fileId', 'integer')
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('dataHash', 'text', (column) => column.notNull())
      .addColumn('rowCount', 'integer', (column) => column.notNull())
      .addColumn('columnCount', 'integer', (column) => column.notNull())
      .addColumn('rowsAdded', 'integer')
      .addColumn('insightId', 'integer')
      .addColumn('ranks', 'text')
      .addColumn('createdBy', 'integer', (column) => column.notNull())
      .addColumn('createdByName', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('datasetVersionKey', ['datasetId', 'version'])
      .execute();
    await schema.createIndex('datasetVersionByHash').on('datasetVersion').column('dataHash').execute();
    await schema.createIndex('datasetVersionByInsight').on('datasetVersion').column('insightId').execute();

    await schema.createIndex('jobByTenant').on('job').columns(['tenantId', 'groupKey']).execute();

    // What there was before versions were counted is the first one.
    await database.updateTable('dataset').set({ dataVersion: 1 }).where('dataHash', 'is not', null).execute();
    await sql`insert into datasetVersion
      (datasetId, version, tenantId, fileId, key, dataHash, rowCount, columnCount, createdBy, createdByName, createdAt)
      select id, 1, tenantId,
        (select max(file.id) from file where file.tenantId = dataset.tenantId and file.hash = dataset.dataHash
          and file.name = dataset.key),
        coalesce(key, ''), dataHash, coalesce(rowCount, 0), coalesce(columnCount, 0), updatedBy, updatedByName, updatedAt
      from dataset where dataHash is not null`.execute(database);
  },
};
