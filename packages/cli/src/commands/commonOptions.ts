import type { Command } from 'commander';

/** Options of every command that talks to a server. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option(
      '--url <address>',
      'server to talk to (default: the one running on the data directory, else one for this call)',
    )
    .option('--token <token>', 'access token for --url (or ATHANOR_TOKEN)')
    .option('--data <directory>', 'data directory (default: ATHANOR_DATA, else ~/.athanor)');
}
