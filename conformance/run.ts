/**
 * What others wrote against what is here. The runtime of ONNX against exported models, and the real public client
 * against live servers: the newest `albert` from PyPI and 1.47.2, each through `Albert` and
 * through the session of `AsyncAlbert`; then generated requests against every operation of the API.
 *
 * `npm run conformance [-- --record] [-- --api-cases 200] [pytest arguments]`. With `--record` it writes
 * docs/compatibility/matrix.md. Ends with one line of JSON, `{"bench":"conformance","figures":{...}}`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApi } from './api/testApi.ts';
import { type ClientRun, describeMatrix } from './describeMatrix.ts';
import { environmentOf, withServer } from './freshServer.ts';
import { preparePython } from './python.ts';

const root = join(import.meta.dirname, '..');
/** The oldest client that is promised to work. */
const oldest = '1.47.2';
/** Generated requests an operation; `npm run test:api` sends more. */
const apiCases = 10;

/** What does not depend on the client, or takes long: seen once is enough. */
const onlyOnce = ['test_story.py', 'test_onnx.py'];

const { options, rest } = readArguments(process.argv.slice(2));

/** Runs the suite once. Null when it left no figures. */
async function runSuite(
  python: string,
  transport: 'sync' | 'async',
  withOnce: boolean,
): Promise<ClientRun | null> {
  const folder = mkdtempSync(join(tmpdir(), 'athanor-figures-'));
  const figuresFile = join(folder, 'figures.json');
  try {
    await withServer((ready) => {
      const ignored = withOnce
        ? []
        : onlyOnce.flatMap((name) => ['--ignore', join(root, 'conformance', name)]);
      spawnSync(
        python,
        [
          '-m',
          'pytest',
          '-p',
          'no:cacheprovider',
          '-q',
          '--tb=short',
          join(root, 'conformance'),
          ...ignored,
          ...rest,
        ],
        {
          stdio: ['ignore', 'inherit', 'inherit'],
          env: {
            ...environmentOf(ready),
            ATHANOR_TRANSPORT: transport,
            ATHANOR_EXAMPLE: join(root, 'examples', 'concrete.csv'),
            ATHANOR_FIGURES: figuresFile,
            ATHANOR_ONNX_CASES: onnxCases,
          },
        },
      );
    });
    return existsSync(figuresFile) ? (JSON.parse(readFileSync(figuresFile, 'utf8')) as ClientRun) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const newestPython = preparePython('conformance', ['albert', 'pytest', 'onnx', 'onnxruntime']);
const oldestPython = preparePython(`conformance-${oldest}`, [`albert==${oldest}`, 'pytest']);
const onnxCases = mkdtempSync(join(tmpdir(), 'athanor-onnx-'));
spawnSync(process.execPath, [join(import.meta.dirname, 'onnxCases.ts'), onnxCases], { stdio: 'inherit' });
const runs: ClientRun[] = [];
let lost = 0;
for (const [python, transport, withOnce] of [
  [newestPython, 'sync', true],
  [newestPython, 'async', false],
  [oldestPython, 'sync', false],
  [oldestPython, 'async', false],
] as const) {
  const run = await runSuite(python, transport, withOnce);
  if (run === null) lost += 1;
  else {
    console.log(`albert ${run.client} ${run.transport}: ${run.passed} passed, ${run.failed} failed`);
    runs.push(run);
  }
}
rmSync(onnxCases, { recursive: true, force: true });
const api = rest.length > 0 ? null : await testApi(options.apiCases ?? apiCases);

if (options.record) {
  writeFileSync(join(root, 'docs', 'compatibility', 'matrix.md'), describeMatrix(runs));
  console.log('wrote docs/compatibility/matrix.md');
}
const sum = (pick: (run: ClientRun) => number): number => runs.reduce((total, run) => total + pick(run), 0);
const neverCalled = rest.length > 0 ? 0 : sum((run) => run.missing.length);
const figures = {
  clients: [...new Set(runs.map((run) => run.client))].join(' '),
  methods: sum((run) => Object.keys(run.matrix).length),
  methods_never_called: neverCalled,
  passed: sum((run) => run.passed) + (api === null ? 0 : api.operations - api.failedOperations),
  failed: sum((run) => run.failed) + lost + neverCalled + (api?.failedOperations ?? 0),
  skipped: sum((run) => run.skipped),
  ...(api === null
    ? {}
    : { api_operations: api.operations, api_cases: api.cases, api_answers_of_5xx: api.serverErrors }),
};
process.exitCode = figures.failed === 0 && figures.skipped === 0 ? 0 : 1;
console.log(JSON.stringify({ bench: 'conformance', figures }));

function readArguments(given: string[]): {
  options: { record: boolean; apiCases: number | null };
  rest: string[];
} {
  const record = given.includes('--record');
  const at = given.indexOf('--api-cases');
  return {
    options: { record, apiCases: at < 0 ? null : Number(given[at + 1]) },
    rest: given.filter((word, i) => word !== '--record' && (at < 0 || (i !== at && i !== at + 1))),
  };
}
