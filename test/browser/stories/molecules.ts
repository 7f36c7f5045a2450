import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { buildModels, chooseFile, realTable, type Stage } from '../stage.ts';

/** Structures as SMILES: known as such, learned from, and predicted for a structure that is typed in. */
export async function molecules(stage: Stage): Promise<'left out' | undefined> {
  const table = realTable('esol.csv');
  if (table === null) return 'left out';
  const { context, page } = await stage.enter();
  const lines = table.bytes.toString('utf8').split('\n').slice(0, 61);
  await chooseFile(page, table.name, lines.join('\n'));
  await page.getByRole('heading', { name: 'esol', level: 1 }).waitFor();
  await page.getByText('molecule · structures (SMILES)').waitFor();
  await page.getByRole('article', { name: 'smiles' }).getByRole('img').first().waitFor();
  await stage.examine(page, 'dataset of molecules');
  await buildModels(page, 200);
  await page.getByRole('tab', { name: 'Explore' }).click();
  const figure = page.getByText(/^90 % of new samples between/);
  await figure.waitFor();
  const before = (await figure.textContent())!;
  stage.expectComplaints((message) => /status of 422/.test(message));
  await page.locator('input').and(page.getByLabel('smiles')).fill('CCCCCCCCCCCCCC');
  await page.waitForFunction((text) => !document.body.textContent.includes(text), before);
  await page.keyboard.press('Escape');
  await drawn(page, 'CCCCCCCCCCCCCC');
  await stage.examine(page, 'explore a molecule');
  await page.getByRole('tab', { name: 'Design' }).click();
  // All structures of the table were measured, so new ones are offered.
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  for (const smiles of ['CCCCO', 'CCCCCCO', 'CC(C)CCO', 'c1ccccc1CCO']) {
    await page.getByRole('combobox', { name: 'smiles: choices' }).fill(smiles);
    await page.keyboard.press('Enter');
  }
  await page.getByText('There are experiments that obey all of this.').waitFor();
  await page.getByRole('textbox', { name: 'Experiments' }).fill('3');
  await page.getByRole('button', { name: 'Propose experiments' }).click();
  await page.getByRole('heading', { name: '3 experiments' }).waitFor({ timeout: 120_000 });
  await page.getByRole('region', { name: 'Table of experiments' }).getByRole('img').first().waitFor();
  await stage.examine(page, 'proposed molecules');
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export 3' }).click();
  await page.getByRole('menuitem', { name: 'Parquet' }).click();
  assert.equal(
    readFileSync(await (await waiting).path())
      .subarray(0, 4)
      .toString(),
    'PAR1',
  );
  await context.close();
  return undefined;
}

/** The picture of a structure is there and has been loaded. */
async function drawn(page: Page, smiles: string): Promise<void> {
  const picture = page.getByRole('img', { name: smiles, exact: true });
  await picture.waitFor();
  await page.waitForFunction((text) => {
    const image = document.querySelector<HTMLImageElement>(`img[alt="${text}"]`);
    return image !== null && image.complete && image.naturalWidth > 0;
  }, smiles);
}
