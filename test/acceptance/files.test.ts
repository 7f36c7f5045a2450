import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ limits: { uploadBytes: 100_000, uploadStallMs: 500 } });
});
afterAll(() => server.close());

async function sign(name: string, fields: Record<string, unknown> = {}): Promise<string> {
  const answer = await server.send('POST', '/files/sign?generic=false', {
    body: { files: [{ name, namespace: 'breakthrough', contentType: 'text/csv', ...fields }] },
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.body[0].URL as string;
}

function put(
  address: string,
  content: Uint8Array<ArrayBuffer> | string,
  type = 'text/csv',
): Promise<Response> {
  return fetch(address, { method: 'PUT', body: content, headers: { 'content-type': type } });
}

function find(path: string, name: string, extra = '') {
  const query = `name=${encodeURIComponent(name)}&namespace=breakthrough${extra}`;
  return server.send('GET', `/files/${path}?${query}`);
}

async function download(name: string, extra = ''): Promise<Response> {
  return fetch((await find('sign', name, extra)).body.URL as string);
}

async function settled(): Promise<Record<string, number>> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return server.countEverything();
}

describe('files', () => {
  it('come back byte for byte, and are unknown until they are wholly there', async () => {
    const bytes = randomBytes(50_000);
    const address = await sign('a/b/c.csv', { metadata: [{ made: 'today' }] });
    expectProblem(await find('info', 'a/b/c.csv'), 404, 'FILE_NOT_FOUND');
    expectProblem(await find('sign', 'a/b/c.csv'), 404, 'FILE_NOT_FOUND');
    expect((await put(address, bytes)).status).toBe(200);
    const info = await find('info', 'a/b/c.csv');
    expect(info.body).toMatchObject({
      name: 'a/b/c.csv',
      size: 50_000,
      etag: createHash('sha256').update(bytes).digest('hex'),
      namespace: 'breakthrough',
      contentType: 'text/csv',
      metadata: [{ made: 'today' }],
    });
    const answer = await download('a/b/c.csv');
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="c.csv"; filename*=UTF-8''c.csv`,
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('row 61: equal bytes are stored once, and a second upload under a name is a new version', async () => {
    const before = server.countEverything();
    const first = (await (await put(await sign('twice.csv'), 'a\n1\n')).json()) as { versionId: string };
    await put(await sign('copy of twice.csv'), 'a\n1\n');
    await put(await sign('twice.csv'), 'a\n2\n');
    const after = server.countEverything();
    expect(after['file']! - before['file']!).toBe(3);
    expect(after['blobs']! - before['blobs']!).toBe(2);
    expect(await (await download('twice.csv')).text()).toBe('a\n2\n');
    expect(await (await download('twice.csv', `&versionId=${first.versionId}`)).text()).toBe('a\n1\n');
    expectProblem(await find('sign', 'twice.csv', '&versionId=999999'), 404, 'FILE_NOT_FOUND');
    expectProblem(await find('sign', 'twice.csv', '&versionId=..%2f'), 404, 'FILE_NOT_FOUND');
  });

  it('row 13: a file over the limit is refused and leaves nothing', async () => {
    const before = server.countEverything();
    const answer = await put(await sign('large.csv'), randomBytes(100_001));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      code: 'FILE_TOO_LARGE',
      detail: expect.stringContaining('100000'),
    });
    expect(await settled()).toEqual(before);
  });

  it('row 16: an upload that breaks off leaves nothing', async () => {
    const before = server.countEverything();
    const { port, pathname } = new URL(await sign('half.csv'));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `PUT ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(500)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(server.countEverything()['temporary']).toBe(1);
    socket.destroy();
    expect(await settled()).toEqual(before);
    expectProblem(await find('info', 'half.csv'), 404, 'FILE_NOT_FOUND');
  });

  it('row 14: an upload that stalls is given up and leaves nothing', async () => {
    const before = server.countEverything();
    const { port, pathname } = new URL(await sign('stalled.csv'));
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        `PUT ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\nx`,
      );
      socket.once('data', (data) => {
        resolve(String(data));
        socket.destroy();
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await settled()).toEqual(before);
  });

  it.each([
    ['path tricks', '../../etc/passwd', 'passwd'],
    ['absolute paths', '/etc/passwd', 'passwd'],
    ['Windows paths', 'C:\\temp\\a.csv', 'a.csv'],
    ['quotes', 'a"b.csv', 'a_b.csv'],
    ['right-to-left marks', '\u202egpj.csv', '_gpj.csv'],
    ['umlauts', 'Größe.csv', 'Gr__e.csv'],
    ['300 characters', `${'n'.repeat(296)}.csv`, `${'n'.repeat(296)}.csv`],
    ['a percent sign', '100%41.csv', '100_41.csv'],
    ['a slash at the end', 'folder/', 'folder'],
  ])('row 19: a name with %s is a label and nothing else', async (_what, name, shown) => {
    expect((await put(await sign(name), 'a\n1\n')).status).toBe(200);
    expect((await find('info', name)).body.name).toBe(name);
    const header = (await download(name)).headers.get('content-disposition')!;
    expect(header).toContain(`filename="${shown}"`);
    const encoded = /filename\*=UTF-8''(\S+)$/.exec(header)![1]!;
    expect(
      name.endsWith(decodeURIComponent(encoded)) || name.endsWith(`${decodeURIComponent(encoded)}/`),
    ).toBe(true);
    expect(existsSync(join(server.folder, '..', 'etc'))).toBe(false);
  });

  it.each(['', 'a\r\nSet-Cookie: x', 'a\u0000b', 'x'.repeat(1025)])(
    'row 19: the name %j is refused',
    async (name) => {
      const answer = await server.send('POST', '/files/sign', {
        body: { files: [{ name, namespace: 'breakthrough', contentType: 'text/csv' }] },
      });
      expect(expectProblem(answer, 400, 'FIELD_INVALID').location.field).toBe('body/files/0/name');
    },
  );

  it('takes a signed address for what it was signed for only', async () => {
    const address = await sign('bound.csv');
    expect((await fetch(address)).status).toBe(404);
    expect((await put(address, 'a\n1\n', 'text/html')).status).toBe(404);
    const [start, signature] = [address.slice(0, address.lastIndexOf('/') + 1), address.split('/').at(-1)!];
    const [payload, mac] = signature.split('.');
    const grant = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...grant, name: 'other.csv' })).toString('base64url');
    for (const wrong of [
      `${forged}.${mac}`,
      `${payload}.${mac!.slice(1)}`,
      `${payload}.`,
      'x',
      `${signature}.x`,
    ]) {
      const answer = await put(start + wrong, 'a\n1\n');
      expect(answer.status, wrong).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'FILE_URL_INVALID' });
    }
    expect((await put(address, 'a\n1\n')).status).toBe(200);
    expect((await put((await find('sign', 'bound.csv')).body.URL as string, 'x')).status).toBe(404);
  });

  it('serves nothing that a browser would run', async () => {
    await put(
      await sign('page.html', { contentType: 'text/html' }),
      '<script>alert(1)</script>',
      'text/html',
    );
    const answer = await download('page.html');
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('never gives out a byte that has changed on disk', async () => {
    const { etag } = (await (await put(await sign('rot.csv'), 'a\n1\n')).json()) as { etag: string };
    const path = join(server.folder, 'blobs', etag.slice(0, 2), etag);
    const bytes = readFileSync(path);
    bytes[0]! ^= 1;
    writeFileSync(path, bytes);
    const answer = await download('rot.csv');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: 'FILE_CORRUPTED' });
  });

  it('removes bytes without a record and unfinished uploads when it starts', async () => {
    const orphan = 'a'.repeat(64);
    const folder = orphan.slice(0, 2);
    mkdirSync(join(server.folder, 'blobs', folder), { recursive: true });
    writeFileSync(join(server.folder, 'blobs', folder, orphan), 'left by a crash');
    writeFileSync(join(server.folder, 'temporary', 'half'), 'left by a crash');
    const before = server.countEverything();
    await server.restart();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const after = server.countEverything();
    expect(existsSync(join(server.folder, 'blobs', folder, orphan))).toBe(false);
    expect(after['temporary']).toBe(0);
    expect(after['file']).toBe(before['file']);
    expect(await (await download('twice.csv')).text()).toBe('a\n2\n');
  });
});
