import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Stage } from '../stage.ts';

/** From a built session to experiments that can be made: a goal, a limit, candidates that close, and their CSV. */
export async function design(stage: Stage): Promise<'left out' | undefined> {
  const { Items } = await stage.server.client.call('listModelSessions', { query: {} });
  const session = Items.find(({ name, state }) => name === 'conductivity' && state === 'Complete');
  if (session === undefined) return 'left out';
  const { context, page } = await stage.enter();
  await page.goto(`${stage.server.url}/sessions/${session.id}/design`);
  await page.getByRole('heading', { name: 'The next experiments' }).waitFor();
  await page.getByText('conductivity_S_cm as high as possible.').waitFor();
  await stage.examine(page, 'design');
  await page.getByRole('button', { name: 'Propose experiments' }).click();
  await page.getByRole('heading', { name: '8 experiments' }).waitFor({ timeout: 120_000 });
  await page.getByRole('img', { name: /^8 experiments over/ }).waitFor();
  await page.getByRole('button', { name: '1', exact: true }).click();
  await stage.examine(page, 'candidates');
  const id = /INS\d+/.exec(page.url())![0];
  const { RawPayload } = await stage.server.client.call('getInsight', { params: { insightId: id } });
  const { candidates } = RawPayload as { candidates: { inputs: Record<string, number> }[] };
  for (const { inputs } of candidates) {
    const sum = Object.values(inputs).reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum - 100) < 1e-6, `a candidate adds up to ${sum}`);
  }
  await page.getByText('Triangle', { exact: true }).click();
  await page.getByRole('img', { name: /^8 experiments over .*_pct/ }).waitFor();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export 8' }).click();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const lines = readFileSync(await (await waiting).path(), 'utf8')
    .trim()
    .split('\n');
  assert.equal(lines.length, 9, 'a line of names and eight experiments');
  assert.match(lines[0]!, /p3ht_pct.*cnt_d1_pct/);
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Insights' }).click();
  await page.getByRole('link', { name: /^conductivity_S_cm as high/ }).waitFor();
  await stage.examine(page, 'insights');
  await context.close();
  return undefined;
}
