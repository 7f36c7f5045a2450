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
  await stage.examine(page, 'explore a molecule');
  await context.close();
  return undefined;
}
