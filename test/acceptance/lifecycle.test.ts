import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServerProcess, ServerEndedError, startServerProcess, until } from '../faults/serverProcess.ts';
import { hardness, hardnessTarget } from './tables.ts';

let folder: string;
const started: ServerProcess[] = [];

async function start(
  ...rest: Parameters<typeof startServerProcess> extends [string, ...infer R] ? R : never
) {
  const server = await startServerProcess(folder, ...rest);
  started.push(server);
  return server;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'athanor-lifecycle-'));
});
afterEach(async () => {
  for (const server of started.splice(0)) {
    server.process.kill('SIGKILL');
    await server.exit;
  }
  rmSync(folder, { recursive: true, force: true });
});

it('says where it is while it runs, and takes that back when it stops', async () => {
  const server = await start();
  const note = join(folder, 'server.json');
  expect(JSON.parse(readFileSync(note, 'utf8'))).toEqual({ pid: server.pid, url: server.url });
  server.process.kill('SIGTERM');
  expect(await server.exit).toMatchObject({ code: 0, signal: null });
  expect(existsSync(note)).toBe(false);
});

it('fault F11: a second server on a folder ends and names the first; after a kill the next starts at once', async () => {
  const first = await start();
  const begin = performance.now();
  const refused = await startServerProcess(folder).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ServerEndedError);
  const { exit } = refused as ServerEndedError;
  expect(exit.code).not.toBe(0);
  expect(exit.complaints).toContain(`process ${first.pid}`);
  // Two seconds is the promise; starting the process itself is not counted, and shared machines are slow.
  expect(performance.now() - begin).toBeLessThan(10_000);
  await first.client.call('listDatasets', {});

  first.process.kill('SIGKILL');
  await first.exit;
  await start();
});

it.each([
  'migration.midway',
  'firstStart.credentials',
  'transaction.beforeCommit',
  'transaction.afterCommit',
])('fault F4: a first start that is cut off at %s is completed by the next', async (point) => {
  const cut = await startServerProcess(folder, {}, { CRASH_AT: point }).catch((error: unknown) => error);
  expect(cut).toBeInstanceOf(ServerEndedError);
  expect((cut as ServerEndedError).exit.signal).toBe('SIGKILL');
  const server = await start();
  const { clientId, clientSecret } = JSON.parse(readFileSync(join(folder, 'credentials.json'), 'utf8')) as {
    clientId: string;
    clientSecret: string;
  };
  const reply = await server.client.call('createToken', {
    body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
  });
  expect(reply.token_type).toBe('Bearer');
});

it('fault F13: answers what it has accepted before it stops', async () => {
  const server = await start();
  const body = JSON.stringify({ name: 'sent slowly' });
  const answer = new Promise<number>((resolve, reject) => {
    const sending = request(
      `${server.url}/api/v3/btdataset`,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${server.token}`,
          'content-type': 'application/json',
          'content-length': body.length,
        },
      },
      (reply) => {
        reply.resume();
        resolve(reply.statusCode!);
      },
    );
    sending.on('error', reject);
    sending.write(body.slice(0, 5));
    setTimeout(() => server.process.kill('SIGTERM'), 200);
    setTimeout(() => sending.end(body.slice(5)), 500);
  });
  expect(await answer).toBe(201);
  expect(await server.exit).toMatchObject({ code: 0 });
  const again = await start();
  const { Items } = await again.client.call('listDatasets', {});
  expect(Items.map((dataset) => dataset.name)).toEqual(['sent slowly']);
});

it('fault F4: a session that waited for data is built, also when the server dies right after the data came', async () => {
  let server = await start();
  const dataset = await server.client.call('createDataset', { body: { name: 'empty so far' } });
  const params = { datasetId: dataset.albertId };
  const session = await server.client.call('createModelSession', {
    body: { name: 'patient', category: 'albertModel', ...params, target: [hardnessTarget] },
  });
  await server.client.upload('later.csv', new TextEncoder().encode(hardness), 'text/csv');
  server.process.kill('SIGTERM');
  await server.exit;

  server = await start({}, { CRASH_AT: 'transaction.afterCommit' });
  const patch = { data: [{ operation: 'add' as const, attribute: 'key', newValue: 'later.csv' }] };
  await server.client.call('patchDataset', { params, body: patch }).catch(() => {});
  expect(await server.exit).toMatchObject({ signal: 'SIGKILL' });

  server = await start();
  await until(async () => {
    const { state } = await server.client.call('getModelSession', { params: { sessionId: session.id } });
    return state === 'Complete';
  }, 50);
});
