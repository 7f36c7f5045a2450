import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { Client } from '@athanor/schema/client';
import { readServerNote } from '@athanor/server';
import { dataDirectory } from '../dataDirectory.ts';

/** A graceful stop takes at most 10 s; a little more, and something is wrong. */
const maxSeconds = 15;

export function addStopCommand(program: Command): void {
  program
    .command('stop')
    .description('stop the server that runs on a data directory; builds go on at its next start')
    .option('--data <directory>', 'data directory (default: ATHANOR_DATA, else ~/.athanor)')
    .action(stop);
}

async function stop(options: { data?: string }): Promise<void> {
  const directory = dataDirectory(options.data);
  const note = await readServerNote(directory);
  // The note may be left over from a server that was killed, and its number belong to another process by now.
  if (note === null || note.url === null || !(await answers(note.url))) {
    console.log(`No server runs on ${directory}.`);
    return;
  }
  process.kill(note.pid, 'SIGTERM');
  for (let i = 0; i < maxSeconds * 10; i++) {
    if (!isAlive(note.pid)) {
      console.log('Stopped.');
      return;
    }
    await delay(100);
  }
  throw new Error(`the server (process ${note.pid}) has not stopped within ${maxSeconds} s`);
}

async function answers(url: string): Promise<boolean> {
  try {
    await new Client({ url }).call('getHealth', {});
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
