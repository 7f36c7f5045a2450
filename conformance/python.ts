import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The Python of an environment outside the repository that holds the packages; made once, brought up to date on every
 * run.
 * @param name of the environment
 */
export function preparePython(name: string, packages: readonly string[]): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'athanor');
  const environment = join(cache, name);
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python)) {
    mkdirSync(cache, { recursive: true });
    run('python3', ['-m', 'venv', environment]);
  }
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--upgrade', ...packages]);
  return python;
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
}
