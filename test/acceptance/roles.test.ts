import { type Route, routes, type UserClass, userClasses } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, type Json, TestServer } from './testServer.ts';

let server: TestServer;
const tokens = {} as Record<UserClass, string>;

async function makeClient(fields: Record<string, unknown>, token?: string): Promise<Json> {
  const answer = await server.send('POST', '/clients', {
    body: fields,
    ...(token === undefined ? {} : { token }),
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

async function signIn({ clientId, clientSecret }: Json): Promise<string> {
  const reply = await server.client.call('createToken', {
    body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
  });
  return reply.access_token;
}

beforeAll(async () => {
  server = await TestServer.start();
  for (const userClass of userClasses) {
    tokens[userClass] = await signIn(await makeClient({ name: userClass, userClass }));
  }
});
afterAll(() => server.close());

describe('classes of users', () => {
  it('may do what the route says and what classes below them may, on every route', async () => {
    for (const [name, route] of Object.entries(routes) as [string, Route][]) {
      if (route.public === true) continue;
      const least = route.role ?? (route.method === 'GET' ? 'guest' : 'standard');
      const path = route.path.replace(/:[a-zA-Z]+/g, 'x');
      for (const userClass of userClasses) {
        const isAllowed = userClasses.indexOf(userClass) >= userClasses.indexOf(least);
        const answer = await server.send(route.method, path, {
          token: tokens[userClass],
          base: route.base ?? '/api/v3',
        });
        if (!isAllowed) expectProblem(answer, 403, 'ROLE_INSUFFICIENT');
        else if (name !== 'listAudit') expect(answer.status, `${userClass} ${name}`).not.toBe(403);
      }
    }
  });

  it('delete what is their own; only trusted ones what is not', async () => {
    const body = { name: 'mine', category: 'Generate' };
    const make = async (): Promise<string> =>
      (await server.send('POST', '/btinsight', { body, token: tokens.standard })).body.albertId;
    const mine = await make();
    expect((await server.send('DELETE', `/btinsight/${mine}`, { token: tokens.standard })).status).toBe(204);
    const { albertId } = (await server.send('POST', '/btinsight', { body })).body;
    const refused = await server.send('DELETE', `/btinsight/${albertId}`, { token: tokens.standard });
    expectProblem(refused, 403, 'ROLE_INSUFFICIENT');
    expect((await server.send('DELETE', `/btinsight/${albertId}`, { token: tokens.trusted })).status).toBe(
      204,
    );
  });

  it('read the audit of a record; all of it only when privileged', async () => {
    for (const userClass of userClasses) {
      const token = tokens[userClass];
      expect((await server.send('GET', '/audit?record=USR1', { token })).status).toBe(200);
      const all = await server.send('GET', '/audit', { token });
      expect(all.status).toBe(userClass === 'privileged' || userClass === 'admin' ? 200 : 403);
    }
  });
});

describe('clients', () => {
  it('are listed without secrets, and a revoked one is out at once with all its tokens', async () => {
    const client = await makeClient({ name: 'nightly import', userClass: 'guest' });
    const token = await signIn(client);
    expect((await server.send('GET', '/btdataset', { token })).status).toBe(200);
    const listed = await server.send('GET', '/clients');
    expect(listed.text).not.toContain(client.clientSecret);
    expect(listed.text).not.toMatch(/secret/i);
    expect(listed.body.Items.find((one: Json) => one.clientId === client.clientId)).toMatchObject({
      name: 'nightly import',
      userClass: 'guest',
      tenant: 'default',
      revokedAt: null,
    });
    expect((await server.send('DELETE', `/clients/${client.clientId}`)).status).toBe(204);
    expectProblem(await server.send('GET', '/btdataset', { token }), 401, 'TOKEN_INVALID');
    await expect(signIn(client)).rejects.toThrow('Unknown client');
    expectProblem(await server.send('DELETE', '/clients/nobody'), 404, 'RECORD_NOT_FOUND');
  });

  it('of another tenant see and touch nothing of this one', async () => {
    const foreign = await signIn(await makeClient({ name: 'eve', userClass: 'admin', tenant: 'second' }));
    const mine = (await server.send('POST', '/btinsight', { body: { name: 'x', category: 'Generate' } }))
      .body;
    expectProblem(
      await server.send('GET', `/btinsight/${mine.albertId}`, { token: foreign }),
      404,
      'RECORD_NOT_FOUND',
    );
    const { Items } = (await server.send('GET', '/clients', { token: foreign })).body;
    expect(Items.map((one: Json) => one.name)).toEqual(['eve']);
    const first = (await server.send('GET', '/clients')).body.Items[0].clientId;
    const answer = await server.send('DELETE', `/clients/${first}`, { token: foreign });
    expectProblem(answer, 404, 'RECORD_NOT_FOUND');
    const body = { name: 'spy', tenant: 'default' };
    const spy = await server.send('POST', '/clients', { body, token: foreign });
    expectProblem(spy, 403, 'ROLE_INSUFFICIENT');
    const audit = (await server.send('GET', '/audit', { token: foreign })).body.Items;
    expect(audit).toEqual([]);
    expect(
      (await server.send('GET', `/audit?record=${mine.albertId}`, { token: foreign })).body.Items,
    ).toEqual([]);
  });

  it('cannot revoke themselves', async () => {
    const token = await signIn(await makeClient({ name: 'second admin', userClass: 'admin' }));
    const { Items } = (await server.send('GET', '/clients', { token })).body;
    const own = Items.find((one: Json) => one.name === 'second admin').clientId;
    expectProblem(await server.send('DELETE', `/clients/${own}`, { token }), 409, 'USER_NOT_REMOVABLE');
  });
});

describe('a token', () => {
  it('can be ended before its time, by its own client only', async () => {
    const client = await makeClient({ name: 'logout' });
    const [first, second] = [await signIn(client), await signIn(client)];
    const end = (token: string, by: string) =>
      server.send('POST', '/login/oauth/revoke', {
        body: new URLSearchParams({ token }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        token: by,
      });
    expect((await end(first, tokens.guest)).status).toBe(200);
    expect((await end('nonsense', second)).status).toBe(200);
    expect((await server.send('GET', '/btdataset', { token: first })).status).toBe(200);
    expect((await end(first, second)).status).toBe(200);
    expectProblem(await server.send('GET', '/btdataset', { token: first }), 401, 'TOKEN_INVALID');
    expect((await server.send('GET', '/btdataset', { token: second })).status).toBe(200);
    await server.restart();
    expectProblem(await server.send('GET', '/btdataset', { token: first }), 401, 'TOKEN_INVALID');
  });
});

describe('users', () => {
  it('are created, found, changed and taken away; their clients go with them', async () => {
    const body = { name: 'Ada Lovelace', email: 'ada@example.com', userClass: 'trusted', Roles: [] };
    const ada = (await server.send('POST', '/users', { body })).body;
    expect(ada).toMatchObject(body);
    const token = await signIn(await makeClient({ name: 'ada', userId: ada.albertId }));
    const who = (await server.send('GET', '/login/validatejwt', { token })).body;
    expect(who.userId).toBe(ada.albertId);
    const search = (text: string) => server.send('POST', '/users/search', { body: { text, status: null } });
    expect((await search('LOVE')).body).toMatchObject({ total: 1, Items: [{ albertId: ada.albertId }] });
    expect((await search('ada@')).body.total).toBe(1);
    expect((await server.send('GET', `/users?id=${ada.albertId}`)).body.Items).toEqual([ada]);

    const data = [{ operation: 'update', attribute: 'userClass', oldValue: 'trusted', newValue: 'guest' }];
    expect((await server.send('PATCH', `/users/${ada.albertId}`, { body: { data } })).body.userClass).toBe(
      'guest',
    );
    const write = { body: { name: 'x', category: 'Generate' }, token };
    expectProblem(await server.send('POST', '/btinsight', write), 403, 'ROLE_INSUFFICIENT');

    expect((await server.send('DELETE', `/users/${ada.albertId}`)).status).toBe(204);
    expect((await server.send('GET', `/users/${ada.albertId}`)).body.status).toBe('inactive');
    expectProblem(await server.send('GET', '/btdataset', { token }), 401, 'TOKEN_INVALID');
    expect((await server.send('GET', '/users?status=inactive')).body.Items).toHaveLength(1);
  });

  it('always keep one administrator', async () => {
    const { Items } = (await server.send('GET', '/users')).body;
    const administrators = Items.filter(
      (user: Json) => user.userClass === 'admin' && user.albertId !== 'USR1',
    );
    for (const { albertId } of administrators) await server.send('DELETE', `/users/${albertId}`);
    expectProblem(await server.send('DELETE', '/users/USR1'), 409, 'USER_NOT_REMOVABLE');
    const data = [{ operation: 'update', attribute: 'userClass', newValue: 'guest' }];
    expectProblem(await server.send('PATCH', '/users/USR1', { body: { data } }), 409, 'USER_NOT_REMOVABLE');
  });
});
