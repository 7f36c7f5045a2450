import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashSecret } from '../../packages/server/src/services/signIn.ts';
import { openSqliteStore } from '../../packages/server/src/store/openSqliteStore.ts';
import { clients } from '../../packages/server/src/store/repositories/clients.ts';
import { tenants } from '../../packages/server/src/store/repositories/tenants.ts';
import { users } from '../../packages/server/src/store/repositories/users.ts';
import { creationStamps } from '../../packages/server/src/store/stamps.ts';
import { createDataset, createSession, hardnessRows, waitForState } from './tables.ts';
import { expectProblem, TestServer } from './testServer.ts';

let server: TestServer;
/** A token of another tenant of the same server. */
let foreign: string;

beforeAll(async () => {
  server = await TestServer.start();
  await server.running.close();
  const store = await openSqliteStore(join(server.folder, 'athanor.sqlite'));
  const at = '2026-01-01T00:00:00.000Z';
  await tenants.insert(store.database, { id: 2, name: 'second', createdAt: at });
  await users.insert(store.database, {
    id: 2,
    tenantId: 2,
    name: 'Eve',
    email: null,
    userClass: 'admin',
    status: 'active',
    ...creationStamps({ userId: 2, userName: 'Eve' }, at),
  });
  await clients.insert(store.database, {
    clientId: 'eve',
    tenantId: 2,
    userId: 2,
    name: 'eve',
    secretHash: hashSecret('secret of eve'),
    createdAt: at,
    revokedAt: null,
  });
  await store.close();
  await server.restart();
  const reply = await server.client.call('createToken', {
    body: { grant_type: 'client_credentials', client_id: 'eve', client_secret: 'secret of eve' },
  });
  foreign = reply.access_token;
});
afterAll(() => server.close());

it('row 88: every id of another tenant is answered exactly like an unknown one, on every route', async () => {
  const dataset = (await createDataset(server)).body;
  const session = (await createSession(server, {}, dataset.albertId)).body.id;
  const { albertModelDetails } = await waitForState(server, `/btmodel/${session}`);
  const model = albertModelDetails.models[0].id;
  const detached = (await server.send('POST', '/btmodel/models/detached', { body: { name: 'mine' } })).body
    .id;

  const requests = (ids: { dataset: string; session: string; model: string; detached: string }) =>
    [
      ['GET', `/btdataset/${ids.dataset}`],
      ['PATCH', `/btdataset/${ids.dataset}`, { data: [] }],
      ['DELETE', `/btdataset/${ids.dataset}`],
      ['GET', `/btdataset/${ids.dataset}/variables`],
      ['PATCH', `/btdataset/${ids.dataset}/variables`, { variables: [] }],
      ['GET', `/btdataset/${ids.dataset}/profile`],
      ['GET', `/btdataset/${ids.dataset}/rows`],
      ['POST', '/btmodel', { name: 'x', category: 'userModel', datasetId: ids.dataset }],
      ['POST', '/btmodel', { name: 'x', category: 'albertModel', datasetId: ids.dataset }],
      ['GET', `/btmodel/${ids.session}`],
      ['PATCH', `/btmodel/${ids.session}`, { data: [] }],
      ['DELETE', `/btmodel/${ids.session}`],
      ['POST', `/btmodel/${ids.session}/build`, {}],
      ['POST', `/btmodel/${ids.session}/cancel`],
      ['POST', `/btmodel/${ids.session}/predict`, { rows: hardnessRows(1) }],
      ['GET', `/btmodel/${ids.session}/events`],
      ['GET', `/btmodel/${ids.session}/model`],
      ['POST', `/btmodel/${ids.session}/model`, { name: 'x' }],
      ['GET', `/btmodel/${ids.session}/model/${ids.model}`],
      ['PATCH', `/btmodel/${ids.session}/model/${ids.model}`, { data: [] }],
      ['DELETE', `/btmodel/${ids.session}/model/${ids.model}`],
      ['GET', `/btmodel/models/detached/${ids.detached}`],
      ['PATCH', `/btmodel/models/detached/${ids.detached}`, { data: [] }],
      ['DELETE', `/btmodel/models/detached/${ids.detached}`],
      ['POST', '/btmodel/models/detached', { name: 'x', datasetId: ids.dataset }],
      ['GET', `/btmodel/models/${ids.model}`],
      ['POST', `/btmodel/models/${ids.model}/predict`, { rows: hardnessRows(1) }],
      ['GET', `/users/USR1`],
    ] as const;
  const theirs = requests({ dataset: dataset.albertId, session, model, detached });
  const unknown = requests({
    dataset: 'DST99999',
    session: 'MDS99999',
    model: 'MDL99999',
    detached: 'MDL99998',
  });
  const before = server.countEverything();
  for (const [index, [method, path, body]] of theirs.entries()) {
    const answer = await server.send(method, path, { token: foreign, body });
    expectProblem(answer, 404, 'RECORD_NOT_FOUND');
    const [, unknownPath, unknownBody] = unknown[index]!;
    const other = await server.send(method, unknownPath, { token: foreign, body: unknownBody });
    if (path !== '/users/USR1') expect(answer.text, `${method} ${path}`).toBe(other.text);
  }
  expect(server.countEverything()).toEqual(before);
});

it('row 88: lists, files and cursors of one tenant show nothing of another', async () => {
  const { key, albertId } = (await createDataset(server)).body;
  for (const path of [
    '/btdataset',
    '/btmodel',
    '/btmodel/models/detached',
    `/btmodel?datasetId=${albertId}`,
    '/btdataset?startKey=DST1',
  ]) {
    expect((await server.send('GET', path, { token: foreign })).body).toEqual({ Items: [] });
  }
  const query = `name=${encodeURIComponent(key)}&namespace=breakthrough`;
  for (const path of [`/files/info?${query}`, `/files/sign?${query}`]) {
    expectProblem(await server.send('GET', path, { token: foreign }), 404, 'FILE_NOT_FOUND');
  }
  const mine = await server.send('POST', '/btdataset', { token: foreign, body: { name: 'same key', key } });
  expectProblem(mine, 404, 'FILE_NOT_FOUND');
});

it('a revoked client is refused within seconds, also with a token that has not expired', async () => {
  const reply = await server.client.call('createToken', {
    body: { grant_type: 'client_credentials', client_id: 'eve', client_secret: 'secret of eve' },
  });
  const token = reply.access_token;
  expect((await server.send('GET', '/btdataset', { token })).status).toBe(200);
  await server.running.close();
  const store = await openSqliteStore(join(server.folder, 'athanor.sqlite'));
  await clients.revoke(store.database, 2, 'eve', new Date().toISOString());
  await store.close();
  await server.restart();
  expectProblem(await server.send('GET', '/btdataset', { token }), 401, 'TOKEN_INVALID');
  expect((await server.send('GET', '/btdataset')).status).toBe(200);
});
