import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { expectNoOverflow, type Stage } from '../stage.ts';

const everyInsight = {
  name: [],
  state: [],
  category: [],
  createdBy: [],
  updatedBy: [],
  modelSession: [],
  tag: [],
};

/** Every page can be read on a phone held upright, without scrolling sideways, and printed. */
export async function phone(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter({ width: 390, height: 844 });
  const sessions = (await stage.server.client.call('listModelSessions', { query: {} })).Items;
  const session = sessions.find(({ state }) => state === 'Complete');
  if (session === undefined) throw new Error('a story before this one leaves a built session');
  const places = [
    '/',
    '/datasets',
    '/sessions',
    '/models',
    '/insights',
    '/jobs',
    '/users',
    `/datasets/${session.datasetId}`,
    `/datasets/${session.datasetId}?tab=table`,
    `/datasets/${session.datasetId}?tab=relations`,
    `/sessions/new?dataset=${session.datasetId}`,
    `/sessions/${session.id}`,
    `/sessions/${session.id}/explore`,
    `/sessions/${session.id}/design`,
    `/sessions/${session.id}/log`,
  ];
  const { Items: insights } = await stage.server.client.call('searchInsights', { query: everyInsight });
  if (insights[0] !== undefined) places.push(`/insights/${insights[0].albertId}`);
  for (const place of places) {
    await page.goto(stage.server.url + place);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForTimeout(500);
    await expectNoOverflow(page, place);
  }
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await page.getByRole('link', { name: 'Datasets', exact: true }).click();
  await page.getByRole('heading', { name: 'Datasets', level: 1 }).waitFor();
  await stage.examine(page, 'phone');
  await printFromDark(page);
  await context.close();
}

/** Paper is white, and the page is as it was when the printer has it: the first time and the next. */
async function printFromDark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  const lightAfter = (event: string): Promise<string | null> =>
    page.evaluate((name) => {
      window.dispatchEvent(new Event(name));
      return new Promise((resolve) => {
        setTimeout(() => resolve(document.documentElement.getAttribute('data-mantine-color-scheme')));
      });
    }, event);
  for (let i = 0; i < 2; i++) {
    assert.equal(await lightAfter('beforeprint'), 'light');
    assert.equal(await lightAfter('afterprint'), 'dark');
  }
}
