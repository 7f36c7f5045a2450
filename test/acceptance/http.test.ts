import { request } from 'node:http';
import { connect } from 'node:net';
import { basePath, errorCodes, type Route, routes } from '@athanor/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, expectProblem, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ limits: { bodyTimeoutMs: 500, bodyBytes: 10_000 } });
});
afterAll(() => server.close());

/** Bytes as they are, for what `fetch` would not send. Gives all that comes back until the server closes or is quiet. */
function sendRaw(text: string, quietMs = 300): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk));
    socket.on('close', () => resolve(answer));
    socket.on('error', () => {});
  });
}

const create = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  server.send('POST', '/btdataset', { body, headers });

describe('bodies', () => {
  it.each([null, true, 5, [5], {}])(
    'row 1: a text field given as %j is refused by name, never coerced',
    async (name) => {
      const problem = expectProblem(await create({ name }), 400, 'FIELD_INVALID');
      expect(problem.location.field).toBe('body/name');
      expect(problem.detail).toMatch(/^body\/name must be a text, not /);
    },
  );

  it.each(['1e5', '0x10', ' 7 ', '', null, [7], true, 1.5, -1])(
    'row 2: a number field given as %j is refused by name',
    async (seed) => {
      const body = { name: 'x', category: 'userModel', datasetId: 'DST1', buildOptions: { seed } };
      const problem = expectProblem(await server.send('POST', '/btmodel', { body }), 400, 'FIELD_INVALID');
      expect(problem.location.field).toBe('body/buildOptions/seed');
    },
  );

  it('row 3: keys that do not exist are refused by name, all of them at once', async () => {
    const body = {
      name: 'x',
      tenant_id: 2,
      role: 'admin',
      owner: 'me',
      References: { project_ids: [], x: 1 },
    };
    const problem = expectProblem(await create(body), 400, 'FIELD_UNKNOWN');
    expect(problem.errors.map((item) => item.location.field).sort()).toEqual([
      'body/References/x',
      'body/owner',
      'body/role',
      'body/tenant_id',
    ]);
  });

  it('row 3: however many and long the wrong keys are, the answer stays small', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}${'ü'.repeat(70)}`, 1]));
    expect(
      expectProblem(await create({ name: 'x', ...many }), 400, 'FIELD_UNKNOWN').errors.length,
    ).toBeGreaterThan(3);
    expectProblem(await create({ name: 'x', ['k'.repeat(9_000)]: 1 }), 400, 'FIELD_UNKNOWN');
  });

  it.each([
    ['{"name": NaN}', 'line 1, column 10'],
    ['{"name": Infinity}', 'line 1, column 10'],
    ['{"name": -Infinity}', 'line 1, column 10'],
    ["{'name': 1}", 'line 1, column 2'],
    ['{\n  "name": "a", // why\n}', 'line 2, column 16'],
    ['{"name": "a"', 'line 1, column 13'],
    ['{"name": "a",}', 'line 1, column 14'],
    ['{"name": 01}', 'line 1, column 10'],
    ['{"name": "tab\there"}', 'line 1, column 10'],
    ['{} {}', 'line 1, column 4'],
  ])('row 4: %j is refused with the position', async (text, place) => {
    const problem = expectProblem(await create(text), 400, 'BODY_MALFORMED');
    expect(problem.detail).toContain(place);
  });

  it.each(['1e400', '-1e400', `1${'0'.repeat(400)}`])(
    'row 5: the number %s is refused as not finite',
    async (number) => {
      const text = `{"name":"x","References":{"project_ids":[],"filter":{"a":[${number}]}}}`;
      const problem = expectProblem(await create(text), 400, 'FIELD_INVALID');
      expect(problem.location.field).toBe('body/References/filter/a/0');
      expect(problem.detail).toContain('not a finite number');
    },
  );

  it('row 6: a number is no id', async () => {
    const body = '{"name":"x","category":"userModel","datasetId":9007199254740993}';
    const problem = expectProblem(await server.send('POST', '/btmodel', { body }), 400, 'FIELD_INVALID');
    expect(problem.location.field).toBe('body/datasetId');
  });

  it('row 7: of a key that comes twice the last one counts, everywhere', async () => {
    const answer = await create('{"name":"first","name":"last"}');
    expect(answer.body.name).toBe('last');
    await server.send('DELETE', `/btdataset/${answer.body.albertId}`);
  });

  it.each([
    '{"name":"x","__proto__":{"polluted":1}}',
    '{"name":"x","References":{"project_ids":[],"filter":{"__proto__":{"polluted":1}}}}',
    '{"name":"x","References":{"project_ids":[],"filter":{"constructor":{"prototype":{"polluted":1}}}}}',
    '{"name":"x","\\u005f_proto__":{"polluted":1}}',
  ])('row 8: %s is refused and changes nothing', async (text) => {
    const answer = await create(text);
    expect(answer.status).toBe(400);
    expect((await create('{"name":1}')).status).toBe(400);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['[', 1000],
    ['{"a":', 1500],
  ])('row 9: %j repeated %d times is refused for its depth', async (piece, times) => {
    const problem = expectProblem(await create(piece.repeat(times)), 400, 'BODY_MALFORMED');
    expect(problem.detail).toContain('deeper than 64');
  });

  it('row 10: half characters, NUL and bytes that are not UTF-8 are refused with the field', async () => {
    for (const text of ['{"name":"a\\ud800b"}', '{"name":"a\\u0000b"}']) {
      expect(expectProblem(await create(text), 400, 'FIELD_INVALID').location.field).toBe('body/name');
    }
    const answer = await fetch(`${server.url}${basePath}/btdataset`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.running.token}`, 'content-type': 'application/json' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'BODY_MALFORMED' });
  });

  it('row 11: every spelling of the content type means the same checks', async () => {
    for (const type of [
      'Application/JSON ; charset=x',
      'text/plain',
      'multipart/form-data',
      'application/jsonx',
    ]) {
      expectProblem(await create('{"name":5}', { 'content-type': type }), 415, 'MEDIA_TYPE_UNSUPPORTED');
    }
    for (const type of [
      'application/json',
      'APPLICATION/json; charset=UTF-8',
      'application/json;charset="utf-8"',
    ]) {
      expectProblem(await create('{"name":5}', { 'content-type': type }), 400, 'FIELD_INVALID');
    }
    expectProblem(await create('', {}), 400, 'BODY_MALFORMED');
    expectProblem(
      await server.send('POST', '/btdataset', { headers: { 'content-type': 'application/json' } }),
      400,
      'BODY_MALFORMED',
    );
  });

  it('row 12: contradicting lengths are refused and nothing behind them is read as a request', async () => {
    const { token } = server.running;
    const head = `POST ${basePath}/btdataset HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
    const smuggled = `GET ${basePath}/health HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const bodies = [
      `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `Content-Length: 5\r\nContent-Length: 6\r\n\r\n{"a":1}${smuggled}`,
      `Content-Length: -5\r\n\r\n${smuggled}`,
    ];
    for (const body of bodies) {
      const answer = await sendRaw(head + body);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).not.toContain('"status":"ok"');
    }
    const short = await sendRaw(`${head}Content-Length: 500\r\n\r\n{"name":"x"}`, 900);
    expect(short).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('row 13: a body over the limit is refused with the limit, with and without a length', async () => {
    const text = JSON.stringify({ name: 'x'.repeat(10_000) });
    const problem = expectProblem(await create(text), 413, 'BODY_TOO_LARGE');
    expect(problem.detail).toContain('10000 bytes');
    const chunked = await new Promise<number>((resolve, reject) => {
      const sending = request(
        `${server.url}${basePath}/btdataset`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${server.running.token}`, 'content-type': 'application/json' },
        },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode!);
        },
      );
      sending.on('error', reject);
      for (let i = 0; i < 11; i++) sending.write(' '.repeat(1000));
      sending.end();
    });
    expect(chunked).toBe(413);
  });

  it('row 14: slow bodies are given up and do not hold up others', async () => {
    const { token } = server.running;
    const head = `POST ${basePath}/btdataset HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    const slow = Array.from({ length: 100 }, () => sendRaw(head, 2_000));
    const begin = performance.now();
    expect((await server.send('GET', '/health')).status).toBe(200);
    expect(performance.now() - begin).toBeLessThan(1_000);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('paths, queries and methods', () => {
  it.each([
    '..%2fx',
    '%2e%2e%2f',
    '..%5c',
    '%00',
    'C%3A%5C',
    'DST0',
    'DST01',
    'dst',
    'MDS1',
    'x'.repeat(5000),
    '%ff',
  ])('row 17: the id %s is answered like any unknown one', async (id) => {
    const unknown = await server.send('GET', '/btdataset/DST999999');
    const answer = await server.send('GET', `/btdataset/${id}`);
    expectProblem(answer, 404, 'RECORD_NOT_FOUND');
    if (id !== '%ff') expect(answer.text).toBe(unknown.text);
  });

  it.each([
    'limit=1000000000',
    'limit=-1',
    'limit=1.5',
    'limit=1&limit=2',
    'limit=',
    'offset=-1',
    'limit=0x10',
    'offset= 1',
  ])('row 18: the query %s is refused with the allowed range', async (query) => {
    const problem = expectProblem(
      await server.send('GET', `/btdataset/DST1/rows?${query}`),
      400,
      'FIELD_INVALID',
    );
    expect(problem.location.field).toMatch(/^query\/(limit|offset)$/);
  });

  it('row 18: a cursor that no page has given is refused', async () => {
    for (const key of ['x', 'DST0', '-1', 'MDS1']) {
      const answer = await server.send('GET', `/btdataset?startKey=${key}`);
      expect(expectProblem(answer, 400, 'FIELD_INVALID').location.field).toBe('query/startKey');
    }
    expectProblem(await server.send('GET', '/btdataset?limit=5'), 400, 'FIELD_UNKNOWN');
  });

  it('row 101: unknown routes are 404, known ones with another method 405 with Allow', async () => {
    expectProblem(await server.send('GET', '/nowhere'), 404, 'ROUTE_NOT_FOUND');
    for (const [method, path, allow] of [
      ['PUT', '/btdataset/DST1', 'DELETE, GET, HEAD, PATCH'],
      ['DELETE', '/btdataset', 'GET, HEAD, POST'],
      ['OPTIONS', '/btdataset', 'GET, HEAD, POST'],
      ['POST', '/health', 'GET, HEAD'],
    ] as const) {
      const answer = await server.send(method, path);
      expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
      expect(answer.headers.get('allow')).toBe(allow);
    }
    const trace = await sendRaw(`TRACE ${basePath}/health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(trace).toMatch(/^HTTP\/1\.1 405 /);
    const head = await server.send('HEAD', '/health');
    expect(head.status).toBe(200);
    expect(head.headers.get('server')).toBeNull();
    expect(head.headers.get('x-powered-by')).toBeNull();
  });

  it.each([
    '/.git/config',
    '/.env',
    '/package.json',
    '/credentials.json',
    '/athanor.sqlite',
    '/docs/../package.json',
  ])('gives nothing of its files away at %s', async (path) => {
    const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 (404|401) /);
  });
});

describe('who may call', () => {
  it('row 96: hosts and origins that are not this server are refused', async () => {
    const ask = (headers: string) =>
      sendRaw(`GET ${basePath}/health HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);
    for (const host of [
      'evil.com',
      'localhost.evil.com',
      'evil.com:3500',
      'localhost@evil.com',
      '127.0.0.1.nip.io',
    ]) {
      const answer = await ask(`Host: ${host}\r\n`);
      expect(answer, host).toMatch(/^HTTP\/1\.1 421 /);
      expect(answer).toContain('HOST_UNKNOWN');
    }
    expect(await ask('')).toMatch(/^HTTP\/1\.1 4(00|21) /);
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1', '[::1]:80']) {
      expect(await ask(`Host: ${host}\r\n`), host).toMatch(/^HTTP\/1\.1 200 /);
    }
    for (const origin of ['https://localhost.evil.com', 'null', 'http://evil.com']) {
      expect(await ask(`Host: localhost\r\nOrigin: ${origin}\r\n`), origin).toMatch(/^HTTP\/1\.1 403 /);
    }
    expect(await ask('Host: localhost\r\nOrigin: http://localhost:3500\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers without a token only where that is written down', async () => {
    const allowed = [
      'createToken',
      'createPageSession',
      'deletePageSession',
      'putFileContent',
      'getFileContent',
      'getHealth',
      'getReady',
    ];
    for (const [name, route] of Object.entries(routes) as [string, Route][]) {
      const path = route.path.replace(/:[a-zA-Z]+/g, 'x');
      const answer = await server.send(route.method, path, { token: null, base: route.base ?? basePath });
      if (allowed.includes(name)) expect(answer.status, name).not.toBe(401);
      else expectProblem(answer, 401, 'TOKEN_MISSING');
    }
  });

  it('carries the headers that keep browsers careful', async () => {
    for (const path of ['/health', '/btdataset', '/nowhere']) {
      const { headers } = await server.send('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('content-type')).toMatch(/charset=utf-8$/);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('the API reference', () => {
  it('describes every route of the schema, and every status is a problem document or the reply', async () => {
    const { body } = await server.send('GET', '/openapi.json', { token: null });
    expect(body.openapi).toBe('3.1.0');
    const described = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((path) => Object.values(path))
      .map((operation) => operation.operationId);
    expect(described.sort()).toEqual(Object.keys(routes).sort());
    for (const path of Object.values(body.paths as Record<string, Record<string, { responses: object }>>)) {
      for (const { responses } of Object.values(path)) {
        expect(responses).toHaveProperty('default.content.application/problem+json.schema.$ref');
        expect(Object.keys(responses)).toHaveLength(2);
      }
    }
    const references = JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    for (const [, name] of references) expect(body.components.schemas).toHaveProperty(name!);
  });

  it('has a page that needs nothing from elsewhere and runs under a strict policy', async () => {
    const page = await fetch(`${server.url}/docs/`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<script(?![^>]* src=)[^>]*>/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/);
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await fetch(new URL(address!, `${server.url}/docs/`))).status, address).toBe(200);
    }
  });

  it('explains every error', async () => {
    const html = await (await fetch(`${server.url}/docs/errors`)).text();
    for (const code of errorCodes) expect(html).toContain(`id="${code.toLowerCase()}"`);
  });
});
