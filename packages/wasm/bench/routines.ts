/**
 * `npm run bench:routines [name ...]`: processor time of every routine in both WebAssembly builds, against the plain
 * twins and, where a Python with numpy and scipy is named by ATHANOR_PYTHON, against those. Ends with one JSON line.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createRoutines, supportedBuilds } from '../src/index.ts';
import { cases } from './cases.ts';
import { measure, type Timing } from './measure.ts';

const wanted = process.argv.slice(2);
const chosen = cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

/** Milliseconds of numpy or scipy by `name_size`; empty without a Python. */
function measureNumpy(): Record<string, number> {
  const python = process.env.ATHANOR_PYTHON;
  if (python === undefined) return {};
  const script = join(import.meta.dirname, '../../../benchmarks/routines/numpy_routines.py');
  const single = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const { status, stdout, stderr } = spawnSync(python, [script, ...new Set(chosen.map(({ name }) => name))], {
    encoding: 'utf8',
    env: { ...process.env, ...single },
  });
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
}

const numpy = measureNumpy();
const figures: Record<string, number> = {};

/** Four significant digits. */
const round = (value: number) => Number(value.toPrecision(4));

const columns = [
  'routine',
  'size',
  ...supportedBuilds().map((build) => `${build} ms (min)`),
  'GFLOP/s',
  'twin/wasm',
  'numpy/wasm',
];
console.log(`| ${columns.join(' | ')} |`);
console.log(`|${columns.map(() => '---').join('|')}|`);
for (const { name, size, flops, isTooLongForTwin, prepare } of chosen) {
  const timings: (Timing | null)[] = supportedBuilds().map((build) =>
    build === 'reference' && isTooLongForTwin ? null : measure(prepare(createRoutines({ build }))),
  );
  const [fastest, twin] = [timings[0]!, timings.at(-1)];
  const key = `${name}_n${size}`;
  supportedBuilds().forEach((build, i) => {
    const timing = timings[i];
    if (timing) figures[`${key}_${build}_ms`] = round(timing.median);
  });
  const peer = numpy[key];
  if (peer !== undefined) figures[`${key}_vs_numpy`] = round(peer / fastest.median);
  const cells = [
    name,
    size,
    ...timings.map((timing) =>
      timing === null ? '-' : `${timing.median.toPrecision(4)} (${timing.min.toPrecision(4)})`,
    ),
    flops === 0 ? '-' : (flops / fastest.median / 1e6).toFixed(1),
    twin ? (twin.median / fastest.median).toFixed(1) : '-',
    peer === undefined ? '-' : (peer / fastest.median).toFixed(2),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
console.log(JSON.stringify({ bench: 'routines', figures }));
