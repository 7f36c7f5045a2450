/**
 * The models against scikit-learn: the same encoded inputs, the same grouped folds (one repeat), one thread each, in one
 * call. Prints a table of RMSE, of its ratio, and of the ratio of processor seconds a fit (below 1 is in our favour),
 * with CRPS and coverage of our calibrated intervals, then means over tables; then 300 trees on 1,000 and 10,000 rows and
 * their predictions of 100,000 (`--no-speed` leaves that out, `--no-tables` the rest); and ends with one JSON line.
 *
 *   npm run bench:models -- --python path/to/python [--models kind,kind] [--rows 60] [--no-speed] [--no-tables] [table …]
 *
 * `--rows` cuts each table to that many random rows. The Python needs numpy and scikit-learn
 * (`python -m venv .venv && .venv/bin/pip install numpy scikit-learn`). Tables are read from ../shared/data beside the
 * repository.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createGenerator, findModel, modelRegistry, planBuild, type Table } from '@athanor/engine';
import { columnOf } from '../../packages/engine/src/linalg/matrix.ts';
import { takeInputRows, type Inputs } from '../../packages/engine/src/models/inputs.ts';
import type { HeldOutFold } from '../../packages/engine/src/selection/heldOutFold.ts';
import { scoreOutOfFold } from '../../packages/engine/src/selection/scoreOutOfFold.ts';
import { sessionInputs } from '../../packages/engine/src/session/sessionInputs.ts';
import { takeRows, type NumericColumn } from '../../packages/engine/src/table/column.ts';
import { encodeInputs } from '../../packages/engine/src/transforms/encodeInputs.ts';
import { fitInputEncoder } from '../../packages/engine/src/transforms/inputEncoder.ts';
import { measureSpeed } from './measureSpeed.ts';
import { readTable, sources, type TableSource } from './tables.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    models: { type: 'string' },
    rows: { type: 'string' },
    speed: { type: 'boolean', default: true },
    tables: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const kinds = options.models?.split(',') ?? modelRegistry.map(({ kind }) => kind);
const rowLimit = options.rows === undefined ? Infinity : Number(options.rows);
const scratch = mkdtempSync(join(tmpdir(), 'athanor-bench-'));

interface PeerScores {
  readonly rmse: number;
  readonly secondsPerFit: number;
}

/** One model on one target. */
interface Line {
  readonly kind: string;
  readonly place: string;
  readonly rows: number;
  readonly rmse: number;
  readonly crps: number;
  readonly coverage90: number;
  readonly scale: number;
  readonly secondsPerFit: number;
  readonly peer: PeerScores | undefined;
}

const threadSeconds = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
};

const lines: Line[] = [];
const figures: Record<string, unknown> = {};
try {
  if (options.tables) {
    console.log(
      'table\trows\tgroups\tmodel\tRMSE\tsklearn\tratio\ts/fit\tsklearn\tratio\tCRPS\tcov90\tscale',
    );
    for (const source of sources) {
      if (positionals.length > 0 && !positionals.includes(source.name)) continue;
      for (const target of source.targets) compare(source, target);
    }
    Object.assign(figures, printMeans());
  }
  if (options.speed) figures.speed = printSpeed();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(JSON.stringify({ bench: 'models', figures }));

function compare(source: TableSource, key: string): void {
  const table = cut(readTable(source, key), key);
  if (table === null) return;
  const request = {
    table,
    targets: [key],
    ignore: [],
    group: null,
    question: 'interpolate' as const,
    seed: 1,
  };
  const plan = planBuild({ ...request, models: [{ name: 'any', kind: 'constant', spec: null }] });
  const target = plan.targets[0]!;
  const inputs = takeInputRows(sessionInputs(table, plan.inputs).inputs, target.rows);
  const column = table.columns.find((one) => one.key === key) as NumericColumn;
  const y = takeRows(column, target.rows).values;
  const folds = target.repeats[0]!;
  const offered = kinds.filter((kind) => findModel(kind).isOffered(y.length, inputs));
  const peers = runPeers(offered, inputs, y, folds);
  for (const kind of offered) {
    const line = { ...judge(kind, inputs, y, target.groups, folds), peer: peers[kind] };
    lines.push({ ...line, kind, place: `${source.name} ${key}`, rows: y.length });
    const ratio = (ours: number, theirs: number | undefined): string =>
      theirs === undefined ? '-' : (ours / theirs).toFixed(3);
    console.log(
      [
        `${source.name} ${key}`,
        y.length,
        target.groupCount,
        kind,
        line.rmse.toPrecision(4),
        line.peer?.rmse.toPrecision(4) ?? '-',
        ratio(line.rmse, line.peer?.rmse),
        line.secondsPerFit.toFixed(3),
        line.peer?.secondsPerFit.toFixed(3) ?? '-',
        ratio(line.secondsPerFit, line.peer?.secondsPerFit),
        line.crps.toPrecision(4),
        line.coverage90.toFixed(3),
        line.scale.toFixed(2),
      ].join('\t'),
    );
  }
}

/** Random rows with a value of the target, as many as asked for; null when there are no more than that. */
function cut(table: Table, key: string): Table | null {
  if (rowLimit === Infinity) return table;
  const column = table.columns.find((one) => one.key === key) as NumericColumn;
  const measured = Int32Array.from(column.values.keys()).filter((i) => !Number.isNaN(column.values[i]!));
  if (measured.length <= rowLimit) return null;
  const rows = createGenerator(`${rowLimit} rows`).shuffle(measured).slice(0, rowLimit);
  return {
    ...table,
    rowCount: rows.length,
    columns: table.columns.map((one) => takeRows(one, rows)),
    fileRows: rows.map((i) => table.fileRows[i]!),
  };
}

/** Refits the model without each fold and scores what it says of it, calibrated by the other folds. */
function judge(
  kind: string,
  inputs: Inputs,
  y: Float64Array,
  groups: Int32Array,
  folds: Int32Array,
): Omit<Line, 'kind' | 'place' | 'rows' | 'peer'> {
  const model = findModel(kind);
  const held: HeldOutFold[] = [];
  let seconds = 0;
  const foldCount = Math.max(...folds) + 1;
  for (let fold = 0; fold < foldCount; fold++) {
    const positions = Int32Array.from(folds.keys());
    const training = positions.filter((i) => folds[i] !== fold);
    const rows = positions.filter((i) => folds[i] === fold);
    const data = {
      inputs: takeInputRows(inputs, training),
      y: Float64Array.from(training, (i) => y[i]!),
      groups: training.map((i) => groups[i]!),
    };
    const began = threadSeconds();
    const { fitted } = model.fit(data, model.defaultSpec, createGenerator(fold));
    seconds += threadSeconds() - began;
    held.push({ repeat: 0, rows, posterior: model.predict(fitted, takeInputRows(inputs, rows)) });
  }
  const { metrics } = scoreOutOfFold(held, y);
  return {
    rmse: metrics.rmse,
    crps: metrics.crps,
    coverage90: metrics.coverage.find(({ level }) => level === 0.9)!.observed,
    scale: metrics.standardDeviationScale,
    secondsPerFit: seconds / foldCount,
  };
}

/** scikit-learn on the inputs as our models see them, encoded with all rows, and on our folds. */
function runPeers(
  models: readonly string[],
  inputs: Inputs,
  y: Float64Array,
  folds: Int32Array,
): Record<string, PeerScores | undefined> {
  const encoded = (missing: 'impute' | 'keep'): (number | null)[][] => {
    const X = encodeInputs(fitInputEncoder(inputs, { missing }), inputs);
    return Array.from({ length: X.columnCount }, (_, j) =>
      Array.from(columnOf(X, j), (cell) => (Number.isNaN(cell) ? null : cell)),
    );
  };
  const path = join(scratch, 'work.json');
  const work = { models, filled: encoded('impute'), gaps: encoded('keep'), y: [...y], folds: [...folds] };
  writeFileSync(path, JSON.stringify(work));
  const answer = execFileSync(options.python, [join(import.meta.dirname, 'peer.py'), path], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  return JSON.parse(answer) as Record<string, PeerScores>;
}

function printMeans(): Record<string, Record<string, number | null>> {
  const figures: Record<string, Record<string, number | null>> = {};
  const best = (place: string, figure: 'rmse' | 'crps'): number =>
    Math.min(...lines.filter((line) => line.place === place).map((line) => line[figure]));
  console.log('\nmodel\ttargets\tRMSE ratio\ttime ratio\tRMSE to best\tCRPS to best\tcov90\t|cov90 - 0.9|');
  for (const kind of kinds) {
    const own = lines.filter((line) => line.kind === kind);
    if (own.length === 0) continue;
    const compared = own.filter(({ peer }) => peer !== undefined);
    const figure = {
      rmseRatio: geometricMean(compared.map(({ rmse, peer }) => rmse / peer!.rmse)),
      timeRatio: geometricMean(
        compared.map(({ secondsPerFit, peer }) => secondsPerFit / peer!.secondsPerFit),
      ),
      rmseToBest: geometricMean(own.map(({ place, rmse }) => rmse / best(place, 'rmse'))),
      crpsToBest: geometricMean(own.map(({ place, crps }) => crps / best(place, 'crps'))),
      coverage90: own.reduce((sum, { coverage90 }) => sum + coverage90 / own.length, 0),
      coverageError: own.reduce((sum, { coverage90 }) => sum + Math.abs(coverage90 - 0.9) / own.length, 0),
    };
    figures[kind] = figure;
    const cells = Object.values(figure).map((value) => value?.toFixed(3) ?? '-');
    console.log([kind, own.length, ...cells].join('\t'));
  }
  return figures;
}

function printSpeed(): ReturnType<typeof measureSpeed> {
  const speed = measureSpeed(options.python, scratch);
  console.log('\n300 trees\tours, s\tsklearn, s\tratio');
  for (const [name, { ours, theirs, ratio }] of Object.entries(speed))
    console.log([name, ours.toFixed(3), theirs.toFixed(3), ratio.toFixed(3)].join('\t'));
  return speed;
}

function geometricMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value) / values.length, 0));
}
