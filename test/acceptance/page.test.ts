import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const fromPage = { 'sec-fetch-site': 'same-origin' };

/** Signs in as a browser does and gives the cookie's name and value, and its attributes. */
async function signIn(body: object): Promise<{ cookie: string; attributes: string }> {
  const answer = await server.send('POST', '/login/session', { token: null, body });
  expect(answer.status, answer.text).toBe(201);
  const [cookie, ...attributes] = answer.headers.get('set-cookie')!.split('; ');
  return { cookie: cookie!, attributes: attributes.join('; ') };
}

const codeOf = (link: string): string => link.slice(link.indexOf('#') + 1);

describe('a browser signs in', () => {
  it('by a link that works once, with a cookie out of reach of scripts and of other sites', async () => {
    const { body } = await server.send('POST', '/login/link');
    expect(body.url).toMatch(new RegExp(`^${server.url}/sign-in#[\\w-]{32}$`));
    const { cookie, attributes } = await signIn({ code: codeOf(body.url) });
    expect(attributes).toMatch(/^Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    const read = await server.send('GET', '/btdataset', { token: null, headers: { cookie, ...fromPage } });
    expect(read.status).toBe(200);
    const again = await server.send('POST', '/login/session', {
      token: null,
      body: { code: codeOf(body.url) },
    });
    expectProblem(again, 401, 'SIGN_IN_LINK_INVALID');
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  it('by the link of the start, and by client credentials', async () => {
    await signIn({ code: codeOf(await server.running.makeSignInLink()) });
    const { clientId, clientSecret } = server.running.credentials;
    await signIn({ clientId, clientSecret });
    const wrong = await server.send('POST', '/login/session', {
      token: null,
      body: { clientId, clientSecret: 'no' },
    });
    expectProblem(wrong, 401, 'CLIENT_INVALID');
  });

  it('only for pages of this very server: other ports and sites are refused, also where they would not read the answer', async () => {
    const { cookie } = await signIn({ code: codeOf(await server.running.makeSignInLink()) });
    const other = 'http://127.0.0.1:9';
    for (const headers of [
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'none' },
      { cookie, origin: other },
    ]) {
      const answer = await server.send('DELETE', '/btdataset/DST1', { token: null, headers });
      expectProblem(answer, 403, 'ORIGIN_UNKNOWN');
    }
    expectProblem(
      await server.send('DELETE', '/btdataset/DST1', { token: null, headers: { cookie } }),
      403,
      'ORIGIN_UNKNOWN',
    );
    const own = await server.send('DELETE', '/btdataset/DST1', {
      token: null,
      headers: { cookie, origin: server.url },
    });
    expectProblem(own, 404, 'RECORD_NOT_FOUND');
  });

  it('and out again; a cookie of another installation is no sign-in', async () => {
    const { cookie } = await signIn({ code: codeOf(await server.running.makeSignInLink()) });
    const answer = await server.send('DELETE', '/login/session', {
      token: null,
      headers: { cookie, ...fromPage },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    const foreign = cookie.replace(/^athanor_\w+/, 'athanor_00000000');
    expectProblem(
      await server.send('GET', '/btdataset', { token: null, headers: { cookie: foreign, ...fromPage } }),
      401,
      'TOKEN_MISSING',
    );
  });
});

describe('the page', () => {
  it('is answered at each of its addresses, under a policy without inline scripts, and nowhere else', async () => {
    for (const path of [
      '/',
      '/sign-in',
      '/datasets',
      '/datasets/DST1',
      '/sessions/MDS1/explore',
      '/models',
    ]) {
      const response = await fetch(server.url + path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const policy = response.headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).not.toContain('eval');
      await response.text();
    }
    for (const path of ['/index.html', '/elsewhere', '/assets/none.js', '/datasets/../../../etc/passwd']) {
      expect((await fetch(server.url + path)).status, path).toBe(404);
    }
  });
});
