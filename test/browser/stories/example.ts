import type { Stage } from '../stage.ts';

/** The example, from the first visit to a build that runs; it takes a minute, so its results are told on a part. */
export async function example(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  await stage.examine(page, 'start');
  await page.getByRole('button', { name: 'Open the example' }).click();
  await page.getByRole('heading', { name: 'concrete', level: 1 }).waitFor();
  await page.getByRole('article', { name: 'Age (days)' }).waitFor();
  await stage.examine(page, 'dataset');

  // A column is left out and taken back.
  await page.getByRole('button', { name: 'Age (days): Input. Change' }).click();
  await page.getByRole('textbox', { name: 'Unit' }).fill('days');
  await stage.examine(page, 'column form');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('days · setting · numbers · set by you').waitFor();
  await page.getByRole('button', { name: 'Age (days): Input. Change' }).click();
  await page.getByRole('button', { name: 'As read' }).click();
  await page.getByText('set by you').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: /^Show rows 78/ }).click();
  await page.getByRole('rowheader', { name: '78', exact: true }).waitFor();
  await page.getByRole('row').filter({ hasText: '313.3' }).first().waitFor();
  await stage.examine(page, 'table');
  await page.getByRole('tab', { name: 'Relations' }).click();
  await page.getByRole('button', { name: 'Compressive strength and Age: 0.60' }).click();
  await page.getByRole('heading', { name: 'Compressive strength and Age' }).waitFor();
  await page.getByText('do not add up to 100 or 1').waitFor();
  await stage.examine(page, 'relations');

  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('heading', { name: 'Before it starts' }).waitFor();
  await stage.examine(page, 'new session');
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('button', { name: 'Cancel the build' }).waitFor();
  await page.getByText('Ridge regression: 11 fits').waitFor();
  await stage.examine(page, 'building');
  await page.getByRole('button', { name: 'Cancel the build' }).click();
  await page.getByRole('heading', { name: 'The build was cancelled' }).waitFor();
  await context.close();
}
