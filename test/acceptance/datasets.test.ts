import { DatasetProfile } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, hardness, hardnessTarget, uploadTable } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const patch = (id: string, ...data: unknown[]) =>
  server.send('PATCH', `/btdataset/${id}`, { body: { data } });

describe('datasets', () => {
  it('come back as they were created, References in snake case', async () => {
    const fields = {
      name: 'Résines ⚗️',
      parentId: 'PRO1',
      fileName: 'small.csv',
      References: { project_ids: ['PRO1'], data_column_ids: ['DAC1'], filter: { a: [1, null] } },
      Report: { id: 'REP1' },
    };
    const created = await createDataset(server, hardness, fields);
    expect(created.status, created.text).toBe(201);
    const { body } = await server.send('GET', `/btdataset/${created.body.albertId}`);
    expect(body).toEqual(created.body);
    expect(body).toMatchObject({ ...fields, rowCount: 30, columnCount: 4, status: 'active' });
    expect(body.dataHash).toMatch(/^[0-9a-f]{64}$/);
    expect(body.Created).toMatchObject({ by: 'USR1', byName: 'Administrator' });
    expect((await server.send('GET', `/btdataset/${body.albertId.toLowerCase()}`)).body).toEqual(body);
  });

  it('can be copied by posting what was fetched, without what only this server says', async () => {
    const { rowCount: _, columnCount: __, dataHash: ___, ...fetched } = (await createDataset(server)).body;
    const copy = await server.send('POST', '/btdataset', { body: fetched });
    expect(copy.status, copy.text).toBe(201);
    expect(copy.body.albertId).not.toBe(fetched.albertId);
  });

  it('page without a limit, each once, filtered by name and creator', async () => {
    const made: string[] = [];
    for (let i = 0; i < 205; i++) {
      made.push((await server.send('POST', '/btdataset', { body: { name: `page ${i}` } })).body.albertId);
    }
    const listed: string[] = [];
    let startKey: string | undefined;
    let pages = 0;
    do {
      const { body } = await server.send(
        'GET',
        `/btdataset${startKey === undefined ? '' : `?startKey=${startKey}`}`,
      );
      listed.push(...body.Items.map((item: { albertId: string }) => item.albertId));
      startKey = body.lastKey;
      pages += 1;
    } while (startKey !== undefined);
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(made));
    const find = async (query: string) => (await server.send('GET', `/btdataset?${query}`)).body.Items.length;
    expect(await find('name=page%2017')).toBe(1);
    expect(await find('createdBy=USR1&name=page%2017')).toBe(1);
    expect(await find('createdBy=Administrator&name=page%2017')).toBe(1);
    expect(await find('createdBy=USR999')).toBe(0);
  });

  it('change as a whole or not at all', async () => {
    const { albertId: id } = (await server.send('POST', '/btdataset', { body: { name: 'before' } })).body;
    const key = await uploadTable(server, hardness);
    const changed = await patch(
      id,
      { operation: 'update', attribute: 'name', oldValue: 'before', newValue: 'after' },
      { operation: 'add', attribute: 'key', newValue: key },
      { operation: 'add', attribute: 'References', newValue: { project_ids: [] } },
    );
    expect(changed.body).toMatchObject({ name: 'after', key, rowCount: 30, References: { project_ids: [] } });
    expect(Date.parse(changed.body.Updated.at)).toBeGreaterThanOrEqual(Date.parse(changed.body.Created.at));

    const lost = await patch(
      id,
      { operation: 'delete', attribute: 'key', oldValue: key },
      { operation: 'update', attribute: 'name', oldValue: 'before', newValue: 'third' },
    );
    expectProblem(lost, 409, 'LOST_UPDATE');
    expect((await server.send('GET', `/btdataset/${id}`)).body).toEqual(changed.body);

    const unset = await patch(
      id,
      { operation: 'delete', attribute: 'key', oldValue: key },
      { operation: 'delete', attribute: 'References', oldValue: { project_ids: [] } },
    );
    expect(unset.body).not.toHaveProperty('key');
    expect(unset.body).not.toHaveProperty('rowCount');
    expect(unset.body).not.toHaveProperty('References');
    expect((await patch(id)).body).toEqual(unset.body);
    expectProblem(await patch(id, { operation: 'delete', attribute: 'name' }), 400, 'FIELD_INVALID');
    expectProblem(
      await patch(id, { operation: 'update', attribute: 'dataHash', newValue: 'x' }),
      400,
      'ATTRIBUTE_NOT_PATCHABLE',
    );
  });

  it('are gone when deleted', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    expect((await server.send('DELETE', `/btdataset/${id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expectProblem(await server.send(method, `/btdataset/${id}`), 404, 'RECORD_NOT_FOUND');
    }
    expectProblem(await patch(id), 404, 'RECORD_NOT_FOUND');
  });

  it('tell what their columns are, and believe what the user says', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    const variables = async () => (await server.send('GET', `/btdataset/${id}/variables`)).body.variables;
    const before = await variables();
    expect(before.map((one: { key: string }) => one.key)).toContain(hardnessTarget);
    const say = (...changes: unknown[]) =>
      server.send('PATCH', `/btdataset/${id}/variables`, { body: { variables: changes } });
    const said = await say({ key: 'temperature (C)', role: 'ignored', bounds: { lower: 0, upper: 300 } });
    expect(said.status, said.text).toBe(200);
    const one = (list: { key: string }[]) => list.find(({ key }) => key === 'temperature (C)');
    expect(one(await variables())).toMatchObject({ role: 'ignored', bounds: { lower: 0, upper: 300 } });
    await say({ key: 'temperature (C)', role: null });
    expect(one(await variables())).toMatchObject({ bounds: { lower: 0, upper: 300 } });
    await say({ key: 'temperature (C)', bounds: null });
    expect(await variables()).toEqual(before);
    expectProblem(await say({ key: 'nothing', role: 'ignored' }), 422, 'COLUMN_UNKNOWN');
    expectProblem(await say({ key: 'temperature (C)', colour: 'red' }), 400, 'FIELD_UNKNOWN');
    expect(await variables()).toEqual(before);
  });

  it('show a profile and their rows', async () => {
    const { albertId: id } = (await createDataset(server, hardness.replace(/^41,.*$/m, '41,,73,'))).body;
    const profile = DatasetProfile.parse((await server.send('GET', `/btdataset/${id}/profile`)).body);
    expect(profile).toMatchObject({ rowCount: 30, columnCount: 4 });
    const { body } = await server.send('GET', `/btdataset/${id}/rows?offset=1&limit=2`);
    expect(body).toMatchObject({ offset: 1, total: 30 });
    expect(body.rows[0]).toEqual([41, null, 73, null]);
    expect(body.rows).toHaveLength(2);
    expect((await server.send('GET', `/btdataset/${id}/rows?offset=1000`)).body.rows).toEqual([]);
    const empty = (await server.send('POST', '/btdataset', { body: { name: 'empty' } })).body.albertId;
    for (const path of ['profile', 'rows', 'variables']) {
      expectProblem(await server.send('GET', `/btdataset/${empty}/${path}`), 422, 'DATASET_WITHOUT_DATA');
    }
  });

  it('row 54: columns may be called like parts of a program', async () => {
    const names = ['constructor', 'toString', 'then', 'length', '0', '__proto__', 'hasOwnProperty'];
    const rows = Array.from({ length: 8 }, (_, i) => names.map((_, j) => (i * (j + 2)) % 11).join(','));
    const { albertId: id } = (await createDataset(server, [names.join(','), ...rows].join('\n'))).body;
    const { body } = await server.send('GET', `/btdataset/${id}/rows?limit=1`);
    expect(body.columns).toEqual(names);
    expect(
      (await server.send('GET', `/btdataset/${id}/variables`)).body.variables.map((one: Json) => one.key),
    ).toEqual(names);
  });
});

describe('a file that is no table is refused and leaves nothing', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  it.each([
    ['row 20: no bytes', text(''), 422, 'FILE_EMPTY'],
    ['row 21: a header only', text('a,b,c\n'), 422, 'TABLE_WITHOUT_ROWS'],
    ['row 22: a workbook cut off', text('PK\u0003\u0004 and then nothing'), 422, 'FILE_DAMAGED'],
    ['row 23: a PDF', text('%PDF-1.7\n%âãÏÓ\n1 0 obj'), 415, 'FILE_KIND_UNSUPPORTED'],
    ['row 23: a page', text('<!DOCTYPE html><html><table><tr><td>1'), 415, 'FILE_KIND_UNSUPPORTED'],
    ['row 52: ragged rows', text('a,b\n1,2\n3\n4,5,6\n'), 422, 'ROW_RAGGED'],
    ['row 53: a column twice', text('a,a\n1,2\n3,4\n'), 422, 'HEADER_INVALID'],
    ['row 38: a quote left open', text('a,b\n1,"2\n3,4\n'), 422, 'QUOTE_UNCLOSED'],
  ])('%s', async (_name, content, status, code) => {
    const key = await uploadTable(server, content);
    const before = server.countEverything();
    const answer = await server.send('POST', '/btdataset', { body: { name: 'no table', key } });
    expectProblem(answer, status, code);
    expect(server.countEverything()).toEqual(before);
    // The file itself is kept as it is.
    expect(Buffer.from(await server.client.download(key)).equals(Buffer.from(content))).toBe(true);

    const { albertId: id } = (await createDataset(server)).body;
    const { body: fine } = await server.send('GET', `/btdataset/${id}`);
    const change = { operation: 'update', attribute: 'key', oldValue: fine.key, newValue: key };
    expectProblem(await patch(id, change), status, code);
    expect((await server.send('GET', `/btdataset/${id}`)).body).toEqual(fine);
  });

  it('a key without a file: the public client does not notice a failed upload', async () => {
    const before = server.countEverything();
    const answer = await server.send('POST', '/btdataset', { body: { name: 'no file', key: 'nowhere.csv' } });
    expect(expectProblem(answer, 404, 'FILE_NOT_FOUND').location).toEqual({
      field: 'body/key',
      value: 'nowhere.csv',
    });
    expect(server.countEverything()).toEqual(before);
  });
});
