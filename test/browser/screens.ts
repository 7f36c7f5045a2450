/**
 * `npm run screens`: takes the pictures of docs/screens anew, one of each page, from the example and, where it is on
 * this machine, from a composition.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildPage } from '../../scripts/buildPage.ts';
import { root } from '../../scripts/sourceFiles.ts';
import { type Complaints, openBrowser } from './openBrowser.ts';
import { buildModels, chooseFile, pasteInto, realTable, Stage } from './stage.ts';

const folder = join(root, 'docs', 'screens');
mkdirSync(folder, { recursive: true });

await buildPage(true);
const complaints: Complaints = { externalRequests: [], consoleErrors: [] };
const browser = await openBrowser();
const stage = new Stage(browser, complaints, []);
await stage.open();

async function take(page: Page, name: string, options: { isWhole?: boolean } = {}): Promise<void> {
  // The pointer would light up what it rests on, and the caret blinks.
  await page.mouse.move(0, 0);
  // A head that stays in view would stand in the middle of a whole page.
  if (options.isWhole === true) await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(700);
  await page.screenshot({
    path: join(folder, `${name}.png`),
    fullPage: options.isWhole === true,
    animations: 'disabled',
    caret: 'hide',
  });
  console.log(`docs/screens/${name}.png`);
}

/** Three of the proposals as if they had been made, so that the picture shows how they did. */
async function measureProposals(page: Page): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Paste from a spreadsheet' });
  await pasteInto(field, 'No.\tconductivity_S_cm\n1\t640\n2\t705\n3\t488\n');
  await page.getByRole('button', { name: 'Add 3 results' }).click();
  await page.getByRole('heading', { name: 'How they did' }).waitFor();
}

try {
  const { context, page } = await stage.enter({ width: 1360, height: 850 });
  await page.getByRole('button', { name: 'Open the example' }).click();
  await page.getByRole('article', { name: 'Age (days)' }).waitFor();
  await take(page, 'dataset');
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.getByRole('cell', { name: '540', exact: true }).first().waitFor();
  await take(page, 'table');
  await page.getByRole('tab', { name: 'Relations' }).click();
  await page.getByRole('img', { name: /against/ }).waitFor();
  await take(page, 'relations');
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('heading', { name: 'Before it starts' }).waitFor();
  await take(page, 'newSession');
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByText('Ridge regression: 11 fits').waitFor();
  await take(page, 'building');
  await page.getByRole('tab', { name: 'Results' }).waitFor({ timeout: 180_000 });
  await page.getByRole('img', { name: /^Predicted against measured/ }).waitFor();
  await take(page, 'results', { isWhole: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, 'resultsDark', { isWhole: true });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('tab', { name: 'Log' }).click();
  await take(page, 'log');
  await page.getByRole('tab', { name: 'Explore' }).click();
  await page.getByRole('img', { name: /^Along Age/ }).waitFor();
  await take(page, 'explore');
  const session = page.url().replace('/explore', '');

  const mixture = realTable('p3ht_cnt.csv');
  if (mixture !== null) {
    await page.goto(stage.server.url);
    await chooseFile(page, mixture.name, mixture.bytes);
    await page.getByRole('heading', { name: 'p3ht_cnt', level: 1 }).waitFor();
    await buildModels(page);
    await page.getByRole('tab', { name: 'Explore' }).click();
    await page.getByRole('img', { name: /^conductivity_S_cm over/ }).waitFor();
    await page.getByRole('heading', { name: /as a map$/ }).scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await take(page, 'triangle');
    await page.getByRole('tab', { name: 'Design' }).click();
    await page.getByText(/add up to 100/).waitFor();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('There are experiments that obey all of this.').waitFor();
    await take(page, 'design', { isWhole: true });
    for (const key of ['p3ht_pct', 'cnt_d1_pct', 'cnt_d2_pct', 'cnt_d6_pct', 'cnt_d8_pct']) {
      await page.getByRole('textbox', { name: `${key}: to` }).fill('18');
    }
    await page.getByRole('button', { name: 'Do that' }).waitFor();
    await page.getByRole('heading', { name: 'What may be made' }).scrollIntoViewIfNeeded();
    await take(page, 'infeasible');
    await page.getByRole('button', { name: 'As the table has it' }).click();
    await page.getByRole('button', { name: 'Propose experiments' }).click();
    await page.getByRole('heading', { name: '8 experiments' }).waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Pin no. 1' }).click();
    await page.getByRole('button', { name: '2', exact: true }).click();
    await take(page, 'candidates');
    const proposals = page.url();
    await measureProposals(page);
    await take(page, 'insight', { isWhole: true });
    await page.goto(proposals);
    await page
      .getByRole('link', { name: /^MDS\d+$/ })
      .first()
      .click();
    await page.getByText('Would it have paid?').click();
    await page.getByRole('button', { name: 'Replay the table' }).click();
    await page.getByRole('heading', { name: 'Ways of choosing' }).waitFor({ timeout: 180_000 });
    await page.getByRole('img', { name: /^Best .* after 50 experiments/ }).waitFor();
    await take(page, 'replay', { isWhole: true });
  }
  const molecules = realTable('esol.csv');
  if (molecules !== null) {
    await page.goto(stage.server.url);
    const lines = molecules.bytes.toString('utf8').split('\n').slice(0, 61);
    await chooseFile(page, molecules.name, lines.join('\n'));
    await page.getByRole('heading', { name: 'esol', level: 1 }).waitFor();
    await buildModels(page, 200);
    await page.getByRole('tab', { name: 'Explore' }).click();
    await page.getByText(/^90 % of new samples between/).waitFor();
    await page.locator('img.molecule').first().waitFor();
    await take(page, 'molecules');
  }
  await page.goto(stage.server.url);
  await page.getByRole('heading', { name: 'Sessions', level: 2 }).waitFor();
  await take(page, 'start');
  for (const place of ['datasets', 'sessions', 'models', 'insights', 'jobs', 'activity', 'users']) {
    await page.goto(`${stage.server.url}/${place}`);
    await page.getByRole('row').nth(1).waitFor();
    await take(page, place);
  }
  const sessions = (await stage.server.client.call('listModelSessions', { query: {} })).Items;
  const follower = sessions.find(({ parentSessionId }) => parentSessionId !== undefined);
  if (follower !== undefined) {
    await page.goto(`${stage.server.url}/sessions/${follower.id}`);
    await page.getByRole('tab', { name: 'Results' }).waitFor({ timeout: 120_000 });
    await page.getByRole('link', { name: 'compare' }).click();
    await page.getByRole('heading', { name: 'How they were made' }).waitFor();
    await take(page, 'compare');
  }
  await context.clearCookies();
  await page.goto(`${stage.server.url}/sign-in`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await take(page, 'signIn');
  await context.close();

  const phone = await stage.enter({ width: 390, height: 844 });
  await phone.page.goto(session);
  await phone.page.getByRole('img', { name: /^Predicted against measured/ }).waitFor();
  await take(phone.page, 'phoneResults', { isWhole: true });
  await phone.page.goto(`${session}/explore`);
  await phone.page.getByRole('img', { name: /^Along Age/ }).waitFor();
  await take(phone.page, 'phoneExplore');
} finally {
  await browser.close();
  await stage.close();
}
for (const line of [...complaints.consoleErrors, ...complaints.externalRequests]) console.log(line);
