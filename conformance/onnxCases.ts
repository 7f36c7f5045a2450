/**
 * Writes models of every kind as ONNX files, each with rows and what Athanor predicts for them, into the folder named on
 * the command line: `<case>.onnx` and `<case>.json`. test_onnx.py holds the runtime of ONNX to them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  combineSession,
  createGenerator,
  defaultPortfolio,
  defaultReadLimits,
  exportOnnx,
  fitTask,
  listCells,
  loadSessionModel,
  modelRegistry,
  planBuild,
  predictRows,
  readTable,
  typeTable,
  type ModelKind,
  type ModelRequest,
  type PlainData,
  type Table,
  type TaskResult,
} from '@athanor/engine';
import type { CellValue, InputRow, VariableOverride } from '@athanor/schema';

type Cells = readonly CellValue[];

const rowCount = 70;
const generator = createGenerator('onnx cases');
const draw = (): number[] => Array.from({ length: rowCount }, () => generator.uniform());
const pick = (words: readonly string[]): string[] => draw().map((u) => words[Math.floor(u * words.length)]!);

/** A table with all that encodings treat on its own: gaps, long tails, two, three and many levels, amounts that close. */
function tableOfOddities(): Record<string, Cells> {
  const [a, b, c, d, e, gap, noise] = [draw(), draw(), draw(), draw(), draw(), draw(), draw()];
  const kind = pick(['red', 'green', 'blue']);
  const first = a.map((u) => 20 + Math.round(40 * u));
  const second = b.map((u) => Math.round(20 * u));
  const strength = first.map(
    (x, i) => 10 + 0.2 * x - 0.3 * second[i]! + 4 * c[i]! + (kind[i] === 'red' ? 2 : 0) + noise[i]!,
  );
  return {
    'cement [%]': first,
    'water, "fresh" [%]': second.map((x, i) => (x === 0 || gap[i]! < 0.05 ? null : x)),
    'sand [%]': first.map((x, i) => 100 - x - second[i]!),
    temperature: c.map((u, i) => (gap[i]! > 0.85 ? null : 20 + 60 * u)),
    'time (h)': d.map((u) => Math.exp(8 * u)),
    colour: kind.map((one, i) => (gap[i]! > 0.4 && gap[i]! < 0.5 ? null : one)),
    vessel: pick(['glass', 'steel']),
    v3: e,
    'sd of strength': noise.map((u) => 0.2 + u),
    strength,
    cost: strength.map((x, i) => Math.exp(x / 10 + noise[i]!)),
    'share [%]': c.map((u, i) => 100 / (1 + Math.exp(3 - 6 * u - noise[i]!))),
  };
}

/** Rows inside, far outside, with gaps, with levels never seen. */
function rowsToPredict(table: Record<string, Cells>, inputs: readonly string[]): InputRow[] {
  const inside = Array.from({ length: 20 }, (_, i) =>
    Object.fromEntries(inputs.map((key) => [key, table[key]![3 * i] ?? null])),
  );
  const numeric = inputs.filter((key) => table[key]!.some((cell) => typeof cell === 'number'));
  const text = inputs.filter((key) => !numeric.includes(key));
  return [
    ...inside,
    ...[-2, 0, 0.3, 1.05, 3, 1000].flatMap((stretch) =>
      numeric.map((key, i) => ({
        ...inside[i % 20]!,
        [key]: stretch * Number(inside[(i + 1) % 20]![key] ?? 1),
      })),
    ),
    ...inputs.map((key, i) => ({ ...inside[i % 20]!, [key]: null })),
    ...text.map((key, i) => ({ ...inside[i % 20]!, [key]: 'never seen' })),
    Object.fromEntries(inputs.map((key) => [key, null])),
  ];
}

function build(table: Table, targets: readonly string[], ignore: readonly string[], models: ModelRequest[]) {
  const request = {
    table,
    targets,
    models,
    ignore,
    group: null,
    question: 'interpolate',
    seed: 1,
  } as const;
  const plan = planBuild(request);
  const fullOf = new Map<string, PlainData>();
  const results = plan.tasks.map((task): TaskResult => {
    const start = task.after === null ? null : (fullOf.get(task.after) ?? null);
    const result = fitTask(
      request,
      plan,
      task,
      start,
      () => 0,
      () => {},
    );
    for (const part of result.parts) if ('fitted' in part) fullOf.set(task.id, part.fitted);
    return result;
  });
  const outcome = combineSession(request, plan, results, { version: '0' });
  if (outcome.failed.length > 0) throw new Error(JSON.stringify(outcome.failed));
  return outcome.models;
}

/** Options beside the default ones, by what they try. */
const variants: Partial<Record<ModelKind, Record<string, ModelRequest['spec']>>> = {
  gaussianProcess: {
    rbf: { kernel: 'rbf', hasLinear: false, averagedRows: 0 },
    'one length scale': { lengthscales: 'shared', hasOutputScale: false, warp: 'identity' },
    log: { warp: 'log' },
    logit: { warp: 'logit', targetBounds: { lower: 0, upper: 100 } },
    'Yeo-Johnson': { warp: 'yeoJohnson', averagedRows: 0 },
    'inducing points': {
      exactRows: 30,
      likelihoodRows: 30,
      subsetRows: 25,
      inducingPoints: 20,
      averagedRows: 0,
    },
    'known noise': { noiseColumn: 'sd of strength', averagedRows: 0 },
    'known noise, log': { noiseColumn: 'sd of strength', warp: 'log', averagedRows: 0 },
    'known noise, Yeo-Johnson': { noiseColumn: 'sd of strength', warp: 'yeoJohnson', averagedRows: 0 },
  },
  gradientBoosting: {
    quantile: { loss: 'quantile', maxRounds: 50, copies: 2 },
    huber: { loss: 'huber', copies: 1 },
  },
};

function write(folder: string, name: string, artifact: Uint8Array, rows: readonly InputRow[]): void {
  const model = loadSessionModel(artifact);
  const { targets } = predictRows(model, rows);
  const file = name.replace(/[^\w-]+/g, '_');
  writeFileSync(join(folder, `${file}.onnx`), exportOnnx(model));
  const inputs = model.inputs.map(({ key, levels }) => ({
    key,
    isText: levels !== null,
    cells: rows.map((row) =>
      row[key] === undefined || row[key] === null ? null : levels === null ? row[key] : String(row[key]),
    ),
  }));
  writeFileSync(join(folder, `${file}.json`), JSON.stringify({ inputs, targets }));
}

async function readText(
  fileName: string,
  text: string,
  overrides: readonly VariableOverride[],
): Promise<Table> {
  const raw = await readTable(new TextEncoder().encode(text), {
    fileName,
    limits: defaultReadLimits,
    inflateRaw: () => {
      throw new Error('a text file is not packed');
    },
  });
  return typeTable(raw, overrides);
}

const folder = process.argv[2]!;

const cells = tableOfOddities();
const targets = ['strength', 'cost', 'share [%]'];
const keys = Object.keys(cells);
const lines = Array.from({ length: rowCount }, (_, i) => keys.map((key) => cells[key]![i] ?? ''));
const toCsv = (line: Cells): string =>
  line.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',');
const oddities = await readText(
  'oddities.csv',
  [keys, ...lines].map(toCsv).join('\n'),
  keys.map((key) => ({ key, role: targets.includes(key) ? 'target' : 'input' })),
);
const rows = rowsToPredict(
  cells,
  keys.filter((key) => !targets.includes(key)),
);
for (const { kind, title } of modelRegistry) {
  for (const [variant, spec] of Object.entries({ default: null, ...variants[kind] })) {
    const name = `${title} ${variant}`;
    const wanted = variant.endsWith('logit') ? ['share [%]'] : targets;
    const ignore = targets.filter((key) => !wanted.includes(key));
    const [built] = build(oddities, wanted, ignore, [{ name, kind, spec }]);
    write(folder, name, built!.artifact, rows);
  }
}

/** What the table above has nothing of: a target with gaps that another fills, and errors that grow with the target. */
const points = draw().flatMap((u) => [u, u, u]);
const errors = points.map(() => generator.normal());
const growing = points.map((u, i) => Math.sin(4 * u) + 0.05 * Math.exp(2 * u) * errors[i]!);
const companions = await readText(
  'companions.csv',
  [
    'u,growing,rare',
    ...points.map((u, i) => `${u},${growing[i]},${i % 3 === 0 && i < 90 ? 2 - growing[i]! : ''}`),
  ].join('\n'),
  ['u', 'growing', 'rare'].map((key) => ({ key, role: key === 'u' ? 'input' : 'target' })),
);
for (const [name, wanted] of [
  ['Gaussian process with a noise trend', ['growing']],
  ['Gaussian process with companions', ['rare', 'growing']],
] as const) {
  const ignore = ['growing', 'rare'].filter((key) => !(wanted as readonly string[]).includes(key));
  const [built] = build(companions, wanted, ignore, [{ name, kind: 'gaussianProcess', spec: null }]);
  write(
    folder,
    name,
    built!.artifact,
    [-1, 0, 0.3, 0.99, 1.2, 40].map((u) => ({ u })),
  );
}

/** Real tables, cut to some rows, with every model of the portfolio; those beside the repository where they are there. */
const realTables = [
  ['examples/concrete.csv', 'Compressive strength (MPa)'],
  ['../shared/data/reizman_suzuki.csv', 'yield_pct'],
  ['../shared/data/p3ht_cnt.csv', 'conductivity_S_cm'],
  ['../shared/data/sustainable_concrete.csv', 'strength_28d_psi'],
] as const;
const realRows = 120;
for (const [path, target] of realTables) {
  const file = join(import.meta.dirname, '..', path);
  if (!existsSync(file)) continue;
  const text = readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, realRows + 1)
    .join('\n');
  const table = await readText(path, text, []);
  const others = table.variables
    .filter(({ key, role }) => role === 'target' && key !== target)
    .map(({ key }) => key);
  const request = { table, targets: [target], ignore: others, group: null };
  const all = listCells(table, 0, realRows).map((row): InputRow =>
    Object.fromEntries(table.columns.map(({ key }, j) => [key, row[j]!])),
  );
  for (const { name, artifact } of build(table, [target], others, [...defaultPortfolio(request)]))
    write(folder, `${basename(path, '.csv')} ${name}`, artifact, all);
}
