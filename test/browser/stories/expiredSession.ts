import { type Stage } from '../stage.ts';

/** The sign-in ends while somebody works; after signing in again everything is where it was. */
export async function expiredSession(stage: Stage): Promise<void> {
  const { context, page } = await stage.enter();
  await page.getByRole('link', { name: 'Sessions', exact: true }).click();
  await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor();
  await context.clearCookies();
  stage.expectComplaints((message) => /status of 401/.test(message));
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await page.getByRole('heading', { name: 'Please sign in again' }).waitFor();
  await stage.examine(page, 'sign in again');
  await page.getByLabel('Sign-in link').fill(`${stage.server.url}/sign-in#used-before`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: 'used already' }).waitFor();
  const { url } = await stage.server.client.call('createSignInLink', {});
  await page.getByLabel('Sign-in link').fill(url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await stage.examine(page, 'sign in');
  await context.close();
}
