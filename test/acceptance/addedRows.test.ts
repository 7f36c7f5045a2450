import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataset, createSession, hardness, hardnessTarget, waitForState } from './tables.ts';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const row = { 'resin (g)': 71, 'hardener (g)': 25, 'temperature (C)': 80, [hardnessTarget]: 160.5 };
const add = (id: string, body: Json, headers: Record<string, string> = {}) =>
  server.send('POST', `/btdataset/${id}/rows`, { body, headers });
const rowsOf = async (id: string, offset: number): Promise<Json> =>
  (await server.send('GET', `/btdataset/${id}/rows?offset=${offset}`)).body.rows;
const versionsOf = async (id: string): Promise<Json[]> =>
  (await server.send('GET', `/btdataset/${id}/versions`)).body.Items;

describe('measured rows', () => {
  it('are added at the end as a new version, and the former version can still be had', async () => {
    const { albertId: id, key, dataHash } = (await createDataset(server)).body;
    const added = await add(id, { rows: [row, { 'resin (g)': 40.25 }] });
    expect(added.status, added.text).toBe(201);
    expect(added.body).toMatchObject({ rowsAdded: 2, firstRow: 31, sessions: [] });
    expect(added.body.dataset).toMatchObject({ rowCount: 32, columnCount: 4, dataVersion: 2, key });
    expect(await rowsOf(id, 30)).toEqual([
      [71, 25, 80, 160.5],
      [40.25, null, null, null],
    ]);
    expect(added.body.warnings.map(({ code }: Json) => code)).toEqual([
      'no_measurement',
      'beyond_range',
      'beyond_range',
    ]);
    const [now, before] = await versionsOf(id);
    expect(now).toMatchObject({ version: 2, rowsAdded: 2, rowCount: 32, Created: { by: 'USR1' } });
    expect(before).toMatchObject({ version: 1, rowsAdded: null, rowCount: 30, dataHash });
    const query = `name=${key}&namespace=breakthrough&versionId=${before!.versionId}`;
    const { body } = await server.send('GET', `/files/sign?${query}`);
    expect(await (await fetch(body.URL)).text()).toBe(hardness);
    const audit = (await server.send('GET', `/audit?record=${id}`)).body.Items[0];
    expect(audit).toMatchObject({ action: 'update', after: { rowCount: 32, dataVersion: 2 } });
  });

  it('take effect once under one Idempotency-Key, with the same answer', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    const key = { 'idempotency-key': 'rows-1' };
    const [first, second] = await Promise.all([add(id, { rows: [row] }, key), add(id, { rows: [row] }, key)]);
    const third = await add(id, { rows: [row] }, key);
    expect(first.status, first.text).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect((await server.send('GET', `/btdataset/${id}`)).body.rowCount).toBe(31);
    expectProblem(await add(id, { rows: [{ ...row, 'resin (g)': 1 }] }, key), 409, 'IDEMPOTENCY_KEY_REUSED');
  });

  it('of several people at once are all there', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    const answers = await Promise.all(
      [1, 2, 3].map((resin) => add(id, { rows: [{ ...row, 'resin (g)': resin }] })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const resins = (await rowsOf(id, 30)).map(([resin]: Json) => resin);
    expect(resins.sort()).toEqual([1, 2, 3]);
    expect(await versionsOf(id)).toHaveLength(4);
  });

  it('say when they repeat what is there, or name what was never seen', async () => {
    const table = ['solvent,temperature (C),yield (%)'];
    for (let i = 0; i < 24; i++)
      table.push(`${['water', 'ethanol'][i % 2]},${20 + i},${40 + ((i * 7) % 30)}`);
    const { albertId: id } = (await createDataset(server, table.join('\n'))).body;
    const { body } = await add(id, {
      rows: [
        { solvent: 'water', 'temperature (C)': 20, 'yield (%)': 40 },
        { solvent: 'hexane', 'temperature (C)': 25, 'yield (%)': 41 },
      ],
    });
    const codes = body.warnings.map(({ code, rows }: Json) => [code, rows]);
    expect(codes).toEqual([
      ['repeated_rows', [25]],
      ['new_level', [26]],
    ]);
  });

  it('keep decimal commas, dates and units as the file has them', async () => {
    const table = ['Tag;Menge (g);Dosis;Ausbeute (%)'];
    for (let i = 0; i < 20; i++) table.push(`${1 + i}.03.2026;${i},25;${i + 1} mg;${50 + i},5`);
    const { albertId: id } = (await createDataset(server, table.join('\n'))).body;
    const variables = (await server.send('GET', `/btdataset/${id}/variables`)).body.variables;
    const added = await add(id, {
      rows: [{ Tag: '30.03.2026', 'Menge (g)': 7.75, Dosis: 12.5, 'Ausbeute (%)': 71.5 }],
    });
    expect(added.status, added.text).toBe(201);
    expect(await rowsOf(id, 20)).toEqual([[Date.UTC(2026, 2, 30) / 86_400_000, 7.75, 12.5, 71.5]]);
    const after = (await server.send('GET', `/btdataset/${id}/variables`)).body.variables;
    const meaning = (list: Json) =>
      list.map(({ key, type, dataType, role, unit }: Json) => [key, type, dataType, role, unit]);
    expect(meaning(after)).toEqual(meaning(variables));
  });

  it('of a table of which somebody said what its columns are leave that as it is', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    await server.send('PATCH', `/btdataset/${id}/variables`, {
      body: { variables: [{ key: 'resin (g)', role: 'ignored' }] },
    });
    await add(id, { rows: [row] });
    const { variables } = (await server.send('GET', `/btdataset/${id}/variables`)).body;
    expect(variables[0]).toMatchObject({ role: 'ignored', overridden: ['role'] });
  });

  it.each<[string, Json, string, string | undefined]>([
    ['a column that is not there', { rows: [{ ...row, nickel: 1 }] }, 'COLUMN_UNKNOWN', 'body/rows/0'],
    [
      'text among numbers',
      { rows: [row, { ...row, 'resin (g)': 'much' }] },
      'CELL_INVALID',
      'body/rows/1/resin (g)',
    ],
    [
      'a word for nothing',
      { rows: [{ ...row, 'resin (g)': 'n/a' }] },
      'CELL_INVALID',
      'body/rows/0/resin (g)',
    ],
    [
      'a truth among numbers',
      { rows: [{ ...row, 'resin (g)': true }] },
      'CELL_INVALID',
      'body/rows/0/resin (g)',
    ],
    ['an empty row', { rows: [row, {}] }, 'CELL_INVALID', 'body/rows/1'],
  ])('with %s are refused with the place, and nothing is changed', async (_what, body, code, field) => {
    const { albertId: id } = (await createDataset(server)).body;
    const before = server.countEverything();
    const problem = expectProblem(await add(id, body), 422, code);
    expect(problem.errors[0]!.location.field).toBe(field);
    expect(server.countEverything()).toEqual(before);
  });

  it('of datasets without data, of nobody and of marks that mean nothing are refused', async () => {
    const { albertId: empty } = (await server.send('POST', '/btdataset', { body: { name: 'empty' } })).body;
    expectProblem(await add(empty, { rows: [row] }), 422, 'DATASET_WITHOUT_DATA');
    expectProblem(await add('DST99999', { rows: [row] }), 404, 'RECORD_NOT_FOUND');
    const { albertId: id } = (await createDataset(server)).body;
    expectProblem(await add(id, { rows: [] }), 400, 'FIELD_INVALID');
    expectProblem(await add(id, { rows: [row], insightId: 'INS99999' }), 404, 'RECORD_NOT_FOUND');
    expectProblem(await add(id, { rows: [row], ranks: [1] }), 400, 'FIELD_INVALID');
  });

  it('build the newest sessions of the dataset anew, which name those they follow', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    const first = (await createSession(server, { name: 'hardness' }, id)).body;
    await waitForState(server, `/btmodel/${first.id}`);
    const { body } = await add(id, { rows: [row], rebuild: true });
    expect(body.sessions).toEqual([{ sessionId: expect.any(String), parentSessionId: first.id }]);
    const [{ sessionId }] = body.sessions;
    const second = await waitForState(server, `/btmodel/${sessionId}`);
    expect(second).toMatchObject({
      state: 'Complete',
      name: 'hardness (version 2)',
      parentSessionId: first.id,
    });
    expect(second.Registry.Metrics.targets[0].rows).toBe(31);
    expect((await server.send('GET', `/btmodel/${first.id}`)).body.Registry.Metrics.targets[0].rows).toBe(30);

    const again = await add(id, { rows: [{ ...row, 'resin (g)': 72 }], rebuild: true });
    expect(again.body.sessions).toEqual([{ sessionId: expect.any(String), parentSessionId: sessionId }]);
    const third = await waitForState(server, `/btmodel/${again.body.sessions[0].sessionId}`);
    expect(third.name).toBe('hardness (version 3)');
    // What was built on former data can still be repeated to the byte.
    const repeated = await server.send('POST', `/btmodel/${first.id}/repeat`);
    expect(repeated.status, repeated.text).toBe(201);
    expect(repeated.body.parentSessionId).toBe(first.id);
    await server.send('POST', `/btmodel/${repeated.body.id}/cancel`);
  }, 300_000);

  it('build the models of a user anew with their choices, and say which they cannot', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    const first = (await createSession(server, { name: 'own', category: 'userModel' }, id)).body;
    const post = (body: Json) => server.send('POST', `/btmodel/${first.id}/model`, { body });
    const line = await post({
      name: 'line',
      state: 'Queued',
      target: [hardnessTarget],
      Metadata: { algorithm: 'ridge', inputs: ['resin (g)'], note: 'mine' },
    });
    const { id: foreign } = (await post({ name: 'foreign', state: 'Complete' })).body;
    await waitForState(server, `/btmodel/models/${line.body.id}`);
    const patched = await server.send('PATCH', `/btmodel/${first.id}`, {
      body: { data: [{ operation: 'add', attribute: 'defaultModel', newValue: 'line' }] },
    });
    expect(patched.status, patched.text).toBe(200);

    const { body } = await add(id, { rows: [row], rebuild: true });
    expect(body.warnings).toContainEqual({
      code: 'model_not_rebuilt',
      message: `foreign (${foreign}) is not built anew: it was not built here.`,
    });
    expect(body.sessions).toEqual([{ sessionId: expect.any(String), parentSessionId: first.id }]);
    const [{ sessionId }] = body.sessions;
    const second = await waitForState(server, `/btmodel/${sessionId}`);
    expect(second).toMatchObject({
      state: 'Complete',
      name: 'own (version 2)',
      category: 'userModel',
      defaultModel: 'line',
    });
    const { Items } = (await server.send('GET', `/btmodel/${sessionId}/model`)).body;
    expect(Items).toMatchObject([{ name: 'line', Metadata: { inputs: ['resin (g)'], note: 'mine' } }]);
    expect(Items[0].Metadata.Metrics.targets[0].rows).toBe(31);
    const rows = [{ 'resin (g)': 50 }];
    expect((await server.send('POST', `/btmodel/${sessionId}/predict`, { body: { rows } })).status).toBe(200);

    const { albertId: other } = (await createDataset(server)).body;
    await createSession(server, { name: 'bare', category: 'userModel' }, other);
    const none = (await add(other, { rows: [row], rebuild: true })).body;
    expect(none.sessions).toEqual([]);
    expect(none.warnings.map(({ code }: Json) => code)).toContain('session_not_rebuilt');
  }, 300_000);

  it('go with their dataset, files that were made of them included', async () => {
    const { albertId: id } = (await createDataset(server)).body;
    await add(id, { rows: [row] });
    const { key } = (await server.send('GET', `/btdataset/${id}`)).body;
    expect((await server.send('DELETE', `/btdataset/${id}`)).status).toBe(204);
    expectProblem(
      await server.send('GET', `/files/info?name=${key}&namespace=breakthrough&generic=false`),
      404,
      'FILE_NOT_FOUND',
    );
    expectProblem(await add(id, { rows: [row] }), 404, 'RECORD_NOT_FOUND');
  });

  it('do not touch the file of another dataset that shares it', async () => {
    const { albertId: id, key } = (await createDataset(server)).body;
    const other = (await server.send('POST', '/btdataset', { body: { name: 'other', key } })).body;
    const { body } = await add(id, { rows: [row] });
    expect(body.dataset.key).not.toBe(key);
    expect(body.dataset.key).toMatch(new RegExp(`^datasets/${id}/.*\\.csv$`));
    expect((await server.send('GET', `/btdataset/${other.albertId}`)).body).toEqual(other);
  });
});
