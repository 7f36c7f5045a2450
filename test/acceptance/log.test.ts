import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataset, createSession, hardness, waitForState } from './tables.ts';
import { TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ log: 'file', logLevel: 'debug' });
});
afterAll(() => server.close());

const readLog = () =>
  readFileSync(join(server.folder, 'server.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('keeps secrets, addresses that are secrets, and what is in tables out of the log and out of refusals', async () => {
  const canary = 'canary-4711';
  const answers: string[] = [];
  const send = async (...rest: Parameters<TestServer['send']>) => {
    const answer = await server.send(...rest);
    answers.push(answer.status >= 400 ? answer.text : '');
    return answer;
  };
  await send('POST', '/login/oauth/token', {
    token: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `grant_type=client_credentials&client_id=${server.running.credentials.clientId}&client_secret=${canary}-secret`,
  });
  await send('GET', `/btdataset?access_token=${canary}-token`);
  await send('GET', '/btdataset', { token: `${canary}-token` });
  const dataset = await createDataset(
    server,
    hardness.replace('resin (g)', `${canary}-column`).replace('41,', `41,`),
  );
  const { id } = (await createSession(server, {}, dataset.body.albertId)).body;
  await waitForState(server, `/btmodel/${id}`);
  await send('POST', `/btmodel/${id}/predict`, { body: { rows: [{ x: `${canary}-cell` }] } });
  await send('POST', '/btdataset', { body: `{"name": "${canary}-name` });

  const text = JSON.stringify(readLog());
  expect(text).not.toContain(canary);
  expect(text).not.toContain(server.running.token);
  expect(text).not.toContain(server.running.credentials.clientSecret!);
  expect(text).not.toMatch(/files\/content\/[^:]/);
  for (const answer of answers) {
    expect(answer).not.toContain(`${canary}-secret`);
    expect(answer).not.toContain(`${canary}-token`);
  }
});

it('has one line of JSON a request, with who, what and how it went', async () => {
  const answer = await server.send('GET', '/btdataset/DST999999');
  const requestId = answer.headers.get('x-request-id');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const lines = readLog().filter((line) => line['requestId'] === requestId);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    method: 'GET',
    route: '/api/v3/btdataset/:datasetId',
    status: 404,
    code: 'RECORD_NOT_FOUND',
    tenantId: 1,
    clientId: server.running.credentials.clientId,
  });
});
