/**
 * How fast the server answers: requests a second of GET of one record beside a bare Fastify route with the same schema
 * and the same answer, both in this call (autocannon, 32 connections); the same while a build runs; and searches over
 * 100,000 insights. Prints a table and, last, one line of JSON.
 *
 * `node benchmarks/server/requests.ts [--seconds 5] [--rounds 3] [--insights 100000]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@athanor/schema/client';
import { describeApi } from '@athanor/server';
import { seedInsights } from './seedInsights.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'athanor-requests-'));
const connections = 32;
const seconds = valueOf('--seconds', 5);
const rounds = valueOf('--rounds', 3);
const insightCount = valueOf('--insights', 100_000);

interface Loaded {
  readonly requestsPerSecond: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
}

/** Loads addresses, one after the other on each connection, from a process of its own. */
function load(addresses: readonly string[], token: string, count = connections): Promise<Loaded> {
  const program = join(import.meta.dirname, 'load.ts');
  const work = { addresses, token, connections: count, seconds };
  const child = spawn(process.execPath, [program, JSON.stringify(work)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return firstLine(child).then((line) => JSON.parse(line) as Loaded);
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`a process ended with code ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const figures: Record<string, number> = {};
const children: ChildProcess[] = [];
try {
  const data = join(folder, 'data');
  await seedInsights(data, insightCount);
  const program = join(root, 'packages/cli/bin/athanor.js');
  const server = spawn(process.execPath, [program, 'serve', '--json', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(server);
  const { url, token } = JSON.parse(await firstLine(server)) as { url: string; token: string };
  const client = new Client({ url, token });

  const table = ['a,b,c,d,y'];
  for (let i = 0; i < 1000; i++) {
    table.push(
      [i % 13, (i * 7) % 29, (i * i) % 31, (Math.sin(i) * 5).toFixed(3), (i % 17) + Math.cos(i)].join(','),
    );
  }
  await client.upload('bench.csv', new TextEncoder().encode(table.join('\n')), 'text/csv');
  const dataset = await client.call('createDataset', { body: { name: 'bench', key: 'bench.csv' } });
  const path = `/api/v3/btdataset/${dataset.albertId}`;

  // The same answer by the same schema, and nothing else.
  const document = (await describeApi()) as { components: { schemas: Record<string, unknown> } };
  const bare = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'bareServer.ts'),
      JSON.stringify({ dataset, schemas: document.components.schemas }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(bare);
  const bareUrl = await firstLine(bare);

  const records = { ours: [] as Loaded[], bare: [] as Loaded[] };
  await load([`${url}${path}`], token);
  await load([`${bareUrl}${path}`], token);
  for (let round = 0; round < rounds; round++) {
    records.bare.push(await load([`${bareUrl}${path}`], token));
    records.ours.push(await load([`${url}${path}`], token));
  }
  const ratios = records.ours.map((one, i) => one.requestsPerSecond / records.bare[i]!.requestsPerSecond);
  figures['get_requests_per_second'] = median(records.ours.map((one) => one.requestsPerSecond));
  figures['bare_requests_per_second'] = median(records.bare.map((one) => one.requestsPerSecond));
  figures['get_ratio'] = median(ratios);
  figures['get_ratio_min'] = Math.min(...ratios);
  figures['get_p99_ms'] = median(records.ours.map((one) => one.p99));

  // Different records, so that nothing is the same twice in a row.
  const many = Array.from(
    { length: 500 },
    (_, i) => `${url}/api/v3/btinsight/INS${((i * 7) % insightCount) + 1}`,
  );
  const spread = await load(many, token);
  figures['get_different_records_per_second'] = spread.requestsPerSecond;
  figures['get_different_records_p99_ms'] = spread.p99;

  const session = await client.call('createModelSession', {
    body: { name: 'bench', category: 'albertModel', datasetId: dataset.albertId, target: ['y'] },
  });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const building = await load([`${url}${path}`], token);
  const { state } = await client.call('getModelSession', { params: { sessionId: session.id } });
  if (state !== 'Building Models') throw new Error(`the build was ${state}; it must outlast the load`);
  figures['get_while_building_per_second'] = building.requestsPerSecond;
  figures['get_while_building_p99_ms'] = building.p99;
  await client.call('cancelModelSession', { params: { sessionId: session.id } });
  await new Promise((resolve) => setTimeout(resolve, 1000));

  // What people and the public client ask; the client asks for a thousand at a time.
  const searches: Record<string, string> = {
    everything: 'limit=100',
    word: 'text=adhesion&limit=100',
    common_word: 'text=insight&limit=100',
    beginning_of_word: 'text=visc&limit=100',
    two_words: 'text=polymer%20tensile&limit=100',
    word_and_filters: 'text=adhesion&state=Complete&category=Generate&limit=100',
    filters: 'state=Error&category=Optimizer&createdBy=USR1&limit=100',
    tag: 'tag=tag7&limit=100',
    dates: 'fromCreatedAt=2026-01-05&toCreatedAt=2026-01-10&limit=100',
    by_name: 'sortBy=name&order=asc&limit=100',
    word_by_name: 'text=insight&sortBy=name&order=asc&limit=100',
    deep_page: 'offset=90000&limit=100',
    thousand: 'limit=1000',
    thousand_of_word: 'text=adhesion&limit=1000',
  };
  for (const [name, query] of Object.entries(searches)) {
    const found = await load([`${url}/api/v3/btinsight/search?${query}`], token, 1);
    figures[`search_${name}_p99_ms`] = found.p99;
    if (found.failures > 0) throw new Error(`${found.failures} searches failed`);
  }
  const mixed = Object.values(searches)
    .filter((query) => query.includes('limit=100') && !query.includes('limit=1000'))
    .map((query) => `${url}/api/v3/btinsight/search?${query}`);
  const all = await load(mixed, token, 1);
  figures['search_p50_ms'] = all.p50;
  figures['search_p99_ms'] = all.p99;
  figures['failed_requests'] = [...records.ours, ...records.bare, spread, building, all].reduce(
    (sum, one) => sum + one.failures,
    0,
  );
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(40)} ${value.toFixed(2)}`);
  console.log(JSON.stringify({ bench: 'requests', figures }));
} finally {
  for (const child of children) await stop(child);
  rmSync(folder, { recursive: true, force: true });
}

function valueOf(name: string, byDefault: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? byDefault : Number(process.argv[at + 1]);
}
