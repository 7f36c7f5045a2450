/** All static checks, in parallel, in seconds: `npm run check`. Ends with a line a check and exit code 1 if any failed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sourceFiles.ts';

const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const packages = ['schema', 'wasm', 'engine', 'server', 'cli', 'web'].filter((name) =>
  existsSync(join(root, 'packages', name, 'tsconfig.json')),
);

const checks: [string, string, string[]][] = [
  ...packages.map((name): [string, string, string[]] => [
    `types of ${name}`,
    bin('tsc'),
    ['-p', `packages/${name}`],
  ]),
  ['types of tests and scripts', bin('tsc'), ['-p', '.']],
  ['lint', bin('oxlint'), ['--quiet', '--deny-warnings']],
  ['format', bin('oxfmt'), ['--check', '.']],
  ['import floors', process.execPath, ['scripts/checkDependencies.ts']],
  ['exports', process.execPath, ['scripts/checkExports.ts']],
  ['engine is pure', process.execPath, ['scripts/checkEngine.ts']],
  ['generated files are fresh', process.execPath, ['scripts/generate.ts', '--check']],
];

interface Outcome {
  name: string;
  ok: boolean;
  seconds: number;
  output: string;
}

function run([name, command, args]: [string, string, string[]]): Promise<Outcome> {
  const start = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) =>
      resolve({ name, ok: code === 0, seconds: (performance.now() - start) / 1000, output: output.trim() }),
    );
  });
}

const outcomes = await Promise.all(checks.map(run));
for (const { ok, name, output } of outcomes) if (!ok) console.error(`\n${name}\n${output}\n`);
for (const { name, ok, seconds } of outcomes)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
