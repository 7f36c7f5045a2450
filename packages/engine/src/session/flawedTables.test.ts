/**
 * The flaws that tables of experiments have, one test each, by the rows of the list of hostile inputs: a table with one
 * builds, and says what it is, or is refused with what would help. Row 61, equal bytes twice, is in
 * test/acceptance/files.test.ts.
 */
import type { DatasetProfile, VariableOverride } from '@athanor/schema';
import { expect, test } from 'vitest';
import { loadSessionModel, type SessionModel } from '../artifact/sessionModel.ts';
import { predictRows } from '../artifact/predictRows.ts';
import type { PlainData } from '../plainData.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { listCells } from '../table/listCells.ts';
import { profileTable } from '../table/profileTable.ts';
import { defaultReadLimits } from '../table/readOptions.ts';
import { readTable } from '../table/readTable.ts';
import type { Table } from '../table/table.ts';
import { typeTable } from '../table/typeTable.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest, ModelRequest } from './buildRequest.ts';
import { combineSession } from './combineSession.ts';
import { fitTask } from './fitTask.ts';
import { planBuild } from './planBuild.ts';
import type { SessionOutcome } from './sessionOutcome.ts';
import type { TaskResult } from './taskResult.ts';

type Cell = number | string;
type Columns = Record<string, readonly Cell[]>;

const rowCount = 24;
const generator = createGenerator('flawed tables');
const draw = (n = rowCount): number[] => Array.from({ length: n }, () => generator.uniform());
const x = draw().map((u) => 10 + Math.round(1e4 * u) / 1e3);
const z = draw().map((u) => 50 + Math.round(1e4 * u) / 1e3);
const hardness = x.map((value, i) => 3 * value - z[i]! + 0.2 * draw(1)[0]!);
const sound: Columns = { 'flow (l/min)': x, 'pressure (bar)': z, 'hardness (HV)': hardness };
const target = 'hardness (HV)';

/** One of each family that meets flaws in a way of its own, small. */
const models: ModelRequest[] = [
  { name: 'Ridge', kind: 'ridge', spec: { penaltyCount: 10 } },
  { name: 'Process', kind: 'gaussianProcess', spec: { maxIterations: 30, hyperparameterDraws: 2 } },
  { name: 'Trees', kind: 'extraTrees', spec: { treeCount: 20 } },
  { name: 'Boosting', kind: 'gradientBoosting', spec: { maxRounds: 20, copies: 1 } },
  { name: 'Ensemble', kind: 'ensemble', spec: null },
];

async function read(columns: Columns, overrides: readonly VariableOverride[] = []): Promise<Table> {
  const keys = Object.keys(columns);
  const count = Math.max(...keys.map((key) => columns[key]!.length));
  const lines = Array.from({ length: count }, (_, i) => keys.map((key) => columns[key]![i] ?? ''));
  const text = [keys, ...lines].map((line) => line.map((cell) => `"${cell}"`).join(',')).join('\n');
  const raw = await readTable(new TextEncoder().encode(text), {
    fileName: 'experiments.csv',
    limits: defaultReadLimits,
    inflateRaw: () => {
      throw new Error('a text file is not packed');
    },
  });
  const isNumber = columns[target]!.some((cell) => typeof cell === 'number');
  return typeTable(raw, [...(isNumber ? [{ key: target, role: 'target' as const }] : []), ...overrides]);
}

interface Built {
  readonly table: Table;
  readonly profile: DatasetProfile;
  readonly plan: BuildPlan;
  readonly outcome: SessionOutcome;
  /** Codes of everything that the table, the plan and the session say is odd. */
  readonly codes: readonly string[];
  /** The first model. */
  readonly model: SessionModel;
}

/** Builds the table, and makes sure that every number that comes out is one. */
async function build(columns: Columns, overrides: readonly VariableOverride[] = []): Promise<Built> {
  const table = await read(columns, overrides);
  const request: BuildRequest = {
    table,
    targets: [target],
    models,
    ignore: [],
    group: null,
    question: 'interpolate',
    seed: 1,
  };
  const plan = planBuild(request);
  const fulls = new Map<string, PlainData>();
  const results = plan.tasks.map((task): TaskResult => {
    const start = task.after === null ? null : (fulls.get(task.after) ?? null);
    const result = fitTask(
      request,
      plan,
      task,
      start,
      () => 0,
      () => {},
    );
    for (const part of result.parts) if ('fitted' in part) fulls.set(task.id, part.fitted);
    return result;
  });
  const outcome = combineSession(request, plan, results);
  expect(outcome.failed).toEqual([]);
  const rows = listCells(table, 0, table.rowCount).map((cells) =>
    Object.fromEntries(table.columns.map(({ key }, j) => [key, cells[j]!])),
  );
  for (const { artifact } of outcome.models)
    for (const { mean, standardDeviation, interval } of predictRows(loadSessionModel(artifact), rows)
      .targets[0]!.predictions) {
      for (const number of [mean, standardDeviation, interval.lower, interval.upper])
        expect(number).toSatisfy(Number.isFinite);
      expect(standardDeviation).toBeGreaterThan(0);
    }
  for (const { metrics } of outcome.metrics.targets[0]!.leaderboard) expect(metrics.r2).toBeLessThan(1);
  const profile = profileTable(table);
  return {
    table,
    profile,
    plan,
    outcome,
    codes: [
      ...profile.warnings,
      ...plan.warnings,
      ...plan.targets.flatMap(({ warnings }) => warnings),
      ...outcome.metrics.targets[0]!.warnings,
    ].map(({ code }) => code),
    model: loadSessionModel(outcome.models[0]!.artifact),
  };
}

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'EngineError', code, message: expect.stringMatching(message) });

test('row 62: one row is refused with how many are needed', async () => {
  const one = { 'flow (l/min)': [11], 'pressure (bar)': [55], [target]: [3] };
  await expect(build(one)).rejects.toEqual(refusal('ROWS_TOO_FEW', /at least 5 rows.* has 1/));
});

test('row 63: fewer rows than columns build, with wide intervals', async () => {
  const wide = Object.fromEntries(Array.from({ length: 30 }, (_, j) => [`setting ${j} (V)`, draw(14)]));
  const { outcome, codes } = await build({ ...wide, [target]: hardness.slice(0, 14) });
  expect(codes).toContain('few_rows');
  const ridge = loadSessionModel(outcome.models[0]!.artifact);
  const row = Object.fromEntries(Object.keys(wide).map((key) => [key, 0.5]));
  const { interval } = predictRows(ridge, [row]).targets[0]!.predictions[0]!;
  const spread = Math.max(...hardness.slice(0, 14)) - Math.min(...hardness.slice(0, 14));
  expect(interval.upper - interval.lower).toBeGreaterThan(spread / 3);
});

test('row 64: a target without a value is refused with the count', async () => {
  const empty = { ...sound, [target]: hardness.map(() => '') };
  await expect(build(empty)).rejects.toEqual(
    refusal('TARGET_EMPTY', /0 of 24 rows have a value of hardness/),
  );
});

test('row 65: gaps in the target are set aside and counted', async () => {
  const gaps = { ...sound, [target]: hardness.map((value, i) => (i % 4 === 0 ? '' : value)) };
  const { plan } = await build(gaps);
  expect(plan.targets[0]!.rows).toHaveLength(18);
  expect(plan.targets[0]!.warnings).toContainEqual(
    expect.objectContaining({ code: 'target_missing', count: 6 }),
  );
});

test('row 66: a constant target is refused with its value', async () => {
  await expect(build({ ...sound, [target]: hardness.map(() => 7) })).rejects.toEqual(
    refusal('TARGET_CONSTANT', /all 24 values of hardness \(HV\) are 7/),
  );
});

test('row 67: a constant and an empty input are named, and may come back in a prediction or stay away', async () => {
  const idle = { ...sound, 'speed (rpm)': x.map(() => 5), 'current (A)': x.map(() => '') };
  const { codes, model } = await build({ ...idle, [target]: hardness }, [
    { key: 'current (A)', role: 'input', dataType: 'numeric' },
  ]);
  expect(codes).toContain('constant');
  expect(codes.some((code) => code === 'input_empty' || code === 'empty_columns')).toBe(true);
  const row = { 'flow (l/min)': 15, 'pressure (bar)': 55 };
  const [with_, without] = [predictRows(model, [{ ...row, 'speed (rpm)': 5 }]), predictRows(model, [row])];
  expect(with_.targets).toEqual(without.targets);
});

test('row 68: copies of rows are counted and never on both sides of a split', async () => {
  const twice = Object.fromEntries(Object.entries(sound).map(([key, cells]) => [key, [...cells, ...cells]]));
  const { profile, plan } = await build(twice);
  expect(profile.duplicateRowCount).toBe(rowCount);
  const [{ groups, groupCount, rows }] = plan.targets as [BuildPlan['targets'][0]];
  expect(groupCount).toBe(rowCount);
  const groupOf = new Map(Array.from(rows, (row, i) => [row, groups[i]!]));
  for (let i = 0; i < rowCount; i++) expect(groupOf.get(i)).toBe(groupOf.get(i + rowCount));
});

test('row 69: equal inputs with different targets say how exact measurements are', async () => {
  const repeat = (cells: readonly Cell[]) => [...cells.slice(0, 12), ...cells.slice(0, 12)];
  const { plan, outcome } = await build({
    'flow (l/min)': repeat(x),
    'pressure (bar)': repeat(z),
    [target]: [...hardness.slice(0, 12), ...hardness.slice(0, 12).map((value, i) => value + 0.5 * (-1) ** i)],
  });
  expect(plan.targets[0]!.pureError).toBeGreaterThan(0.2);
  expect(outcome.metrics.targets[0]!.noiseCeilingR2).toBeLessThan(1);
});

test('row 70: a copied column, collinear columns and a mixture that adds up to 100 build', async () => {
  const third = x.map((value, i) => 100 - value - z[i]!);
  const { codes } = await build({
    'resin (%)': x,
    'filler (%)': z,
    'water (%)': third,
    'speed (rpm)': x.map((value) => 20 + value),
    'rate (1/min)': x.map((value) => 20 + value),
    'half (V)': z.map((value) => value / 2 + 1),
    [target]: hardness,
  });
  expect(codes).toContain('duplicate_column');
});

test('row 71: rows that differ by a rounding error do not break the covariance', async () => {
  const near = { ...sound, 'flow (l/min)': x.map((_, i) => 10 + i * 1e-13), 'pressure (bar)': z };
  const { outcome } = await build(near);
  expect(outcome.models.map(({ name }) => name)).toContain('Process');
});

test('row 72: numbers at the ends of what a double holds build', async () => {
  const big = x.map((value, i) => (i % 2 === 0 ? 1e300 : -1e300) * (value / 20));
  const tiny = x.map((value) => value * 1e-322);
  const mixed = z.map((value, i) => (i % 2 === 0 ? 1e12 : 1e-12) * value);
  await build({
    'first (V)': big,
    'second (V)': tiny,
    'third (V)': mixed,
    'flow (l/min)': x,
    [target]: hardness,
  });
  await build({ ...sound, [target]: hardness.map((value) => value * 1e298) });
  await build({ ...sound, [target]: hardness.map((value) => value * 1e-300) });
});

test.each([1000, 0.001])(
  'a target %d times as large as it should be is named with its row',
  async (factor) => {
    const slipped = hardness.map((value, i) => (value + 100) * (i === 5 ? factor : 1));
    const { plan, codes } = await build({ ...sound, [target]: slipped });
    expect(codes).toContain('target_stray');
    const [warning] = plan.targets[0]!.warnings.filter(({ code }) => code === 'target_stray');
    expect(warning).toMatchObject({ rows: [6], count: 1, column: target });
  },
);

test.each(['Inf', '-inf', 'Infinity', '∞'])(
  'row 73: %s in a cell is refused with its place',
  async (word) => {
    const infinite = { ...sound, 'pressure (bar)': z.map((value, i) => (i === 6 ? word : value)) };
    const error = await build(infinite).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'EngineError', location: { column: 'pressure (bar)' } });
    expect(JSON.stringify((error as { location: object }).location)).toContain('"row"');
  },
);

test('row 74: a target of one class is refused with the class and its count', async () => {
  await expect(build({ ...sound, [target]: hardness.map(() => 'pass') })).rejects.toEqual(
    refusal('TARGET_CONSTANT', /all 24 values of hardness \(HV\) are "pass"/),
  );
});

test('row 75: a class with one member builds, and is named', async () => {
  const supplier = x.map((_, i) => (i === 3 ? 'rare' : ['north', 'south'][i % 2]!));
  const { plan, codes } = await build({ supplier, ...sound });
  expect(plan.inputs).toContain('supplier');
  expect(codes).toContain('levels_rare');
});

test('row 76: a column that only names rows is left out, and can be forced', async () => {
  const named = { ...sound, sample: x.map((_, i) => `S-${1000 + i * 7}`), number: x.map((_, i) => i + 1) };
  const { plan, codes } = await build(named);
  expect(plan.inputs).toEqual(['flow (l/min)', 'pressure (bar)']);
  expect(codes).toContain('id_like');
  const forced = await build(named, [{ key: 'number', role: 'input' }]);
  expect(forced.plan.inputs).toContain('number');
});

test('row 77: a copy of the target among the inputs is named first', async () => {
  const { profile } = await build({
    'signal (V)': hardness.map((value) => 2 * value + 1),
    ...sound,
  });
  expect(profile.warnings[0]).toMatchObject({ code: 'possible_leak', column: 'signal (V)' });
});

test('row 78: numbers and words in one column are refused, or become a category with a warning', async () => {
  const mixed = { ...sound, 'pressure (bar)': z.map((value, i) => (i % 5 === 0 ? 'much' : value)) };
  const result = await build(mixed).catch((reason: unknown) => reason);
  if (result instanceof Error) expect(result.message).toMatch(/pressure \(bar\)|number/);
  else expect((result as Built).codes).toContain('mixed_cells');
});

test.each([
  ['0 and 1', 2],
  ['1 to 5', 5],
])('row 79: a target of %s is modelled as a number, and says so', async (_, count) => {
  const low = Math.min(...hardness);
  const width = Math.max(...hardness) - low;
  const steps = hardness.map((value) => Math.min(count - 1, Math.floor((count * (value - low)) / width)));
  const { codes } = await build({ ...sound, [target]: steps.map((step) => (count === 2 ? step : step + 1)) });
  expect(codes).toContain('target_discrete');
});
