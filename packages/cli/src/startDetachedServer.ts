import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@athanor/schema/client';

export interface DetachedServer {
  readonly client: Client;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: string;
}

/**
 * Starts `athanor serve` as a process of its own that stays when this one ends; `athanor stop` ends it. Takes any
 * free port when the wanted one is taken.
 */
export async function startDetachedServer(directory: string, port: number): Promise<DetachedServer> {
  mkdirSync(directory, { recursive: true });
  try {
    return await start(directory, port);
  } catch (error) {
    if (error instanceof Error && /EADDRINUSE|in use/.test(error.message)) return await start(directory, 0);
    throw error;
  }
}

async function start(directory: string, port: number): Promise<DetachedServer> {
  const program = new URL('../bin/athanor.js', import.meta.url).pathname;
  // A file, not a pipe: the server outlives this process, and writing to a closed pipe would end it.
  const complaintsPath = join(directory, 'start.log');
  const complaints = openSync(complaintsPath, 'w');
  const child = spawn(
    process.execPath,
    [program, 'serve', '--json', '--data', directory, '--port', String(port)],
    {
      detached: true,
      stdio: ['ignore', 'pipe', complaints],
    },
  );
  closeSync(complaints);
  const output = child.stdout!;
  const lines = createInterface({ input: output });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      child.once('error', reject);
      child.once('exit', () =>
        reject(new Error(`the server did not start: ${readFileSync(complaintsPath, 'utf8').trim()}`)),
      );
    });
    const ready = JSON.parse(line) as { url: string; clientId: string; clientSecret: string; token: string };
    return { client: new Client({ url: ready.url, token: ready.token }), ...ready };
  } finally {
    lines.close();
    output.destroy();
    child.removeAllListeners();
    child.unref();
  }
}
