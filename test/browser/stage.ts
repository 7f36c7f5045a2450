/** What every story plays on: a server, a browser, and a page that is signed in. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/sourceFiles.ts';
import { type ServerProcess, startServerProcess } from '../faults/serverProcess.ts';
import { examine } from './examine.ts';
import { type Complaints, signIn, watch } from './openBrowser.ts';

/** Real tables outside the repository; their stories are left out where they are not there. */
const dataFolder = join(root, '..', 'shared', 'data');

export class Stage {
  readonly browser: Browser;
  readonly complaints: Complaints;
  /** Every rule that a page broke, with page and light. */
  readonly violations: string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'athanor-browser-'));
  server!: ServerProcess;
  /** What the story provokes on purpose. */
  #isExpected: (message: string) => boolean = () => false;

  constructor(browser: Browser, complaints: Complaints, violations: string[]) {
    this.browser = browser;
    this.complaints = complaints;
    this.violations = violations;
  }

  async open(): Promise<void> {
    this.server = await startServerProcess(this.#folder);
  }

  async close(): Promise<void> {
    this.server.process.kill('SIGTERM');
    await this.server.exit;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Kills the server as a power cut would. */
  async cutPower(): Promise<void> {
    this.server.process.kill('SIGKILL');
    await this.server.exit;
  }

  /** Starts it again at the same address. */
  async powerUp(): Promise<void> {
    this.server = await startServerProcess(this.#folder, { port: Number(new URL(this.server.url).port) });
  }

  expectComplaints(isExpected: (message: string) => boolean): void {
    this.#isExpected = isExpected;
  }

  async enter(viewport = { width: 1360, height: 860 }): Promise<{ context: BrowserContext; page: Page }> {
    this.#isExpected = () => false;
    const context = await this.browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce' });
    context.setDefaultTimeout(20_000);
    watch(
      context,
      () => this.server.url,
      this.complaints,
      (message) => this.#isExpected(message),
    );
    const { url } = await this.server.client.call('createSignInLink', {});
    return { context, page: await signIn(context, url) };
  }

  /** Checks the page as it stands with axe, in both lights. */
  async examine(page: Page, name: string): Promise<void> {
    this.violations.push(...(await examine(page, name)));
  }
}

/** A real table by name; null where the tables are not there. */
export function realTable(name: string): { name: string; bytes: Buffer } | null {
  const path = join(dataFolder, name);
  return existsSync(path) ? { name, bytes: readFileSync(path) } : null;
}

/** Gives a file to the page as the dialog of the browser would. */
export async function chooseFile(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({
    name,
    mimeType: 'text/csv',
    buffer: Buffer.from(content),
  });
}

/** Pastes as from a spreadsheet. */
export async function pasteInto(field: Locator, text: string): Promise<void> {
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Builds with what the form proposes and waits for the end. */
export async function buildModels(page: Page, seconds = 150): Promise<void> {
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('heading', { name: 'Before it starts' }).waitFor();
  await page.getByRole('button', { name: 'Build models' }).click();
  await page.getByRole('tab', { name: 'Results' }).waitFor({ timeout: seconds * 1000 });
}

/** Nothing may stick out to the right: a phone held upright must not need to scroll sideways. */
export async function expectNoOverflow(page: Page, name: string): Promise<void> {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  assert.ok(scroll <= client + 1, `${name} is ${scroll - client} pixels too wide for ${client}`);
}
