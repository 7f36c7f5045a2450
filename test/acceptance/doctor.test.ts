import { chmodSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineInstallation, type Finding } from '@athanor/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataset } from './tables.ts';
import { TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const find = (findings: readonly Finding[], subject: string) =>
  findings.find((one) => one.subject === subject)!;

it('finds nothing wrong where nothing is, and says who has a folder open', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'athanor-doctor-'));
  expect((await examineInstallation(join(folder, 'none yet'))).every(({ isFine }) => isFine)).toBe(true);
  rmSync(folder, { recursive: true });
  const busy = await examineInstallation(server.folder);
  expect(busy.filter(({ isFine }) => !isFine)).toEqual([]);
  expect(find(busy, 'database').detail).toContain(`process ${process.pid}`);
});

it('fault F16: names every changed and missing file, and secrets that others can read', async () => {
  const hashes = [];
  for (const y of [1, 2, 3])
    hashes.push((await createDataset(server, `a,y\n1,2\n3,${y}\n`)).body.dataHash as string);
  await server.running.close();
  const path = (hash: string) => join(server.folder, 'blobs', hash.slice(0, 2), hash);
  expect(find(await examineInstallation(server.folder), 'files')).toMatchObject({
    isFine: true,
    detail: '3 stored, all unchanged',
  });
  const bytes = readFileSync(path(hashes[0]!));
  bytes[3]! ^= 1;
  writeFileSync(path(hashes[0]!), bytes);
  unlinkSync(path(hashes[1]!));
  chmodSync(join(server.folder, 'signing.key'), 0o644);

  const findings = await examineInstallation(server.folder);
  const files = find(findings, 'files');
  expect(files).toMatchObject({ isFine: false });
  expect(files.detail).toContain(`${hashes[0]} has changed`);
  expect(files.detail).toContain(`${hashes[1]} is missing`);
  expect(files.detail).not.toContain(hashes[2]);
  expect(find(findings, 'signing.key')).toMatchObject({
    isFine: false,
    fix: expect.stringContaining('chmod 600'),
  });
  await server.restart();
});
