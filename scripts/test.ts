/**
 * `npm test`: the whole suite, then what rests on the numeric routines once more on their plain build, which machines
 * without relaxed SIMD use; and `N passed, N failed` of both alone on the last line. Arguments go to Vitest, so
 * `npm test -- ridge` runs the files whose path contains "ridge", once.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './sourceFiles.ts';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Fields of Vitest's JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

/** Rooms whose results come from the routines, except those that already test every build. */
const numericRooms = ['conformance', 'models', 'session', 'artifact'].map(
  (room) => `packages/engine/src/${room}/`,
);

function runVitest(args: readonly string[], environment: Readonly<Record<string, string>>): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'athanor-test-'));
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } },
  );
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    // A file that does not even load has failed tests that nobody counted.
    return { passed: numPassedTests, failed: Math.max(numFailedTests, status === 0 ? 0 : 1) };
  } catch (error) {
    console.error(`Vitest left no report: ${String(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv.slice(2);
const runs = [runVitest(wanted, {})];
if (wanted.length === 0) {
  console.log('\nThe numeric rooms on the plain build of the routines:');
  runs.push(runVitest(numericRooms, { ATHANOR_ROUTINES: 'simd' }));
}
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failed = runs.reduce((sum, run) => sum + run.failed, 0);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
