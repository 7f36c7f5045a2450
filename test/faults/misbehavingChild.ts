/** A job process that does what it is told, above all the wrong thing. Started by childPool.test.ts. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveWork } from '../../packages/server/src/jobs/serveWork.ts';

const deeds: Record<string, (report: (progress: unknown) => void) => unknown> = {
  answer: (report) => {
    report({ done: 1 });
    return { pid: process.pid, environment: Object.keys(process.env).sort() };
  },
  refuse: () => {
    throw Object.assign(new Error('The target is not a column.'), {
      name: 'EngineError',
      code: 'TARGET_UNKNOWN',
      location: { column: 'strength' },
      fix: 'Name another.',
    });
  },
  throw: () => {
    throw new RangeError('index 7 of 5');
  },
  exhaustHeap: () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: 100_000 }, () => Math.random()));
  },
  exhaustBuffers: () => {
    const hoard: Float64Array[] = [];
    for (;;) hoard.push(new Float64Array(4_000_000).fill(1));
  },
  loop: () => {
    for (;;);
  },
  abort: () => process.abort(),
  exit: () => process.exit(7),
  chatter: () => {
    const line = `${'x'.repeat(1023)}\n`;
    for (let i = 0; i < 100 * 1024; i++) process.stderr.write(line);
    return 'done';
  },
  write: () => writeFileSync(join(tmpdir(), 'athanor-job-was-here'), 'x'),
  spawn: () => execFileSync('true'),
  runStrings: () => new Function('return 1')() as unknown,
};

serveWork((work, report) => deeds[work as string]!(report));
