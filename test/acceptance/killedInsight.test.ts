import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DesignPayload, type Insight } from '@athanor/schema';
import { afterAll, expect, it } from 'vitest';
import { type ServerProcess, startServerProcess } from '../faults/serverProcess.ts';
import { hardness, hardnessTarget } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'athanor-killed-'));
let server: ServerProcess | null = null;
afterAll(async () => {
  server?.process.kill('SIGKILL');
  await server?.exit;
  rmSync(folder, { recursive: true, force: true });
});

const Settings = {
  objectives: [{ target: hardnessTarget, goal: 'maximize' as const }],
  numCandidatesGenerated: 2000,
  numCandidatesSelected: 5,
};
const read = (insightId: string): Promise<Insight> =>
  server!.client.call('getInsight', { params: { insightId } });
async function waitFor(insightId: string, states: readonly string[]): Promise<Insight> {
  const end = performance.now() + 150_000;
  for (;;) {
    const insight = await read(insightId);
    if (states.includes(insight.state!)) return insight;
    if (performance.now() > end) throw new Error(`${insightId} is still ${insight.state}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const propose = (datasetId: string): Promise<Insight> =>
  server!.client.call('createInsight', {
    body: { name: 'x', category: 'Optimizer', state: 'Queued', datasetId, Registry: { Settings } },
  });
async function kill(): Promise<void> {
  server!.process.kill('SIGKILL');
  await server!.exit;
  server = await startServerProcess(folder);
}

it('a computation goes on after the server was killed in any of its states, with the same candidates', async () => {
  server = await startServerProcess(folder);
  await server.client.upload('table.csv', new TextEncoder().encode(hardness), 'text/csv');
  const dataset = await server.client.call('createDataset', { body: { name: 't', key: 'table.csv' } });
  const outcomes: DesignPayload['candidates'][] = [];
  for (const state of ['Queued', 'Building Models', 'Generating Candidates']) {
    const { albertId } = await propose(dataset.albertId);
    // It may be past that state already; then it is killed in the next one.
    const before = await waitFor(
      albertId,
      state === 'Queued' ? ['Queued', 'Building Models'] : [state, 'Complete'],
    );
    expect(before.state).not.toBe('Error');
    await kill();
    const ended = await waitFor(albertId, ['Complete', 'Error']);
    expect(ended.state, JSON.stringify(ended.Registry)).toBe('Complete');
    outcomes.push(DesignPayload.parse(ended.RawPayload).candidates);
    expect((ended.Registry!.BuildLogs!['lines'] as object[]).at(-1)).toMatchObject({ message: 'Complete' });
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(outcomes[2]).toEqual(outcomes[0]);
}, 600_000);
