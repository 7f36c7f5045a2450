/**
 * What others wrote against what is here: the real public client against a live server, and the runtime of ONNX against
 * exported models. Makes a Python environment outside the repository, installs the newest of both from PyPI, starts a
 * server on a fresh data directory, runs the suite in this folder.
 * Ends with one line of JSON, `{"bench":"conformance","figures":{...}}`.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
}

/** Gives the Python of an environment that holds the newest client; made once, brought up to date on every run. */
function preparePython(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'athanor');
  const environment = join(cache, 'conformance');
  const python = join(environment, 'bin', 'python');
  if (!existsSync(python)) {
    mkdirSync(cache, { recursive: true });
    run('python3', ['-m', 'venv', environment]);
  }
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--upgrade',
    'albert',
    'pytest',
    'onnx',
    'onnxruntime',
  ]);
  return python;
}

interface Ready {
  url: string;
  clientId: string;
  clientSecret: string;
  token: string;
}

async function startServer(data: string): Promise<{ server: ChildProcess; ready: Ready }> {
  const program = join(root, 'packages', 'cli', 'bin', 'athanor.js');
  const server = spawn(process.execPath, [program, 'serve', '--json', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', (line) => resolve(JSON.parse(line) as Ready));
    server.once('exit', (code) =>
      reject(new Error(`the server ended with code ${code} before it was ready`)),
    );
  });
  return { server, ready };
}

const python = preparePython();
const folder = mkdtempSync(join(tmpdir(), 'athanor-conformance-'));
const figuresFile = join(folder, 'figures.json');
const onnxCases = join(folder, 'onnx');
mkdirSync(onnxCases);
run(process.execPath, [join(import.meta.dirname, 'onnxCases.ts'), onnxCases]);
const { server, ready } = await startServer(join(folder, 'data'));
try {
  const suite = spawnSync(
    python,
    ['-m', 'pytest', '-p', 'no:cacheprovider', '-q', join(root, 'conformance'), ...process.argv.slice(2)],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        ATHANOR_URL: ready.url,
        ATHANOR_CLIENT_ID: ready.clientId,
        ATHANOR_CLIENT_SECRET: ready.clientSecret,
        ATHANOR_TOKEN: ready.token,
        ATHANOR_EXAMPLE: join(root, 'examples', 'concrete.csv'),
        ATHANOR_FIGURES: figuresFile,
        ATHANOR_ONNX_CASES: onnxCases,
      },
    },
  );
  process.exitCode = suite.status ?? 1;
  if (existsSync(figuresFile)) {
    console.log(
      JSON.stringify({ bench: 'conformance', figures: JSON.parse(readFileSync(figuresFile, 'utf8')) }),
    );
  }
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}
