import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ limits: { wrongSecretsWaitSeconds: 2 } });
});
afterAll(() => server.close());

function askToken(fields: Record<string, string>) {
  return server.send('POST', '/login/oauth/token', {
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  });
}

const grant = (secret?: string) => ({
  grant_type: 'client_credentials',
  client_id: server.running.credentials.clientId!,
  client_secret: secret ?? server.running.credentials.clientSecret!,
});

describe('signing in', () => {
  it('trades client credentials for a token that works', async () => {
    const answer = await askToken(grant());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      refresh_token: '',
      expires_in: 3600,
      token_type: 'Bearer',
      issued_token_type: 'access_token',
    });
    const token = answer.body.access_token as string;
    expect((await server.send('GET', '/login/validatejwt?includeUserDetails=true', { token })).body).toEqual({
      userId: 'USR1',
    });
    const user = await server.send('GET', '/users/USR1', { token });
    expect(user.body).toMatchObject({ albertId: 'USR1', userClass: 'admin', Roles: [], status: 'active' });
  });

  it('refuses other grants and missing fields', async () => {
    const password = await askToken({ ...grant(), grant_type: 'password' });
    expectProblem(password, 400, 'GRANT_UNSUPPORTED');
    expect(password.body.error).toBe('unsupported_grant_type');
    const problem = expectProblem(await askToken({ grant_type: 'client_credentials' }), 400, 'FIELD_INVALID');
    expect(problem.errors.map((item) => item.location.field)).toEqual([
      'body/client_id',
      'body/client_secret',
    ]);
  });

  it('row 91: answers wrong secrets alike, and after twenty of them makes the client wait', async () => {
    const unknown = await askToken({ ...grant(), client_id: 'nobody' });
    const wrong = await askToken(grant('wrong'));
    for (const answer of [unknown, wrong]) {
      expectProblem(answer, 401, 'CLIENT_INVALID');
      expect(answer.body.error).toBe('invalid_client');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(unknown.text).toBe(wrong.text);
    for (let i = 0; i < 19; i++) await askToken(grant(`wrong ${i}`));
    const limited = await askToken(grant());
    expectProblem(limited, 429, 'RATE_LIMITED');
    const seconds = Number(limited.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 50));
    expect((await askToken(grant())).status).toBe(200);
  });

  it('row 89: refuses every token that is not its own, fresh and whole', async () => {
    const key = Buffer.from(readFileSync(join(server.folder, 'signing.key'), 'utf8').trim(), 'hex');
    const claims = { tenantId: 1, clientId: server.running.credentials.clientId!, role: 'admin' };
    const forge = (
      fields: {
        claims?: object;
        key?: Uint8Array;
        audience?: string;
        issuer?: string;
        issuedAt?: number;
        lifetime?: number;
      } = {},
    ) => {
      const issuedAt = fields.issuedAt ?? Math.floor(Date.now() / 1000);
      return new SignJWT({ ...claims, ...fields.claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(fields.issuer ?? 'athanor')
        .setAudience(fields.audience ?? 'athanor-api')
        .setSubject('USR1')
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + (fields.lifetime ?? 3600))
        .setJti('1')
        .sign(fields.key ?? key);
    };
    const read = (token: string) => server.send('GET', '/btdataset', { token });
    expect((await read(await forge())).status).toBe(200);

    const now = Math.floor(Date.now() / 1000);
    const good = await forge();
    const [header, payload] = good.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad: Record<string, string> = {
      'wrong key': await forge({ key: new Uint8Array(32) }),
      'wrong audience': await forge({ audience: 'elsewhere' }),
      'wrong issuer': await forge({ issuer: 'elsewhere' }),
      'another tenant': await forge({ claims: { tenantId: 2 } }),
      'unknown client': await forge({ claims: { clientId: 'nobody' } }),
      'no algorithm': `${none}.${payload}.`,
      'changed payload': `${header}.${payload!.slice(0, -2)}AA.${good.split('.')[2]}`,
      'not a token': 'nonsense',
      'eight kilobytes': 'a'.repeat(8192),
    };
    for (const [name, token] of Object.entries(bad)) {
      const answer = await read(token);
      expectProblem(answer, 401, 'TOKEN_INVALID');
      expect(answer.headers.get('www-authenticate'), name).toBe(
        'Bearer realm="athanor", error="invalid_token"',
      );
    }
    expectProblem(await read(await forge({ issuedAt: now - 7200 })), 401, 'TOKEN_EXPIRED');
    // Clocks may differ by a minute.
    expect((await read(await forge({ issuedAt: now - 3630 }))).status).toBe(200);

    const inQuery = await server.send('GET', `/btdataset?access_token=${good}`, { token: null });
    expectProblem(inQuery, 401, 'TOKEN_MISSING');
    for (const authorization of ['', 'Basic abc', 'Bearer', `Token ${good}`]) {
      expectProblem(
        await server.send('GET', '/btdataset', { token: null, headers: { authorization } }),
        401,
        'TOKEN_MISSING',
      );
    }
  });

  it('keeps secrets where only the owner of the folder can read them, and differs between installations', async () => {
    for (const name of ['credentials.json', 'signing.key', 'athanor.sqlite']) {
      expect(statSync(join(server.folder, name)).mode & 0o777, name).toBe(0o600);
    }
    const other = await TestServer.start();
    expect(other.running.credentials.clientSecret).not.toBe(server.running.credentials.clientSecret);
    expect(readFileSync(join(other.folder, 'signing.key'), 'utf8')).not.toBe(
      readFileSync(join(server.folder, 'signing.key'), 'utf8'),
    );
    const foreign = await other.send('GET', '/btdataset', { token: server.running.token });
    expectProblem(foreign, 401, 'TOKEN_INVALID');
    await other.close();
  });

  it('knows its credential and its tokens after a restart', async () => {
    const { token, credentials } = server.running;
    expect(server.running.isFirstStart).toBe(true);
    await server.restart();
    expect(server.running.isFirstStart).toBe(false);
    expect(server.running.credentials).toEqual(credentials);
    expect((await server.send('GET', '/btdataset', { token })).status).toBe(200);
  });
});
