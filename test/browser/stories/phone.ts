import { expectNoOverflow, type Stage } from '../stage.ts';

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
    `/datasets/${session.datasetId}`,
    `/datasets/${session.datasetId}?tab=table`,
    `/datasets/${session.datasetId}?tab=relations`,
    `/sessions/new?dataset=${session.datasetId}`,
    `/sessions/${session.id}`,
    `/sessions/${session.id}/explore`,
    `/sessions/${session.id}/log`,
  ];
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
  await context.close();
}
