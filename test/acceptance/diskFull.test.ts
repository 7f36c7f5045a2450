import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createSession, hardnessRows, uploadTable, waitForState } from './tables.ts';
import { expectProblem, TestServer } from './testServer.ts';

const disk = mkdtempSync(join(tmpdir(), 'athanor-disk-'));
const isMounted = mountSmallDisk();
afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** A disk of 48 MB in memory; only an administrator may mount one. */
function mountSmallDisk(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
}

// Needs the right to mount a disk: an administrator on Linux, as in the CI container.
it.skipIf(!isMounted)('row 100: a full disk refuses what is new, and everything else goes on', async () => {
  const folder = join(disk, 'data');
  mkdirSync(folder);
  const server = await TestServer.start({}, folder);
  try {
    const { id } = (await createSession(server)).body;
    await waitForState(server, `/btmodel/${id}`);
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(freeBytes() - 200_000));

    const [signed] = await server.client.call('signUploads', {
      body: { files: [{ name: 'large.csv', namespace: 'breakthrough', contentType: 'text/csv' }] },
    });
    const upload = () =>
      fetch(signed!.URL, {
        method: 'PUT',
        body: randomBytes(2_000_000),
        headers: { 'content-type': 'text/csv' },
      });
    const refused = await upload();
    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ code: 'DISK_FULL' });
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);

    // Fill the rest, so that not even a row has room.
    writeFileSync(join(disk, 'last'), Buffer.alloc(Math.max(0, freeBytes() - 4096)));
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const answer = await server.send('POST', '/btdataset', { body: { name: `${i} ${'x'.repeat(400)}` } });
      statuses.add(answer.status);
      if (answer.status !== 201) expectProblem(answer, 507, 'DISK_FULL');
    }
    expect(statuses).toContain(507);
    expect((await server.send('GET', `/btmodel/${id}`)).status).toBe(200);
    const predict = await server.send('POST', `/btmodel/${id}/predict`, { body: { rows: hardnessRows(3) } });
    expect(predict.status, predict.text).toBe(200);

    rmSync(join(disk, 'last'));
    rmSync(filler);
    expect((await upload()).status).toBe(200);
    expect((await server.send('POST', '/btdataset', { body: { name: 'after' } })).status).toBe(201);
    await uploadTable(server, 'a,b\n1,2\n');
  } finally {
    await server.running.close();
  }
});
