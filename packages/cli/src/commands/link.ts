import type { Command } from 'commander';
import { CommandError } from '../commandError.ts';
import { findRunningServer } from '../connection.ts';
import { dataDirectory } from '../dataDirectory.ts';

export function addLinkCommand(program: Command): void {
  program
    .command('link')
    .description('print a link that signs a browser in, once, within 15 minutes')
    .option('--data <directory>', 'data directory (default: ATHANOR_DATA, else ~/.athanor)')
    .action(link);
}

async function link(options: { data?: string }): Promise<void> {
  const directory = dataDirectory(options.data);
  const client = await findRunningServer(directory);
  if (client === null)
    throw new CommandError(
      `no server runs on ${directory}`,
      'Start one with athanor serve, or name the directory of one that runs with --data.',
    );
  console.log((await client.call('createSignInLink', {})).url);
}
