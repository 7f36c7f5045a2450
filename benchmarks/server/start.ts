/**
 * How light the server is: time from start to ready, memory when idle, latency of a prediction of ten rows with a
 * loaded model, and megabytes of a production install. Prints a table and, last, one line of JSON.
 *
 * `node benchmarks/server/start.ts [--without-install]`
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@athanor/schema/client';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'packages/cli/bin/athanor.js');
const folder = mkdtempSync(join(tmpdir(), 'athanor-bench-'));

interface Started {
  readonly process: ChildProcess;
  readonly client: Client;
  /** Seconds from spawn to the ready line. */
  readonly seconds: number;
}

async function startServer(data: string): Promise<Started> {
  const begin = performance.now();
  const child = spawn(process.execPath, [program, 'serve', '--json', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code}`)));
  });
  const ready = JSON.parse(line) as { url: string; token: string };
  return { process: child, client: new Client(ready), seconds: (performance.now() - begin) / 1000 };
}

async function stopServer(started: Started): Promise<void> {
  const ended = new Promise((resolve) => started.process.once('exit', resolve));
  started.process.kill('SIGTERM');
  await ended;
}

/** Resident megabytes of a process and all its descendants. */
function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  return own + children.reduce((sum, child) => sum + residentMegabytes(Number(child)), 0);
}

function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))]!;
}

async function measureReady(): Promise<{ first: number[]; again: number[]; idleMegabytes: number }> {
  const first: number[] = [];
  const again: number[] = [];
  let idleMegabytes = 0;
  for (let i = 0; i < 5; i++) {
    const data = join(folder, `data-${i}`);
    const fresh = await startServer(data);
    first.push(fresh.seconds);
    await stopServer(fresh);
    const second = await startServer(data);
    again.push(second.seconds);
    if (i === 4) {
      await delay(5000);
      idleMegabytes = residentMegabytes(second.process.pid!);
    }
    await stopServer(second);
  }
  return { first, again, idleMegabytes };
}

async function measurePrediction(): Promise<{ latencies: number[]; idleAfterMegabytes: number }> {
  const started = await startServer(join(folder, 'predict'));
  const { client } = started;
  const bytes = readFileSync(join(root, 'examples/concrete.csv'));
  await client.upload('concrete.csv', bytes, 'text/csv');
  const { albertId: datasetId } = await client.call('createDataset', {
    body: { name: 'concrete', key: 'concrete.csv' },
  });
  const session = await client.call('createModelSession', {
    body: { name: 'bench', category: 'albertModel', datasetId, target: ['Compressive strength (MPa)'] },
  });
  for await (const event of client.followBuild(session.id)) if (event.type === 'end') break;
  const { columns, rows } = await client.call('listRows', { params: { datasetId }, query: { limit: 10 } });
  const inputs = rows.map((row) =>
    Object.fromEntries(columns.slice(0, -1).map((key, j) => [key, row[j]!] as const)),
  );
  const latencies: number[] = [];
  for (let i = 0; i < 600; i++) {
    const begin = performance.now();
    await client.call('predictWithSession', { params: { sessionId: session.id }, body: { rows: inputs } });
    if (i >= 100) latencies.push(performance.now() - begin);
  }
  await delay(5000);
  const idleAfterMegabytes = residentMegabytes(started.process.pid!);
  await stopServer(started);
  return { latencies, idleAfterMegabytes };
}

/** Installs the production parts of the committed tree into an empty folder. */
function measureInstall(): { megabytes: number; packages: number } {
  const copy = join(folder, 'install');
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !/(^|\/)(node_modules|\.git|\.athanor)$/.test(path.slice(root.length)),
  });
  const { status } = spawnSync('npm', ['ci', '--omit=dev'], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm ci --omit=dev failed');
  const size = spawnSync('du', ['-sm', join(copy, 'node_modules')], { encoding: 'utf8' }).stdout;
  const list = spawnSync('npm', ['ls', '--all', '--parseable', '--omit=dev'], {
    cwd: copy,
    encoding: 'utf8',
  }).stdout;
  return { megabytes: Number.parseInt(size, 10), packages: list.trim().split('\n').length - 1 };
}

try {
  const ready = await measureReady();
  const prediction = await measurePrediction();
  const install = process.argv.includes('--without-install') ? null : measureInstall();
  const figures = {
    ready_first_seconds_median: quantile(ready.first, 0.5),
    ready_first_seconds_max: Math.max(...ready.first),
    ready_again_seconds_median: quantile(ready.again, 0.5),
    ready_again_seconds_max: Math.max(...ready.again),
    idle_mb: ready.idleMegabytes,
    idle_after_predictions_mb: prediction.idleAfterMegabytes,
    predict_10_rows_p50_ms: quantile(prediction.latencies, 0.5),
    predict_10_rows_p99_ms: quantile(prediction.latencies, 0.99),
    ...(install === null
      ? {}
      : { production_install_mb: install.megabytes, production_packages: install.packages }),
  };
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(32)} ${value.toFixed(2)}`);
  console.log(JSON.stringify({ bench: 'server', figures }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
