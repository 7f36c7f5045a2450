import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { dataDirectory } from '../dataDirectory.ts';

export function addStopCommand(program: Command): void {
  program
    .command('stop')
    .description('stop the server that runs on a data directory')
    .option('--data <directory>', 'data directory (default: ATHANOR_DATA, else ~/.athanor)')
    .action(stop);
}

async function stop(options: { data?: string }): Promise<void> {
  const directory = dataDirectory(options.data);
  const pid = readPid(directory);
  if (pid === null || !isAlive(pid)) {
    console.log(`No server runs on ${directory}.`);
    return;
  }
  process.kill(pid, 'SIGTERM');
  for (let i = 0; i < 150 && isAlive(pid); i++) await delay(100);
  if (isAlive(pid)) throw new Error(`process ${pid} has not stopped within 15 s`);
  console.log('Stopped.');
}

function readPid(directory: string): number | null {
  try {
    const { pid } = JSON.parse(readFileSync(join(directory, 'server.json'), 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? pid : null;
  } catch {
    return null;
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
