import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { faultPoint } from '../../observe/faultPoint.ts';
import type { Tables } from '../tables.ts';

/** Columns of every record that is somebody's: its number, its tenant, and who made and changed it. */
function stamped<Name extends string>(table: CreateTableBuilder<Name>) {
  return table
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('tenantId', 'integer', (column) => column.notNull().references('tenant.id'))
    .addColumn('createdBy', 'integer', (column) => column.notNull())
    .addColumn('createdByName', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('updatedBy', 'integer', (column) => column.notNull())
    .addColumn('updatedByName', 'text', (column) => column.notNull())
    .addColumn('updatedAt', 'text', (column) => column.notNull());
}

/** The first schema, in words that SQLite and Postgres understand alike: all numbers come from `counter`. */
export const first: Migration = {
  async up(database: Kysely<Tables>): Promise<void> {
    const { schema } = database;
    await schema
      .createTable('tenant')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('counter')
      .addColumn('kind', 'text', (column) => column.primaryKey())
      .addColumn('last', 'integer', (column) => column.notNull())
      .execute();
    await stamped(schema.createTable('user'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text')
      .addColumn('userClass', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('client')
      .addColumn('clientId', 'text', (column) => column.primaryKey())
      .addColumn('tenantId', 'integer', (column) => column.notNull().references('tenant.id'))
      .addColumn('userId', 'integer', (column) => column.notNull().references('user.id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('secretHash', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'text', (column) => column.notNull())
      .addColumn('revokedAt', 'text')
      .execute();
    await schema
      .createTable('file')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('tenantId', 'integer', (column) => column.notNull().references('tenant.id'))
      .addColumn('namespace', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addColumn('contentType', 'text', (column) => column.notNull())
      .addColumn('metadata', 'text', (column) => column.notNull())
      .addColumn('createdBy', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createIndex('fileByName')
      .on('file')
      .columns(['tenantId', 'namespace', 'name', 'id'])
      .execute();
    await schema.createIndex('fileByHash').on('file').column('hash').execute();

    await stamped(schema.createTable('dataset'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('parentId', 'text')
      .addColumn('key', 'text')
      .addColumn('fileName', 'text')
      .addColumn('report', 'text')
      .addColumn('references', 'text')
      .addColumn('readOptions', 'text')
      .addColumn('dataHash', 'text')
      .addColumn('rowCount', 'integer')
      .addColumn('columnCount', 'integer')
      .addColumn('overrides', 'text', (column) => column.notNull())
      .execute();
    await schema.createIndex('datasetByTenant').on('dataset').columns(['tenantId', 'id']).execute();
    await schema.createIndex('datasetByHash').on('dataset').column('dataHash').execute();

    await stamped(schema.createTable('modelSession'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('datasetId', 'integer', (column) => column.notNull().references('dataset.id'))
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('target', 'text')
      .addColumn('buildOptions', 'text', (column) => column.notNull())
      .addColumn('defaultModel', 'text')
      .addColumn('totalTime', 'text')
      .addColumn('modelCount', 'integer')
      .addColumn('registry', 'text')
      .addColumn('registryByClient', 'integer', (column) => column.notNull())
      .addColumn('details', 'text')
      .addColumn('flag', 'integer', (column) => column.notNull())
      .execute();
    await schema.createIndex('modelSessionByTenant').on('modelSession').columns(['tenantId', 'id']).execute();
    await schema
      .createIndex('modelSessionByDataset')
      .on('modelSession')
      .columns(['datasetId', 'id'])
      .execute();

    faultPoint('migration.midway');
    await schema
      .createTable('build')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('tenantId', 'integer', (column) => column.notNull().references('tenant.id'))
      .addColumn('sessionId', 'integer', (column) => column.references('modelSession.id').onDelete('cascade'))
      .addColumn('modelId', 'integer')
      .addColumn('datasetId', 'integer', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('request', 'text', (column) => column.notNull())
      .addColumn('dataHash', 'text', (column) => column.notNull())
      .addColumn('tableHash', 'text')
      .addColumn('planHash', 'text')
      .addColumn('summary', 'text')
      .addColumn('createdAt', 'text', (column) => column.notNull())
      .addColumn('startedAt', 'text')
      .addColumn('endedAt', 'text')
      .execute();
    await schema.createIndex('buildBySession').on('build').columns(['sessionId', 'id']).execute();
    await schema.createIndex('buildByModel').on('build').column('modelId').execute();
    await schema.createIndex('buildByStatus').on('build').column('status').execute();

    await stamped(schema.createTable('model'))
      .addColumn('sessionId', 'integer', (column) => column.references('modelSession.id').onDelete('cascade'))
      .addColumn('datasetId', 'integer')
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('state', 'text')
      .addColumn('target', 'text')
      .addColumn('metadata', 'text')
      .addColumn('startTime', 'text')
      .addColumn('endTime', 'text')
      .addColumn('totalTime', 'text')
      .addColumn('modelBinaryKey', 'text')
      .addColumn('flag', 'integer', (column) => column.notNull())
      .addColumn('buildId', 'integer', (column) => column.references('build.id').onDelete('set null'))
      .addColumn('requestName', 'text')
      .addColumn('artifactHash', 'text')
      .execute();
    await schema.createIndex('modelBySession').on('model').columns(['sessionId', 'id']).execute();
    await schema.createIndex('modelByTenant').on('model').columns(['tenantId', 'id']).execute();
    await schema.createIndex('modelByBuild').on('model').column('buildId').execute();
    await schema.createIndex('modelByArtifact').on('model').column('artifactHash').execute();

    await schema
      .createTable('buildTask')
      .addColumn('buildId', 'integer', (column) =>
        column.notNull().references('build.id').onDelete('cascade'),
      )
      .addColumn('taskId', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('model', 'integer', (column) => column.notNull())
      .addColumn('target', 'integer', (column) => column.notNull())
      .addColumn('after', 'text')
      .addColumn('parts', 'integer', (column) => column.notNull())
      .addColumn('estimatedSeconds', 'real', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('resultHash', 'text')
      .addColumn('seconds', 'real')
      .addColumn('errorCode', 'text')
      .addColumn('errorMessage', 'text')
      .addPrimaryKeyConstraint('buildTaskKey', ['buildId', 'taskId'])
      .execute();
    await schema.createIndex('buildTaskByResult').on('buildTask').column('resultHash').execute();

    await schema
      .createTable('buildLog')
      .addColumn('buildId', 'integer', (column) =>
        column.notNull().references('build.id').onDelete('cascade'),
      )
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('stage', 'text', (column) => column.notNull())
      .addColumn('code', 'text')
      .addColumn('message', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('buildLogKey', ['buildId', 'number'])
      .execute();

    await schema
      .createTable('job')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('tenantId', 'integer', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('groupKey', 'text', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('priority', 'integer', (column) => column.notNull())
      .addColumn('state', 'text', (column) =>
        column.notNull().check(sql`"state" in ('queued', 'running', 'done', 'failed', 'cancelled')`),
      )
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('fence', 'integer', (column) => column.notNull())
      .addColumn('queuedAt', 'text', (column) => column.notNull())
      .addColumn('startedAt', 'text')
      .addColumn('endedAt', 'text')
      .addColumn('errorCode', 'text')
      .addColumn('errorMessage', 'text')
      .execute();
    await schema.createIndex('jobByState').on('job').columns(['state', 'priority', 'id']).execute();
    await schema.createIndex('jobByGroup').on('job').column('groupKey').execute();
  },
};
