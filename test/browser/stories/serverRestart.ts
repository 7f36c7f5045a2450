import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/sourceFiles.ts';
import { chooseFile, type Stage } from '../stage.ts';

/** The server dies in the middle of a build and comes back: the page says so, waits, and goes on by itself. */
export async function serverRestart(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  const lines = readFileSync(join(root, 'examples', 'concrete.csv'), 'utf8').split('\n');
  await chooseFile(page, 'cut.csv', lines.slice(300, 561).toSpliced(0, 0, lines[0]!).join('\n'));
  await page.getByRole('heading', { name: 'cut', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('heading', { name: 'Before it starts' }).waitFor();
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('log').getByText('Reading the table').waitFor();
  stage.expectComplaints((message) =>
    /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY|ERR_CONNECTION_RESET|ERR_SOCKET/.test(message),
  );
  await stage.cutPower();
  await page.getByText('The server does not answer').waitFor();
  await stage.examine(page, 'server away');
  await stage.powerUp();
  await page.getByText('The server does not answer').waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Results' }).waitFor({ timeout: 100_000 });
  await context.close();
}
