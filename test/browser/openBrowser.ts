/** Debian's Chromium, installed when it is missing, and a watch on what the page does that it should not. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const program = '/usr/bin/chromium';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What must stay empty. */
export interface Complaints {
  readonly externalRequests: string[];
  readonly consoleErrors: string[];
}

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(program)) install();
  return chromium.launch({ executablePath: program, args: flags });
}

function install(): void {
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
  ]) {
    const { status } = spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0)
      throw new Error(`apt-get ${args.join(' ')} ended with ${status}; install Chromium by hand`);
  }
}

/**
 * Notes requests to anywhere but `origin()` and everything that the console calls an error. Answers of 4xx and lost
 * connections are written there by the browser itself; stories that provoke them take them off with `isExpected`.
 */
export function watch(
  context: BrowserContext,
  origin: () => string,
  complaints: Complaints,
  isExpected: (message: string) => boolean,
): void {
  context.on('request', (request) => {
    const url = request.url();
    const isOwn = url.startsWith(`${origin()}/`) || /^(data|blob|about|chrome-error):/.test(url);
    if (!isOwn) complaints.externalRequests.push(url);
  });
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    const text = `${message.text()} ${message.location().url}`;
    if (!isExpected(text)) complaints.consoleErrors.push(text);
  });
  context.on('weberror', (event) => void complaints.consoleErrors.push(String(event.error())));
}

/** Opens a page at the start, signed in by the printed link. */
export async function signIn(context: BrowserContext, link: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('heading', { name: 'From your experiments to the next one' }).waitFor();
  return page;
}
