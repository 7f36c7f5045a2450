import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../../scripts/sourceFiles.ts';
import { buildModels, chooseFile, type Stage } from '../stage.ts';

/** What comes of the first mixes of the example: scores, another default, a point that is explored, kept and copied as code. */
export async function results(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  const lines = readFileSync(join(root, 'examples', 'concrete.csv'), 'utf8').split('\n');
  await chooseFile(page, 'first mixes.csv', lines.slice(0, 241).join('\n'));
  await page.getByRole('heading', { name: 'first mixes', level: 1 }).waitFor({ timeout: 60_000 });
  await buildModels(page, 240);

  await page.getByText('predicts Compressive strength (MPa) of rows it has never seen').waitFor();
  await page.getByRole('img', { name: /^Predicted against measured/ }).waitFor();
  await stage.examine(page, 'results');
  await page.getByText('Residuals', { exact: true }).click();
  await page.getByRole('img', { name: /^Residuals of/ }).waitFor();
  const best = (await page
    .getByRole('row')
    .filter({ hasText: 'default' })
    .getByRole('button')
    .textContent())!;
  await page.getByRole('button', { name: 'Ridge regression', exact: true }).click();
  await page.getByRole('button', { name: 'Make Ridge regression the default' }).click();
  await page
    .getByRole('button', { name: 'Make Ridge regression the default' })
    .waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^Ridge regression default/ }).waitFor();
  await page.getByRole('button', { name: best, exact: true }).click();
  await page.getByRole('button', { name: `Make ${best} the default` }).click();
  await page.getByRole('row', { name: new RegExp(`^${best} default`) }).waitFor();

  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText('the same data and seed give the same models').waitFor();
  await stage.examine(page, 'log');

  await page.getByRole('tab', { name: 'Explore' }).click();
  const figure = page.getByText(/^90 % of new samples between/);
  await figure.waitFor();
  const before = await figure.textContent();
  const age = page.getByRole('slider', { name: 'Age (days)' });
  await age.focus();
  await page.keyboard.press('End');
  await page.waitForFunction((text) => !document.body.textContent.includes(text), before!);
  assert.equal(await page.getByRole('textbox', { name: 'Age (days)' }).inputValue(), '365');
  await page
    .getByRole('img', {
      name: 'Compressive strength (MPa) over Cement (kg/m3) and Blast furnace slag (kg/m3)',
    })
    .waitFor();
  await page.getByRole('img', { name: /^Along Age the prediction goes from/ }).waitFor();
  await page.getByRole('button', { name: 'Keep this point' }).click();
  await page.getByRole('button', { name: 'Go to 1' }).waitFor();
  await stage.examine(page, 'explore');
  await page.getByRole('button', { name: 'Code' }).click();
  await page.getByText('client.session.post("/api/v3/btmodel/').waitFor();
  await stage.examine(page, 'code');
  await page.getByRole('button', { name: 'Close' }).click();

  // The address alone shows the same to somebody else who is signed in.
  const address = page.url();
  const other = await context.newPage();
  await other.goto(address);
  await other.getByRole('heading', { name: 'Along each input' }).waitFor();
  await other.close();

  await page.getByRole('tab', { name: 'Design' }).click();
  await page.getByText(/^Cement .* is between/).waitFor();
  await page.getByText('Learn more (DOE)').click();
  await page.getByText(/far from each other and from those made so far/).waitFor();
  await page.getByRole('textbox', { name: 'Experiments' }).fill('5');
  await stage.examine(page, 'smart DOE');
  await page.getByRole('button', { name: 'Propose experiments' }).click();
  await page.getByRole('heading', { name: '5 experiments' }).waitFor({ timeout: 120_000 });
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export 5' }).click();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const rows = readFileSync(await (await waiting).path(), 'utf8')
    .trim()
    .split('\n');
  assert.equal(rows.length, 6, 'a line of names and five experiments');

  await replay(stage, page, address.replace('/explore', '/design'));

  for (const [place, noun, search] of [
    ['Datasets', 'datasets', 'mixes'],
    ['Sessions', 'sessions', 'strength'],
    ['Models', 'models', 'ridge'],
    ['Activity', 'entries', 'dataset'],
    ['Insights', 'insights', 'far from'],
  ] as const) {
    await page.getByRole('link', { name: place, exact: true }).click();
    await page.getByRole('heading', { name: place, level: 1 }).waitFor();
    const field = page.getByRole('textbox', { name: `Search ${noun}` });
    await field.fill(search);
    await page.getByRole('row').nth(1).waitFor();
    await stage.examine(page, place);
    await field.fill('nothing of this name');
    await page.getByText(/match “nothing of this name”/).waitFor();
  }
  await context.close();
}

/** The table replayed: asked for where experiments are proposed, told in a sentence, drawn, and one way of choosing looked at. */
async function replay(stage: Stage, page: Page, design: string): Promise<void> {
  await page.goto(design);
  await page.getByText('Would it have paid?').click();
  await page.getByRole('textbox', { name: 'In all at most' }).fill('25');
  await page.getByRole('textbox', { name: 'Campaigns' }).fill('2');
  await stage.examine(page, 'asking for a replay');
  await page.getByRole('button', { name: 'Replay the table' }).click();
  await page.getByText(/as if none were known: 5 at random, then 5 at a time, 2 times/).waitFor({
    timeout: 120_000,
  });
  await page.getByRole('img', { name: /^Best Compressive strength \(MPa\) after 25 experiments/ }).waitFor();
  await page.getByRole('button', { name: /^Spread bets/ }).click();
  await stage.examine(page, 'replay');
}
