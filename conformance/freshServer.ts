import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What `athanor serve --json` prints when it is ready. */
export interface Ready {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: string;
}

/** Runs `work` with a server of its own on a fresh data directory, as a user starts it. */
export async function withServer<T>(work: (ready: Ready, pid: number) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'athanor-conformance-'));
  const program = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'athanor.js');
  const server = spawn(
    process.execPath,
    [program, 'serve', '--json', '--port', '0', '--data', join(folder, 'data')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    const ready = await new Promise<Ready>((resolve, reject) => {
      createInterface({ input: server.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready));
      server.once('exit', (code) =>
        reject(new Error(`the server ended with code ${code} before it was ready`)),
      );
    });
    return await work(ready, server.pid!);
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the Python side is told of a server. */
export function environmentOf(ready: Ready): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: '1',
    ATHANOR_URL: ready.url,
    ATHANOR_CLIENT_ID: ready.clientId,
    ATHANOR_CLIENT_SECRET: ready.clientSecret,
    ATHANOR_TOKEN: ready.token,
  };
}
