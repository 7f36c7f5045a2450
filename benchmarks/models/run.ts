/**
 * Extra trees and ridge against scikit-learn: the same encoded inputs, the same grouped folds, one thread each, in one
 * call. Prints a table of RMSE, of its ratio, and of the ratio of processor seconds a fit (below 1 is in our favour),
 * with CRPS and coverage of our calibrated intervals, and ends with one JSON line.
 *
 *   npm run bench:models -- --python path/to/python [name of a set …]
 *
 * The Python needs numpy and scikit-learn (`python -m venv .venv && .venv/bin/pip install numpy scikit-learn`). Tables
 * are read from ../shared/data beside the repository.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { combineSession, fitTask, planBuild, type BuildRequest, type TaskResult } from '@athanor/engine';
import { tableOf, type ColumnDescription } from '../../packages/engine/src/conformance/tableOf.ts';
import { encodeInputs } from '../../packages/engine/src/transforms/encodeInputs.ts';
import { fitInputEncoder } from '../../packages/engine/src/transforms/inputEncoder.ts';
import { takeInputRows } from '../../packages/engine/src/models/inputs.ts';
import { sessionInputs } from '../../packages/engine/src/session/sessionInputs.ts';
import { columnOf } from '../../packages/engine/src/linalg/matrix.ts';

interface TableSource {
  readonly name: string;
  readonly target: string;
  /** Columns that are no inputs. */
  readonly drop: readonly string[];
  readonly isAmount: (key: string) => boolean;
}

const never = (): boolean => false;
const sources: readonly TableSource[] = [
  {
    name: 'concrete_uci',
    target: 'compressive_strength_MPa',
    drop: [],
    isAmount: (key) => key.endsWith('kg_m3'),
  },
  { name: 'concrete_slump', target: 'strength_28d_MPa', drop: ['slump_cm', 'flow_cm'], isAmount: never },
  { name: 'agnp', target: 'spectrum_loss', drop: ['n_replicates', 'replicate_std'], isAmount: never },
  { name: 'crossed_barrel', target: 'toughness_J', drop: ['n_replicates', 'replicate_std'], isAmount: never },
  { name: 'reizman_suzuki', target: 'yield_pct', drop: ['turnover_number'], isAmount: never },
  {
    name: 'ni_superalloy_creep',
    target: 'rupture_stress_MPa',
    drop: ['alloy'],
    isAmount: (key) => /^[A-Z][a-z]?$/.test(key),
  },
  { name: 'oer_plate_3496', target: 'overpotential_V', drop: [], isAmount: never },
];

const arguments_ = process.argv.slice(2);
const pythonAt = arguments_.indexOf('--python');
const python = pythonAt < 0 ? 'python3' : arguments_[pythonAt + 1]!;
const wanted = arguments_.filter((_, i) => pythonAt < 0 || (i !== pythonAt && i !== pythonAt + 1));
const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
if (!existsSync(folder)) throw new Error(`no tables at ${folder}`);
const scratch = mkdtempSync(join(tmpdir(), 'athanor-bench-'));

interface PeerScores {
  readonly rmse: number;
  readonly secondsPerFit: number;
}

const figures: Record<string, Record<string, number>> = {};
console.log(
  [
    'table',
    'rows',
    'groups',
    'model',
    'RMSE',
    'sklearn',
    'ratio',
    's/fit',
    'sklearn',
    'ratio',
    'CRPS',
    'cov90',
  ].join('\t'),
);
try {
  for (const source of sources) {
    if (wanted.length > 0 && !wanted.includes(source.name)) continue;
    compare(source);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const entries = Object.values(figures);
const geometricMean = (values: number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value) / values.length, 0));
const summary = {
  extra_trees_rmse_ratio: geometricMean(entries.map((one) => one.extraTreesRmseRatio!)),
  extra_trees_time_ratio: geometricMean(entries.map((one) => one.extraTreesTimeRatio!)),
  ridge_rmse_ratio: geometricMean(entries.map((one) => one.ridgeRmseRatio!)),
  ridge_time_ratio: geometricMean(entries.map((one) => one.ridgeTimeRatio!)),
  ...(figures.concrete_uci === undefined
    ? {}
    : {
        concrete_grouped_extra_trees_rmse: figures.concrete_uci.extraTreesRmse,
        concrete_grouped_ridge_rmse: figures.concrete_uci.ridgeRmse,
        concrete_grouped_extra_trees_coverage90: figures.concrete_uci.extraTreesCoverage90,
        concrete_grouped_ridge_coverage90: figures.concrete_uci.ridgeCoverage90,
      }),
};
console.log(JSON.stringify({ bench: 'models', figures: summary }));

function compare(source: TableSource): void {
  const request: BuildRequest = {
    table: readTable(source),
    targets: [source.target],
    models: [
      { name: 'ridge', kind: 'ridge', spec: null },
      { name: 'extraTrees', kind: 'extraTrees', spec: null },
    ],
    ignore: [],
    group: null,
    question: 'interpolate',
    seed: 1,
  };
  const plan = planBuild(request);
  const target = plan.targets[0]!;
  const clock = (): number => process.cpuUsage().user / 1e6;
  const results: TaskResult[] = plan.tasks.map((task) => fitTask(request, plan, task, null, clock, () => {}));
  const board = combineSession(request, plan, results).metrics.targets[0]!.leaderboard;
  const peers = runPeer(request, source.target, plan.inputs, target.rows, target.repeats);
  const found: Record<string, number> = {};
  for (const name of ['ridge', 'extraTrees'] as const) {
    const { metrics } = board.find(({ model }) => model === name)!;
    const peer = peers[name]!;
    const fits = 1 + target.repeats.length * target.foldCount;
    const secondsPerFit = metrics.fitSeconds / fits;
    const coverage90 = metrics.coverage.find(({ level }) => level === 0.9)!.observed;
    found[`${name}Rmse`] = metrics.rmse;
    found[`${name}RmseRatio`] = metrics.rmse / peer.rmse;
    found[`${name}TimeRatio`] = secondsPerFit / peer.secondsPerFit;
    found[`${name}Coverage90`] = coverage90;
    console.log(
      [
        source.name,
        target.rows.length,
        target.groupCount,
        name,
        metrics.rmse.toPrecision(4),
        peer.rmse.toPrecision(4),
        (metrics.rmse / peer.rmse).toFixed(3),
        secondsPerFit.toFixed(3),
        peer.secondsPerFit.toFixed(3),
        (secondsPerFit / peer.secondsPerFit).toFixed(2),
        metrics.crps.toPrecision(4),
        coverage90.toFixed(3),
      ].join('\t'),
    );
  }
  figures[source.name] = found;
}

/** scikit-learn on the inputs as our models see them, encoded with all rows, and on our folds. */
function runPeer(
  request: BuildRequest,
  target: string,
  keys: readonly string[],
  rows: Int32Array,
  repeats: readonly Int32Array[],
): Record<string, PeerScores> {
  const inputs = takeInputRows(sessionInputs(request.table, keys).inputs, rows);
  const encoded = (missing: 'impute' | 'keep'): (number | null)[][] => {
    const X = encodeInputs(fitInputEncoder(inputs, { missing }), inputs);
    return Array.from({ length: X.columnCount }, (_, j) =>
      Array.from(columnOf(X, j), (cell) => (Number.isNaN(cell) ? null : cell)),
    );
  };
  const column = request.table.columns.find(({ key }) => key === target)! as { values: Float64Array };
  const work = {
    ridgeColumns: encoded('impute'),
    treeColumns: encoded('keep'),
    y: Array.from(rows, (i) => column.values[i]!),
    repeats: repeats.map((folds) => [...folds]),
  };
  const path = join(scratch, 'work.json');
  writeFileSync(path, JSON.stringify(work));
  const answer = execFileSync(python, [join(import.meta.dirname, 'peer.py'), path], { encoding: 'utf8' });
  return JSON.parse(answer) as Record<string, PeerScores>;
}

function readTable(source: TableSource): BuildRequest['table'] {
  const lines = readFileSync(join(folder, `${source.name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const header = lines[0]!.split(',');
  const cells = lines.slice(1).map((line) => line.split(','));
  const columns: { [key: string]: ColumnDescription } = {};
  header.forEach((key, j) => {
    if (source.drop.includes(key)) return;
    const texts = cells.map((row) => row[j]!);
    const isNumeric = texts.every((text) => text === '' || Number.isFinite(Number(text)));
    columns[key] = {
      cells: texts.map((text) => (text === '' ? null : isNumeric ? Number(text) : text)),
      type: source.isAmount(key) ? 'material_amount' : 'parameter',
      role: key === source.target ? 'target' : 'input',
    };
  });
  return tableOf(columns);
}
