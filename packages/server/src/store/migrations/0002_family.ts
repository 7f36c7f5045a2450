import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Tables } from '../tables.ts';

function stamped<Name extends string>(table: CreateTableBuilder<Name>) {
  return table
    .addColumn('id', 'integer', (column) => column.notNull())
    .addColumn('tenantId', 'integer', (column) => column.notNull().references('tenant.id'))
    .addColumn('createdBy', 'integer', (column) => column.notNull())
    .addColumn('createdByName', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('updatedBy', 'integer', (column) => column.notNull())
    .addColumn('updatedByName', 'text', (column) => column.notNull())
    .addColumn('updatedAt', 'text', (column) => column.notNull());
}

/** Projects, targets, insights with their text index, smart datasets; audit, repeated requests, ended tokens. */
export const family: Migration = {
  async up(database: Kysely<Tables>): Promise<void> {
    const { schema } = database;
    await stamped(schema.createTable('project'))
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('class', 'text', (column) => column.notNull())
      .addColumn('state', 'text')
      .addColumn('kept', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('projectKey', ['tenantId', 'id'])
      .execute();

    await stamped(schema.createTable('target'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('parentId', 'integer')
      .addColumn('dataTemplateId', 'text', (column) => column.notNull())
      .addColumn('dataColumnId', 'text', (column) => column.notNull())
      .addColumn('unitId', 'text')
      .addColumn('parameters', 'text')
      .addColumn('targetValue', 'text', (column) => column.notNull())
      .addColumn('isRequired', 'integer', (column) => column.notNull())
      .addColumn('validation', 'text')
      .addPrimaryKeyConstraint('targetKey', ['id'])
      .execute();
    await schema.createIndex('targetByTenant').on('target').columns(['tenantId', 'id']).execute();

    await stamped(schema.createTable('insight'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('state', 'text')
      .addColumn('parentId', 'integer')
      .addColumn('datasetId', 'integer', (column) => column.references('dataset.id'))
      .addColumn('modelSessionId', 'integer', (column) => column.references('modelSession.id'))
      .addColumn('modelId', 'integer', (column) => column.references('model.id'))
      .addColumn('smartDatasetId', 'integer')
      .addColumn('metadata', 'text')
      .addColumn('outputKey', 'text')
      .addColumn('startTime', 'text')
      .addColumn('endTime', 'text')
      .addColumn('totalTime', 'text')
      .addColumn('rawPayload', 'text')
      .addColumn('payloadType', 'text')
      .addColumn('registry', 'text')
      .addColumn('contentEdited', 'integer')
      .addColumn('isOurs', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('insightKey', ['id'])
      .execute();
    // One for each order that a search may ask for, and one for each filter that may leave few of many.
    const insightIndices: Record<string, (keyof Tables['insight'])[]> = {
      insightByTenant: ['tenantId', 'id'],
      insightByCreated: ['tenantId', 'createdAt', 'id'],
      insightByUpdated: ['tenantId', 'updatedAt', 'id'],
      insightByName: ['tenantId', 'name', 'id'],
      insightByCategory: ['tenantId', 'category', 'state', 'id'],
      insightByState: ['tenantId', 'state', 'id'],
      insightByStart: ['tenantId', 'startTime', 'id'],
      insightByEnd: ['tenantId', 'endTime', 'id'],
      insightByCreator: ['tenantId', 'createdBy', 'id'],
      insightByCreatorName: ['tenantId', 'createdByName', 'id'],
      insightByUpdater: ['tenantId', 'updatedBy', 'id'],
      insightByDataset: ['datasetId', 'id'],
      insightBySession: ['modelSessionId', 'id'],
      insightByModel: ['modelId', 'id'],
      insightBySmartDataset: ['smartDatasetId', 'id'],
    };
    for (const [name, columns] of Object.entries(insightIndices)) {
      await schema.createIndex(name).on('insight').columns(columns).execute();
    }
    await schema
      .createTable('insightTag')
      .addColumn('insightId', 'integer', (column) =>
        column.notNull().references('insight.id').onDelete('cascade'),
      )
      .addColumn('tenantId', 'integer', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('insightTagKey', ['insightId', 'tag'])
      .execute();
    await schema
      .createIndex('insightByTag')
      .on('insightTag')
      .columns(['tenantId', 'tag', 'insightId'])
      .execute();
    // The text index is SQLite's own; another engine makes its own beside it. See insightText.ts.
    await sql`create virtual table insightText using fts5(
      words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2 3'
    )`.execute(database);

    await stamped(schema.createTable('smartDataset'))
      .addColumn('parentId', 'integer')
      .addColumn('buildState', 'text')
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('schema', 'text')
      .addColumn('storageKey', 'text')
      .addColumn('matrixHash', 'text')
      .addColumn('failure', 'text')
      .addColumn('isOurs', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('smartDatasetKey', ['id'])
      .execute();
    await schema.createIndex('smartDatasetByTenant').on('smartDataset').columns(['tenantId', 'id']).execute();
    await schema.createIndex('smartDatasetByMatrix').on('smartDataset').column('matrixHash').execute();

    await schema
      .createTable('auditEntry')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('tenantId', 'integer', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('userId', 'integer', (column) => column.notNull())
      .addColumn('userName', 'text', (column) => column.notNull())
      .addColumn('clientId', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('record', 'text', (column) => column.notNull())
      .addColumn('before', 'text')
      .addColumn('after', 'text')
      .execute();
    await schema.createIndex('auditByTenant').on('auditEntry').columns(['tenantId', 'id']).execute();
    await schema
      .createIndex('auditByRecord')
      .on('auditEntry')
      .columns(['tenantId', 'record', 'id'])
      .execute();
    // What happened stays what happened, also for code that has a mistake.
    await sql`create trigger auditUnchangeable before update on auditEntry begin
      select raise(abort, 'the audit is append-only'); end`.execute(database);
    await sql`create trigger auditUndeletable before delete on auditEntry begin
      select raise(abort, 'the audit is append-only'); end`.execute(database);

    await schema
      .createTable('repeatedRequest')
      .addColumn('tenantId', 'integer', (column) => column.notNull())
      .addColumn('clientId', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('requestHash', 'text', (column) => column.notNull())
      .addColumn('status', 'integer', (column) => column.notNull())
      .addColumn('answer', 'text', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('repeatedRequestKey', ['tenantId', 'clientId', 'key'])
      .execute();
    await schema.createIndex('repeatedRequestByTime').on('repeatedRequest').column('at').execute();

    await schema
      .createTable('endedToken')
      .addColumn('tokenId', 'text', (column) => column.primaryKey())
      .addColumn('expiresAt', 'integer', (column) => column.notNull())
      .execute();
  },
};
