import { strict as assert } from 'node:assert';
import type { Stage } from '../stage.ts';

/** The example, from the first visit to a point that was explored, kept and copied as code. */
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
  await page.getByRole('tab', { name: 'Results' }).waitFor({ timeout: 150_000 });

  await page.getByText('predicts Compressive strength (MPa) of rows it has never seen').waitFor();
  await page.getByRole('img', { name: /^Predicted against measured/ }).waitFor();
  await stage.examine(page, 'results');
  await page.getByText('Residuals', { exact: true }).click();
  await page.getByRole('img', { name: /^Residuals of/ }).waitFor();
  await page.getByRole('button', { name: 'Ridge regression', exact: true }).click();
  await page.getByRole('button', { name: 'Make Ridge regression the default' }).click();
  await page
    .getByRole('button', { name: 'Make Ridge regression the default' })
    .waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /^Ridge regression default/ }).waitFor();
  await page.getByRole('button', { name: 'Gaussian process', exact: true }).click();
  await page.getByRole('button', { name: 'Make Gaussian process the default' }).click();
  await page.getByRole('row', { name: /^Gaussian process default/ }).waitFor();

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

  for (const [place, search] of [
    ['Datasets', 'conc'],
    ['Sessions', 'strength'],
    ['Models', 'ridge'],
  ] as const) {
    await page.getByRole('link', { name: place, exact: true }).click();
    await page.getByRole('heading', { name: place, level: 1 }).waitFor();
    await page.getByRole('textbox', { name: `Search ${place.toLowerCase()}` }).fill(search);
    await page.getByRole('row').nth(1).waitFor();
    await stage.examine(page, place.toLowerCase());
    await page.getByRole('textbox', { name: `Search ${place.toLowerCase()}` }).fill('nothing of this name');
    await page.getByText(/match “nothing of this name”/).waitFor();
  }
  await context.close();
}
