import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@athanor/schema/client';
import { startServer } from '@athanor/server';
import { CommandError } from './commandError.ts';
import { dataDirectory } from './dataDirectory.ts';

/** A signed-in client, and how to let go of it. */
export interface Connection {
  readonly client: Client;
  /** True when the server was started for this one call. */
  readonly isEmbedded: boolean;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly data?: string | undefined;
}

/**
 * Finds the server to talk to: the one named by `--url` and `--token` (or ATHANOR_URL and ATHANOR_TOKEN), else the
 * one running on the data directory, else one started on it for this call.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const url = options.url ?? process.env['ATHANOR_URL'];
  const token = options.token ?? process.env['ATHANOR_TOKEN'];
  if (url !== undefined) {
    if (token === undefined)
      throw new CommandError(
        'a server address needs a token too',
        'Give it with --token or ATHANOR_TOKEN; serve --json prints one.',
      );
    const client = new Client({ url, token });
    await expectAnswer(client);
    return { client, isEmbedded: false, close: async () => {} };
  }
  const directory = dataDirectory(options.data);
  const running = await findRunningServer(directory);
  if (running !== null) return { client: running, isEmbedded: false, close: async () => {} };
  const server = await startServer({ dataDirectory: directory, host: '127.0.0.1', port: 0, log: 'file' });
  return {
    client: new Client({ url: server.url, token: server.token }),
    isEmbedded: true,
    close: () => server.close(),
  };
}

/** @throws CommandError when nobody answers there */
async function expectAnswer(client: Client): Promise<void> {
  try {
    await client.call('getHealth', {});
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(
      `no server answers at ${client.url}`,
      'Check address and port, and that it runs (athanor serve); without --url the one on --data is used.',
      { cause: error },
    );
  }
}

/** Signs in to the server that says it runs on a data directory; null when there is none or it no longer answers. */
export async function findRunningServer(directory: string): Promise<Client | null> {
  const state = readJson(join(directory, 'server.json'));
  const credentials = readJson(join(directory, 'credentials.json'));
  if (typeof state?.['url'] !== 'string') return null;
  if (typeof credentials?.['clientId'] !== 'string' || typeof credentials['clientSecret'] !== 'string')
    return null;
  try {
    return await Client.signIn(state['url'], credentials['clientId'], credentials['clientSecret']);
  } catch (error) {
    // Nobody listens there any more: the file is left over from a server that was killed.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function readJson(path: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}
