/**
 * `npm test`: the whole suite, and `N passed, N failed` alone on the last line. Arguments go to Vitest, so
 * `npm test -- ridge` runs the files whose path contains "ridge".
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './sourceFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'athanor-test-'));
const report = join(folder, 'report.json');
const vitest = spawnSync(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { cwd: root, stdio: ['inherit', 'inherit', 'inherit'] },
);

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  numTotalTests: number;
}

let passed = 0;
let failed = 0;
try {
  const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
  passed = result.numPassedTests;
  // A file that does not even load has failed tests that nobody counted.
  failed = Math.max(result.numFailedTests, vitest.status === 0 ? 0 : 1);
} catch (error) {
  console.error(`Vitest left no report: ${String(error)}`);
  failed = 1;
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed === 0 && vitest.status === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
