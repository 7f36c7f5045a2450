/** The Python of the peers: that of the benchmark of the Gaussian process, with BayBE beside it. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { peerPython as processPython } from '../gp/environment.ts';

const requirements = {
  bare: ['baybe==0.15.0'],
  whole: [
    'pandas==3.1.1',
    'attrs==26.1.0',
    'cattrs==26.2.1',
    'joblib==1.6.0',
    'exceptiongroup==1.3.1',
    'funcy==2.1',
  ],
};

/** Path of a python3 with BoTorch and BayBE. @throws when pip fails */
export function peerPython(): string {
  const python = processPython();
  const done = join(dirname(dirname(python)), `complete-${requirements.bare[0]}`);
  if (existsSync(done)) return python;
  const install = (...args: string[]): void => {
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  install(...requirements.whole);
  install('--no-deps', ...requirements.bare);
  execFileSync(python, ['-c', 'import baybe, botorch']);
  writeFileSync(done, '');
  return python;
}
