import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/sourceFiles.ts';
import { chooseFile, type Stage } from '../stage.ts';

/** A build is stopped half way, says so, and is started again. */
export async function cancelledBuild(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  const lines = readFileSync(join(root, 'examples', 'concrete.csv'), 'utf8').split('\n');
  await chooseFile(page, 'part.csv', lines.slice(0, 261).join('\n'));
  await page.getByRole('heading', { name: 'part', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('textbox', { name: 'Name of the session' }).fill('Stopped half way');
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('log').getByText('Reading the table').waitFor();
  await page.getByRole('button', { name: 'Cancel the build' }).click();
  await page.getByRole('heading', { name: 'The build was cancelled' }).waitFor();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await stage.examine(page, 'cancelled build');
  await page.getByRole('button', { name: 'Build again' }).click();
  await page.getByRole('tab', { name: 'Results' }).waitFor({ timeout: 100_000 });
  await context.close();
}
