import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from './openSqliteStore.ts';
import { builds } from './repositories/builds.ts';
import { datasets, type DatasetRow, toDataset } from './repositories/datasets.ts';
import { files } from './repositories/files.ts';
import { modelSessions } from './repositories/modelSessions.ts';
import { tenants } from './repositories/tenants.ts';
import { creationStamps } from './stamps.ts';
import type { Store } from './store.ts';
import { takeNumbers } from './takeNumbers.ts';

/** What every store promises. Another database engine is one more line here. */
const stores: readonly { name: string; open: (folder: string) => Promise<Store> }[] = [
  { name: 'SQLite', open: (folder) => openSqliteStore(join(folder, 'store.sqlite')) },
];

const at = '2026-01-01T00:00:00.000Z';
const author = { userId: 1, userName: 'Ada' };

function datasetRow(id: number, fields: Partial<DatasetRow> = {}): DatasetRow {
  return {
    id,
    tenantId: 1,
    name: `dataset ${id}`,
    parentId: null,
    key: null,
    fileName: null,
    report: null,
    references: null,
    readOptions: null,
    dataHash: null,
    dataVersion: null,
    rowCount: null,
    columnCount: null,
    overrides: '[]',
    ...creationStamps(author, at),
    ...fields,
  };
}

describe.each(stores)('the store on $name', ({ open }) => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athanor-store-'));
    store = await open(folder);
    for (const id of [1, 2]) {
      await tenants.insert(store.database, { id, name: `tenant ${id}`, createdAt: at });
    }
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps all writes of a transaction or none', async () => {
    await expect(
      store.transaction(async (transaction) => {
        await datasets.insert(transaction, datasetRow(1));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await datasets.find(store.database, 1, 1)).toBeUndefined();
    await store.transaction((transaction) => datasets.insert(transaction, datasetRow(1)));
    expect((await datasets.find(store.database, 1, 1))?.name).toBe('dataset 1');
  });

  it('acts after a commit in order, and never after a rollback', async () => {
    const heard: string[] = [];
    await store.transaction(async (transaction) => {
      store.afterCommit(transaction, () => heard.push('first'));
      store.afterCommit(transaction, () => heard.push('second'));
      await datasets.insert(transaction, datasetRow(1));
      expect(heard).toEqual([]);
    });
    await store
      .transaction(async (transaction) => {
        store.afterCommit(transaction, () => heard.push('never'));
        throw new Error('rollback');
      })
      .catch(() => {});
    expect(heard).toEqual(['first', 'second']);
    expect(() => store.afterCommit(store.database, () => {})).toThrow('not a running transaction');
  });

  it('runs transactions one after the other, however many are begun at once', async () => {
    await store.transaction((transaction) => datasets.insert(transaction, datasetRow(1, { rowCount: 0 })));
    await Promise.all(
      Array.from({ length: 20 }, () =>
        store.transaction(async (transaction) => {
          const { rowCount } = (await datasets.find(transaction, 1, 1))!;
          await Promise.resolve();
          await datasets.update(transaction, 1, 1, { rowCount: rowCount! + 1 });
        }),
      ),
    );
    expect((await datasets.find(store.database, 1, 1))?.rowCount).toBe(20);
  });

  it('gives numbers that grow and never come again, also not after a delete or a reopening', async () => {
    expect(await takeNumbers(store.database, 'dataset')).toBe(1);
    expect(await takeNumbers(store.database, 'dataset', 3)).toBe(2);
    expect(await takeNumbers(store.database, 'model')).toBe(1);
    await datasets.insert(store.database, datasetRow(4));
    await datasets.delete(store.database, 1, 4);
    await store.close();
    store = await open(folder);
    expect(await takeNumbers(store.database, 'dataset')).toBe(5);
  });

  it('never shows a record of one tenant to another', async () => {
    await datasets.insert(store.database, datasetRow(1, { tenantId: 2 }));
    expect(await datasets.find(store.database, 1, 1)).toBeUndefined();
    expect(await datasets.list(store.database, 1, { from: 0, limit: 10 })).toEqual([]);
    await datasets.update(store.database, 1, 1, { name: 'mine now' });
    await datasets.delete(store.database, 1, 1);
    expect((await datasets.find(store.database, 2, 1))?.name).toBe('dataset 1');
  });

  it('lists datasets oldest first, page by page, filtered', async () => {
    for (let id = 1; id <= 5; id++) {
      await datasets.insert(
        store.database,
        datasetRow(id, id === 3 ? { name: 'odd', createdBy: 9, createdByName: 'Eve' } : {}),
      );
    }
    const ids = async (filter: Parameters<typeof datasets.list>[2]) =>
      (await datasets.list(store.database, 1, filter)).map((row) => row.id);
    expect(await ids({ from: 0, limit: 3 })).toEqual([1, 2, 3]);
    expect(await ids({ from: 3, limit: 3 })).toEqual([4, 5]);
    expect(await ids({ from: 0, name: 'odd', limit: 3 })).toEqual([3]);
    expect(await ids({ from: 0, createdBy: { id: 9, name: 'USR9' }, limit: 3 })).toEqual([3]);
    expect(await ids({ from: 0, createdBy: { id: null, name: 'Eve' }, limit: 3 })).toEqual([3]);
  });

  it('gives any text back as it was', async () => {
    const texts = [
      "Robert'); DROP TABLE dataset;--",
      '⚗️ naïve 化学',
      ' ',
      '"',
      "''",
      '%_',
      '\u202eabc',
      '{{7*7}}',
    ];
    for (const [index, name] of texts.entries()) {
      const references = { project_ids: [name], filter: { [name]: name } };
      await datasets.insert(
        store.database,
        datasetRow(index + 1, { name, references: JSON.stringify(references) }),
      );
      const wire = toDataset((await datasets.find(store.database, 1, index + 1))!);
      expect(wire.name).toBe(name);
      expect(wire.References).toEqual(references);
    }
  });

  it('refuses a record that points nowhere', async () => {
    const session = {
      id: 1,
      tenantId: 1,
      name: 's',
      category: 'userModel',
      datasetId: 77,
      state: 'Queued',
      target: null,
      buildOptions: '{}',
      defaultModel: null,
      totalTime: null,
      modelCount: null,
      registry: null,
      registryByClient: 0,
      details: null,
      flag: 0,
      parentSessionId: null,
      insightId: null,
      ...creationStamps(author, at),
    };
    await expect(modelSessions.insert(store.database, session)).rejects.toThrow(/foreign key/i);
  });

  it('numbers the lines of each build by themselves', async () => {
    for (const id of [1, 2]) {
      await builds.insert(store.database, {
        id,
        tenantId: 1,
        sessionId: null,
        modelId: null,
        datasetId: 1,
        status: 'queued',
        request: '{}',
        dataHash: 'x',
        tableHash: null,
        planHash: null,
        summary: null,
        createdAt: at,
        startedAt: null,
        endedAt: null,
      });
    }
    const say = (build: number, message: string) =>
      builds.appendLog(store.database, build, { at, stage: 'plan', message });
    expect((await say(1, 'a')).number).toBe(1);
    expect((await say(2, 'b')).number).toBe(1);
    expect((await say(1, 'c')).number).toBe(2);
    expect((await builds.listLog(store.database, 1)).map(({ line }) => line.message)).toEqual(['a', 'c']);
  });

  it('keeps every version of a file and finds the newest', async () => {
    const key = { tenantId: 1, namespace: 'breakthrough', name: 'a.csv' };
    const version = (hash: string) =>
      files.insert(store.database, {
        ...key,
        hash,
        size: 1,
        contentType: 'text/csv',
        metadata: '[]',
        createdBy: 1,
        createdAt: at,
      });
    const first = await version('h1');
    await version('h2');
    expect((await files.find(store.database, key))?.hash).toBe('h2');
    expect((await files.find(store.database, key, first.id))?.hash).toBe('h1');
    expect(await files.find(store.database, { ...key, tenantId: 2 }, first.id)).toBeUndefined();
    expect((await files.delete(store.database, key)).sort()).toEqual(['h1', 'h2']);
    expect(await files.find(store.database, key)).toBeUndefined();
  });
});
