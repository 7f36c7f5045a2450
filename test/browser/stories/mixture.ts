import { strict as assert } from 'node:assert';
import { buildModels, chooseFile, realTable, type Stage } from '../stage.ts';

/** A composition: what adds up is found, kept while exploring, and shown as a triangle. */
export async function mixture(stage: Stage): Promise<'left out' | undefined> {
  const table = realTable('p3ht_cnt.csv');
  if (table === null) return 'left out';
  const { context, page } = await stage.enter();
  await chooseFile(page, table.name, table.bytes);
  await page.getByRole('heading', { name: 'p3ht_cnt', level: 1 }).waitFor();
  await page.getByText('are parts of one composition: they add up to 100').waitFor();
  await page.getByRole('tab', { name: 'Relations' }).click();
  await page.getByText('add up to 100 % in 178 of 178 rows').waitFor();
  await buildModels(page);
  await page.getByRole('tab', { name: 'Explore' }).click();
  await page.getByText('5 amounts keep adding up to 100').waitFor();
  const amounts = async (): Promise<number[]> => {
    const values: number[] = [];
    for (const key of ['p3ht_pct', 'cnt_d1_pct', 'cnt_d2_pct', 'cnt_d6_pct', 'cnt_d8_pct']) {
      values.push(Number(await page.getByRole('textbox', { name: key, exact: true }).inputValue()));
    }
    return values;
  };
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const before = await amounts();
  assert.ok(Math.abs(sum(before) - 100) < 0.2, `starts at a sum of ${sum(before)}`);
  await page.getByRole('button', { name: 'Hold cnt d1' }).click();
  await page.getByRole('slider', { name: 'p3ht_pct' }).focus();
  for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
  const after = await amounts();
  assert.ok(after[0]! > before[0]!, 'the slider has moved');
  assert.equal(after[1], before[1], 'a held amount stays');
  assert.ok(Math.abs(sum(after) - 100) < 0.01, `keeps the sum: ${sum(after)}`);
  await page.getByRole('img', { name: /^conductivity_S_cm over p3ht_pct/ }).waitFor();
  await stage.examine(page, 'explore a mixture');
  const map = page.getByRole('img', { name: /^conductivity_S_cm over p3ht_pct/ });
  await map.click({ position: { x: 280, y: 300 } });
  const pressed = await amounts();
  assert.ok(Math.abs(sum(pressed) - 100) < 0.2, `a press in the triangle keeps the sum: ${sum(pressed)}`);
  await page.getByText('Two inputs').click();
  await page.getByRole('img', { name: 'conductivity_S_cm over p3ht_pct and cnt_d1_pct' }).waitFor();
  await page.getByText('Uncertainty', { exact: true }).click();
  await page.getByText('standard deviation of the model').waitFor();
  await context.close();
  return undefined;
}
