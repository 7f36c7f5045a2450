/** A server as a process of its own, which tests may kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@athanor/schema/client';
import type { ServerOptions } from '@athanor/server';

const program = join(import.meta.dirname, '../../packages/server/src/main.ts');

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly complaints: string;
}

export interface ServerProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  /** Signs one browser in. */
  readonly signInLink: string;
  readonly client: Client;
  /** Seconds from the start of the process to its word that it is ready. */
  readonly readySeconds: number;
  readonly exit: Promise<Exit>;
}

/** Starts a server; rejects with its exit when it ends before it is ready. */
export async function startServerProcess(
  dataDirectory: string,
  options: Partial<ServerOptions> = {},
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    [program, JSON.stringify({ port: 0, workers: 2, log: 'none', ...options, dataDirectory })],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } },
  );
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const exit = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, complaints }));
  });
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exit.then((end) => Promise.reject(new ServerEndedError(end))),
  ]);
  const { url, token, signInLink } = JSON.parse(line) as { url: string; token: string; signInLink: string };
  return {
    process: child,
    pid: child.pid!,
    url,
    token,
    signInLink,
    client: new Client({ url, token }),
    readySeconds: (performance.now() - begin) / 1000,
    exit,
  };
}

/** The server ended before it was ready. */
export class ServerEndedError extends Error {
  readonly exit: Exit;

  constructor(exit: Exit) {
    super(`the server ended with ${exit.signal ?? exit.code}: ${exit.complaints}`);
    this.exit = exit;
  }
}

/** Waits until `condition` holds. @throws Error after `seconds`. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not happen within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
