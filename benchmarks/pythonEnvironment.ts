/** Pythons with the programs that benchmarks compare with: made once outside the repository, and again when their requirements change. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where benchmarks keep what they make. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'athanor');

/** Makes a torch without CUDA importable. */
const withoutCuda = join(import.meta.dirname, 'gp', 'withoutCuda.py');

/**
 * Path of a python3 with what `requirements.txt` of a folder names, with its dependencies, and `requirements-bare.txt`,
 * without.
 *
 * @param name of the environment's folder
 * @param modules that must be importable in it
 * @throws when pip or the C compiler fails
 */
export function pythonEnvironment(name: string, folder: string, modules: readonly string[]): string {
  const whole = join(folder, 'requirements.txt');
  const bare = join(folder, 'requirements-bare.txt');
  const hash = createHash('sha256');
  for (const file of [whole, bare, withoutCuda]) hash.update(readFileSync(file));
  const home = join(cacheFolder, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const python = join(home, 'bin', 'python');
  const done = join(home, 'complete');
  if (existsSync(done)) return python;
  console.error(`making the Python environment of the peers in ${home} (once, some minutes)`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  const run = (command: string, args: string[]): string =>
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  run('python3', ['-m', 'venv', home]);
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', whole]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', bare]);
  const site = run(python, ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])']).trim();
  if (process.platform === 'linux') run(python, [withoutCuda, site]);
  run(python, ['-c', `import ${modules.join(', ')}`]);
  writeFileSync(done, '');
  return python;
}
