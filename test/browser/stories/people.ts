import type { Stage } from '../stage.ts';

/** Who may use the server and what it works on: a user is added, changed and locked out; jobs are listed and searched. */
export async function people(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  const places = page.getByRole('navigation', { name: 'Places' });
  await places.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Add a user' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Keller');
  await page.getByRole('textbox', { name: 'Email' }).fill('ada@example.org');
  await stage.examine(page, 'user form');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('cell', { name: 'ada@example.org' }).waitFor();
  await stage.examine(page, 'users');
  await page.getByRole('textbox', { name: 'Search users' }).fill('keller');
  await page.getByText('1 of 2 users').waitFor();
  await page.getByRole('button', { name: 'Change Ada Keller' }).click();
  await page.getByRole('button', { name: 'Lock out' }).click();
  await page.getByRole('cell', { name: 'inactive' }).waitFor();

  await places.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
  await page.getByRole('row').nth(1).waitFor();
  await stage.examine(page, 'jobs');
  await page.getByRole('textbox', { name: 'Search jobs' }).fill('nothing of this name');
  await page.getByText(/match “nothing of this name”/).waitFor();
  await context.close();
}
