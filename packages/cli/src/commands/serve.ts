import type { Command } from 'commander';
import { startServer } from '@athanor/server';
import { dataDirectory } from '../dataDirectory.ts';
import { version } from '../version.ts';
import { wholeNumber } from '../wholeNumber.ts';

interface ServeOptions {
  host: string;
  port: number;
  data?: string;
  publicUrl?: string;
  json?: boolean;
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('start the server')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 3500)
    .option('--data <directory>', 'data directory (default: ATHANOR_DATA, else ~/.athanor)')
    .option('--public-url <address>', 'address users reach the server by, when it is behind a proxy')
    .option('--json', 'print one JSON line {url, clientId, clientSecret, token} when ready')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const directory = dataDirectory(options.data);
  const server = await startServer({
    dataDirectory: directory,
    host: options.host,
    port: options.port,
    log: 'file',
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
  });
  // Before anyone can know that the server is ready, so that a signal right then is heard as well.
  const stopped = untilStopped();
  const { clientId, clientSecret } = server.credentials;
  if (options.json === true) {
    console.log(JSON.stringify({ url: server.url, clientId, clientSecret, token: server.token }));
  } else {
    console.log(`Athanor ${version} is ready at ${server.url}`);
    console.log(`  data            ${directory}`);
    console.log(`  API reference   ${server.url}/docs`);
    console.log('\nOpen this link in your browser (it signs in once; npx athanor link makes another)');
    console.log(`  ${await server.makeSignInLink()}`);
    if (server.isFirstStart) {
      console.log(
        '\nSign in with (shown once; kept in credentials.json of the data directory, readable by you only)',
      );
      console.log(`  client id       ${clientId}`);
      console.log(`  client secret   ${clientSecret}`);
      console.log(`  access token    ${server.token}`);
    }
    console.log('\nStop with Ctrl-C.');
  }
  await stopped;
  if (options.json !== true) console.log('Stopping; running builds go on at the next start.');
  await server.close();
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
