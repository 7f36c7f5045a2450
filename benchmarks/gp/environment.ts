/** The Python of the peers: made once outside the repository, and again when the requirements change. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;

/** Path of a python3 with scikit-learn, GPyTorch and BoTorch. @throws when pip or the C compiler fails. */
export function peerPython(): string {
  const files = ['requirements.txt', 'requirements-bare.txt', 'withoutCuda.py'].map((name) =>
    join(here, name),
  );
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'athanor', `bench-gp-${hash.digest('hex').slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  const done = join(folder, 'complete');
  if (existsSync(done)) return python;
  console.error(`making the Python environment of the peers in ${folder} (once, some minutes)`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(cache, 'athanor'), { recursive: true });
  const run = (command: string, args: string[]): string =>
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  run('python3', ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', files[0]!]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', files[1]!]);
  const site = run(python, ['-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])']).trim();
  if (process.platform === 'linux') run(python, [files[2]!, site]);
  run(python, ['-c', 'import torch, gpytorch, botorch, sklearn']);
  writeFileSync(done, '');
  return python;
}
