import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodePlan,
  decodeTable,
  decodeTaskResult,
  encodePlan,
  encodeTable,
  encodeTaskResult,
} from '../artifact/intermediates.ts';
import { encodePlainData } from '../artifact/encodePlainData.ts';
import { encodeSessionModel, loadSessionModel, type SessionModel } from '../artifact/sessionModel.ts';
import { tableOf, type ColumnDescription } from '../conformance/tableOf.ts';
import { takeInputRows } from '../models/inputs.ts';
import { modelRegistry } from '../models/registry.ts';
import type { PlainData } from '../plainData.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { takeRows } from '../table/column.ts';
import type { Table } from '../table/table.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest, ModelRequest } from './buildRequest.ts';
import { combineSession } from './combineSession.ts';
import { defaultPortfolio } from './defaultPortfolio.ts';
import { fitTask } from './fitTask.ts';
import { fitParts } from './foldRows.ts';
import { planBuild } from './planBuild.ts';
import { preflightBuild } from './preflightBuild.ts';
import { sessionInputs } from './sessionInputs.ts';
import type { TaskResult } from './taskResult.ts';

const clock = () => 0;

/** Fast models, so that a session in a test takes a moment. */
const models: ModelRequest[] = [
  { name: 'Ridge', kind: 'ridge', spec: { penaltyCount: 8 } },
  { name: 'Trees', kind: 'extraTrees', spec: { treeCount: 20 } },
  { name: 'Mean', kind: 'constant', spec: null },
];

/** A table of formulations: two amounts that add up to 100 with a third, a temperature, a supplier, two targets. */
function columns(rowCount: number, seed = 1): { [key: string]: ColumnDescription } {
  const generator = createGenerator(`session table ${seed}`);
  const a = Array.from({ length: rowCount }, () => Math.round(10 + 40 * generator.uniform()));
  const b = a.map(() => Math.round(10 + 30 * generator.uniform()));
  const temperature = a.map(() => 20 + generator.integer(60));
  const supplier = a.map(() => ['north', 'south', 'west'][generator.integer(3)]!);
  const strength = a.map((x, i) => 5 + x - 0.5 * b[i]! + 0.1 * temperature[i]! + generator.normal());
  const cost = a.map((x, i) =>
    generator.uniform() < 0.2 ? null : 2 * x + (supplier[i] === 'north' ? 9 : 0),
  );
  return {
    a: { cells: a, type: 'material_amount', unit: '%' },
    b: { cells: b, type: 'material_amount', unit: '%' },
    c: { cells: a.map((x, i) => 100 - x - b[i]!), type: 'material_amount', unit: '%' },
    temperature: { cells: temperature },
    supplier: { cells: supplier },
    strength: { cells: strength, type: 'property', role: 'target', unit: 'MPa' },
    cost: { cells: cost, type: 'property', role: 'target' },
  };
}

function requestOf(table: Table, changes: Partial<BuildRequest> = {}): BuildRequest {
  return {
    table,
    targets: ['strength', 'cost'],
    models,
    ignore: [],
    group: null,
    question: 'interpolate',
    seed: 1,
    ...changes,
  };
}

function runTasks(request: BuildRequest, plan: BuildPlan, order = plan.tasks): TaskResult[] {
  const results = new Map<string, TaskResult>();
  for (const task of order) {
    const before = task.after === null ? undefined : results.get(task.after);
    const full = before?.parts.find((part) => 'fitted' in part);
    const start = full === undefined ? null : (full as { fitted: PlainData }).fitted;
    results.set(
      task.id,
      fitTask(request, plan, task, start, clock, () => {}),
    );
  }
  return [...results.values()];
}

const table = tableOf(columns(40));
const request = requestOf(table);
const plan = planBuild(request);
const results = runTasks(request, plan);
const outcome = combineSession(request, plan, results);

const refusal = (code: string, location?: object) =>
  expect.objectContaining({
    code,
    ...(location === undefined ? {} : { location: expect.objectContaining(location) }),
  });

test('a session ranks its models on rows they have not seen and names a default with a reason', () => {
  const { metrics, failed } = outcome;
  expect(failed).toEqual([]);
  expect(metrics.defaultModel).toBe('Ridge');
  expect(metrics.defaultReason).toMatch(/^Ridge has the lowest out-of-fold CRPS relative to the mean/);
  expect(metrics.targets.map((target) => target.target)).toEqual(['strength', 'cost']);
  for (const target of metrics.targets) {
    expect(target.leaderboard.map((entry) => entry.rank)).toEqual([1, 2, 3]);
    expect(target.leaderboard.at(-1)!.model).toBe('Mean');
    expect(target.leaderboard.filter((entry) => entry.isDefault).map((entry) => entry.model)).toEqual([
      'Ridge',
    ]);
    for (const { metrics: scores } of target.leaderboard) {
      expect(scores.coverage.map(({ level }) => level)).toEqual([0.5, 0.8, 0.9, 0.95]);
      expect(scores.coverage[2]!.observed).toBeGreaterThan(0.7);
    }
  }
  const [strength, cost] = metrics.targets;
  expect(strength).toMatchObject({ unit: 'MPa', rows: 40, groups: 40, folds: 5, repeats: 4 });
  expect(cost!.rows).toBeLessThan(40);
  expect(cost!.warnings.map(({ code }) => code)).toContain('target_missing');
  expect(outcome.models.map(({ name }) => name)).toEqual(['Ridge', 'Trees', 'Mean']);
});

test('the plan has every fold of every target and model exactly once, full fits first', () => {
  plan.targets.forEach((target, t) =>
    plan.models.forEach((_, m) => {
      const parts = plan.tasks
        .filter((task) => task.target === t && task.model === m)
        .flatMap((task) => task.parts);
      expect(parts).toEqual(fitParts(target));
      expect(parts).toHaveLength(21);
    }),
  );
  expect(new Set(plan.tasks.map(({ id }) => id)).size).toBe(plan.tasks.length);
});

test('dear models get one task for all rows and others for the folds, cheap ones come first', () => {
  const large = tableOf(columns(1500, 2));
  const one = requestOf(large, { targets: ['strength'] });
  const many = planBuild({ ...one, models: defaultPortfolio(one) });
  const dear = many.models.findIndex(({ kind }) => kind === 'gaussianProcess');
  const tasks = many.tasks.filter((task) => task.model === dear);
  expect(tasks.length).toBeGreaterThan(2);
  expect(tasks[0]!.parts).toEqual([{ type: 'full' }]);
  for (const task of tasks.slice(1)) expect(task.parts.every(({ type }) => type === 'fold')).toBe(true);
  const first = many.models[many.tasks[0]!.model]!.kind;
  expect(['ridge', 'constant']).toContain(first);
  for (const task of many.tasks)
    if (task.after !== null)
      expect(many.tasks.findIndex(({ id }) => id === task.after)).toBeLessThan(many.tasks.indexOf(task));
});

test('results in any order, from any process, make the same outcome to the byte', () => {
  const shuffled = createGenerator('order').shuffle([...plan.tasks]);
  const throughBytes = {
    request: { ...request, table: decodeTable(encodeTable(table)) },
    plan: decodePlan(encodePlan(plan)),
  };
  const again = runTasks(throughBytes.request, throughBytes.plan, shuffled).map((result) =>
    decodeTaskResult(encodeTaskResult(result)),
  );
  const other = combineSession(throughBytes.request, throughBytes.plan, again);
  expect(other.metrics).toEqual(outcome.metrics);
  other.models.forEach(({ artifact }, m) => expect(artifact).toEqual(outcome.models[m]!.artifact));
});

/** The outcome of the same build on the table with its rows, and where wanted its columns, in another order. */
function outcomeOfShuffled(areColumnsReversed: boolean) {
  const order = createGenerator('rows').shuffle(Int32Array.from({ length: 40 }, (_, i) => i));
  const moved = table.columns.map((column) => takeRows(column, order));
  const shuffled: Table = {
    ...table,
    variables: areColumnsReversed ? [...table.variables].reverse() : table.variables,
    columns: areColumnsReversed ? moved.reverse() : moved,
  };
  const other = requestOf(shuffled);
  const otherPlan = planBuild(other);
  return combineSession(other, otherPlan, runTasks(other, otherPlan));
}

/** A model but for the numbers that its experiments have in the table. */
function withoutRowNumbers(artifact: Uint8Array): SessionModel {
  const model = loadSessionModel(artifact);
  return {
    ...model,
    targets: model.targets.map((target) => ({
      ...target,
      applicability: { ...target.applicability, rows: new Int32Array(0) },
    })),
  };
}

test('shuffled rows make the same models and scores to the byte, but for the numbers of the rows', () => {
  const other = outcomeOfShuffled(false);
  expect(other.metrics).toEqual(outcome.metrics);
  other.models.forEach(({ artifact }, m) =>
    expect(encodeSessionModel(withoutRowNumbers(artifact))).toEqual(
      encodeSessionModel(withoutRowNumbers(outcome.models[m]!.artifact)),
    ),
  );
});

test('shuffled columns only change the order in which a model lists its inputs', () => {
  const other = outcomeOfShuffled(true);
  expect(other.metrics).toEqual(outcome.metrics);
  other.models.forEach(({ artifact }, m) => {
    const a = withoutRowNumbers(artifact);
    const b = withoutRowNumbers(outcome.models[m]!.artifact);
    expect(encodePlainData(a.targets)).toEqual(encodePlainData(b.targets));
    expect([...a.inputs].reverse()).toEqual(b.inputs);
  });
});

test('another target or model in the session changes nothing for the ones there are', () => {
  const alone = requestOf(table, { targets: ['cost'], models: [models[1]!] });
  const alonePlan = planBuild(alone);
  const { metrics } = combineSession(alone, alonePlan, runTasks(alone, alonePlan));
  const entry = outcome.metrics.targets[1]!.leaderboard.find(({ model }) => model === 'Trees')!;
  expect(metrics.targets[0]!.leaderboard[0]!.metrics).toEqual(entry.metrics);
});

test('another seed deals other folds', () => {
  expect(planBuild(request)).toEqual(plan);
  expect(planBuild({ ...request, seed: 2 }).targets[0]!.repeats).not.toEqual(plan.targets[0]!.repeats);
});

test('a model that fails on one target predicts the other, and one that never finished counts as failed', () => {
  const broken = results.map((result): TaskResult => {
    const task = plan.tasks.find(({ id }) => id === result.taskId)!;
    return task.model === 0 && task.target === 1
      ? { ...result, parts: [], failure: { code: 'BUILD_FAILED', message: 'out of luck' } }
      : result;
  });
  const unfinished = broken.filter((result) => {
    const task = plan.tasks.find(({ id }) => id === result.taskId)!;
    return !(task.model === 1 && task.target === 0);
  });
  const partial = combineSession(request, plan, unfinished);
  expect(partial.failed).toEqual([
    { name: 'Ridge', target: 'cost', reason: 'out of luck' },
    { name: 'Trees', target: 'strength', reason: 'one of its fits did not finish' },
  ]);
  expect(partial.warnings.filter(({ code }) => code === 'model_failed')).toHaveLength(2);
  expect(loadSessionModel(partial.models[0]!.artifact).targets.map(({ key }) => key)).toEqual(['strength']);
  // Only the mean predicts both targets.
  expect(partial.metrics.defaultModel).toBe('Mean');
  expect(() => combineSession(request, plan, [])).toThrow(refusal('BUILD_FAILED'));
});

test('noise is called noise', () => {
  const generator = createGenerator('noise');
  const noisy = tableOf({
    ...columns(60, 3),
    strength: { cells: Array.from({ length: 60 }, () => generator.normal()), role: 'target' },
  });
  const one = requestOf(noisy, { targets: ['strength'] });
  const onePlan = planBuild(one);
  const { metrics } = combineSession(one, onePlan, runTasks(one, onePlan));
  expect(metrics.targets[0]!.warnings.map(({ code }) => code)).toContain('no_signal');
});

test('replicates give the pure error and stay on one side of every split', () => {
  const cells = columns(30, 4);
  const doubled = Object.fromEntries(
    Object.entries(cells).map(([key, column]) => [
      key,
      { ...column, cells: [...column.cells, ...column.cells] },
    ]),
  );
  const generator = createGenerator('replicates');
  const strength = doubled.strength!.cells.map((cell) => (cell as number) + generator.normal());
  const repeated = tableOf({ ...doubled, strength: { ...doubled.strength!, cells: strength } });
  const one = requestOf(repeated, { targets: ['strength'] });
  const target = planBuild(one).targets[0]!;
  expect(target.groupCount).toBeLessThanOrEqual(30);
  // Two draws of unit variance on top of the one that the pair shares.
  expect(Math.abs(target.pureError! - 1)).toBeLessThan(0.5);
  for (const folds of target.repeats) {
    const foldOfGroup = new Map<number, number>();
    target.groups.forEach((group, i) => {
      expect(foldOfGroup.get(group) ?? folds[i]).toBe(folds[i]);
      foldOfGroup.set(group, folds[i]!);
    });
  }
});

test('the other questions hold out ingredients and regions', () => {
  const some = { ...columns(40, 5) };
  some.additive = {
    cells: Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? 2 : 0)),
    type: 'material_amount',
  };
  const base = requestOf(tableOf(some), { targets: ['strength'] });
  const ingredient = planBuild({ ...base, question: 'new_ingredient' }).targets[0]!;
  // The additive, and the three suppliers one after the other.
  expect(ingredient.repeats).toHaveLength(2);
  expect(ingredient.foldCount).toBe(3);
  const region = planBuild({ ...base, question: 'new_region' });
  expect(region.targets[0]!.repeats).toHaveLength(1);
  expect(region.targets[0]!.foldCount).toBe(5);
  const { metrics } = combineSession(
    { ...base, question: 'new_region' },
    region,
    runTasks({ ...base, question: 'new_region' }, region),
  );
  expect(metrics.targets[0]!.leaderboard).toHaveLength(3);
});

test('a constant, an empty and a unique column are named and left out', () => {
  const odd = tableOf({
    ...columns(20, 6),
    same: { cells: Array<number>(20).fill(1) },
    empty: { cells: Array<null>(20).fill(null) },
    label: { cells: Array.from({ length: 20 }, (_, i) => `sample ${i}`) },
  });
  const found = planBuild(requestOf(odd, { targets: ['strength'] }));
  expect(found.inputs).toContain('same');
  expect(found.inputs).not.toContain('label');
  expect(found.warnings.map(({ code, column }) => [code, column])).toEqual([
    ['input_constant', 'same'],
    ['input_empty', 'empty'],
    ['levels_too_many', 'label'],
  ]);
});

test('rows of a composition that do not close are left out, gaps in closed ones are zero', () => {
  const some = columns(20, 7);
  const c = [...some.c!.cells];
  const a = [...some.a!.cells];
  c[3] = null;
  a[5] = (a[5] as number) + (c[5] as number);
  c[5] = null;
  const open = planBuild(
    requestOf(tableOf({ ...some, a: { ...some.a!, cells: a }, c: { ...some.c!, cells: c } }), {
      targets: ['strength'],
    }),
  );
  expect(open.targets[0]!.rows).toHaveLength(19);
  expect(open.targets[0]!.rows).not.toContain(3);
  expect(open.targets[0]!.warnings).toContainEqual(
    expect.objectContaining({ code: 'composition_open', rows: [4], count: 1 }),
  );
});

test('every bad request is refused with its code, its place and what would be right', () => {
  const few = tableOf(columns(4));
  const constant = tableOf({
    ...columns(20),
    strength: { cells: Array<number>(20).fill(7), role: 'target' },
  });
  const empty = tableOf({ ...columns(20), strength: { cells: Array<null>(20).fill(null), role: 'target' } });
  const cases: [Partial<BuildRequest>, string, object, RegExp][] = [
    [{ targets: [] }, 'TARGET_MISSING', { field: 'targets' }, /strength/],
    [{ targets: ['hardness'] }, 'TARGET_UNKNOWN', { field: 'targets/0', column: 'hardness' }, /strength/],
    [{ targets: ['supplier'] }, 'TARGET_NOT_NUMERIC', { column: 'supplier' }, /"north"|"south"|"west"/],
    [{ table: few }, 'ROWS_TOO_FEW', { column: 'strength' }, /at least 5 rows.*has 4 of 4/],
    [{ table: tableOf(columns(1)) }, 'ROWS_TOO_FEW', { column: 'strength' }, /has 1 of 1/],
    [{ table: constant }, 'TARGET_CONSTANT', { column: 'strength' }, /all 20 values of strength are 7/],
    [{ table: empty }, 'TARGET_EMPTY', { column: 'strength' }, /0 of 20 rows/],
    [{ ignore: ['nothing'] }, 'COLUMN_UNKNOWN', { field: 'ignore/0', column: 'nothing' }, /temperature/],
    [{ group: 'nothing' }, 'COLUMN_UNKNOWN', { field: 'group' }, /temperature/],
    [{ ignore: ['strength'] }, 'OPTION_INVALID', { field: 'ignore' }, /target/],
    [{ group: 'strength' }, 'OPTION_INVALID', { field: 'group' }, /target/],
    [{ targets: ['strength', 'strength'] }, 'OPTION_INVALID', { field: 'targets/1' }, /twice/],
    [
      { ignore: ['a', 'b', 'c', 'temperature', 'supplier'] },
      'INPUTS_MISSING',
      { field: 'ignore' },
      /no column/,
    ],
    [{ models: [] }, 'OPTION_INVALID', { field: 'models' }, /at least one/],
    [{ models: [models[0]!, models[0]!] }, 'OPTION_INVALID', { field: 'models/1/name' }, /Ridge/],
    [{ seed: -1 }, 'OPTION_INVALID', { field: 'seed' }, /0 to 4294967295/],
    [{ question: 'why' as 'interpolate' }, 'OPTION_INVALID', { field: 'question' }, /interpolate/],
    [
      { models: [{ name: 'x', kind: 'oracle' as 'ridge', spec: null }] },
      'OPTION_INVALID',
      { field: 'models/0/kind' },
      /ridge/,
    ],
    [
      { models: [{ ...models[1]!, spec: { trees: 3 } }] },
      'OPTION_INVALID',
      { field: 'models/0/spec/trees' },
      /treeCount, featureShare, minLeafRows/,
    ],
    [
      { models: [{ ...models[1]!, spec: { treeCount: '3' } }] },
      'OPTION_INVALID',
      { field: 'models/0/spec/treeCount' },
      /a number/,
    ],
    [
      { models: [{ ...models[1]!, spec: { treeCount: 1 } }] },
      'OPTION_INVALID',
      { field: 'models/0/spec/treeCount' },
      /from 2 to 5000/,
    ],
  ];
  for (const [changes, code, location, text] of cases) {
    const run = () => planBuild(requestOf(changes.table ?? table, changes));
    expect(run, JSON.stringify(changes).slice(0, 100)).toThrow(refusal(code, location));
    expect(run).toThrow(text);
  }
});

test('a group column with one value, and an ingredient that nobody leaves out, are refused', () => {
  const grouped = tableOf({
    ...columns(20, 8),
    batch: { cells: Array<string>(20).fill('x'), role: 'group' },
  });
  expect(() => planBuild(requestOf(grouped, { group: 'batch' }))).toThrow(
    refusal('OPTION_INVALID', { field: 'group' }),
  );
  const plain = tableOf({ x: columns(20).a!, y: columns(20).b!, strength: columns(20).strength! });
  expect(() => planBuild(requestOf(plain, { targets: ['strength'], question: 'new_ingredient' }))).toThrow(
    refusal('OPTION_INVALID', { field: 'question' }),
  );
});

test('any small table gives a session or a refusal', () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.constantFrom(0, 1, 2, 1e300, -1e300, 1e-320),
    fc.double({ min: -5, max: 5, noNaN: true }),
  );
  const text = fc.constantFrom('x', 'y', null);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 14 }), fc.nat(), (n, seed) => {
      const cells = <T>(one: fc.Arbitrary<T>, shift: number) =>
        fc.sample(one, { numRuns: n, seed: seed + shift });
      const odd = tableOf({
        p: { cells: cells(cell, 1), type: 'material_amount' },
        q: { cells: cells(cell, 2) },
        r: { cells: cells(text, 3) },
        target: { cells: cells(cell, 4), role: 'target' },
      });
      const one = requestOf(odd, { targets: ['target'] });
      let onePlan: BuildPlan;
      try {
        onePlan = planBuild(one);
      } catch (error) {
        expect(error).toEqual(expect.objectContaining({ name: 'EngineError' }));
        return;
      }
      const { metrics, models: built } = combineSession(one, onePlan, runTasks(one, onePlan));
      expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
      for (const { artifact } of built) loadSessionModel(artifact);
    }),
    { numRuns: 100 },
  );
});

test('the default portfolio has the models that are offered for the rows and inputs of each target', () => {
  const portfolio = defaultPortfolio(request);
  const { inputs } = sessionInputs(table, plan.inputs);
  const offered = modelRegistry.flatMap(({ title, kind, isOffered, variants = [] }) => [
    { title, kind, isOffered, changes: null },
    ...variants.map((variant) => ({ ...variant, kind })),
  ]);
  for (const { title, kind, isOffered, changes } of offered) {
    const targets = plan.targets
      .filter(({ rows }) => isOffered(rows.length, takeInputRows(inputs, rows)))
      .map(({ key }) => key);
    expect(portfolio.find((one) => one.name === title)).toEqual(
      targets.length === 0 ? undefined : { name: title, kind, spec: changes, targets },
    );
  }
});

test('a model that is wanted for one target only has tasks and scores for that one alone', () => {
  const one = requestOf(table, { models: [{ ...models[0]!, targets: ['cost'] }, models[2]!] });
  const onePlan = planBuild(one);
  expect(onePlan.tasks.filter((task) => task.model === 0).map((task) => task.target)).toEqual([1]);
  const { metrics, models: built, failed } = combineSession(one, onePlan, runTasks(one, onePlan));
  expect(failed).toEqual([]);
  expect(metrics.targets.map((target) => target.leaderboard.map(({ model }) => model))).toEqual([
    ['Mean'],
    ['Ridge', 'Mean'],
  ]);
  expect(metrics.defaultModel).toBe('Mean');
  expect(loadSessionModel(built[0]!.artifact).targets.map(({ key }) => key)).toEqual(['cost']);
  const wrong = [{ ...models[0]!, targets: ['costs'] }];
  expect(() => planBuild({ ...one, models: wrong })).toThrow(
    refusal('OPTION_INVALID', { field: 'models/0/targets/0' }),
  );
});

test('a preflight is the plan in figures: what is used, left out, done, spent and worth a look', () => {
  const machine = { processors: 2, processBytes: 1e8 };
  const preflight = preflightBuild(requestOf(table, { targets: ['cost'], ignore: ['supplier'] }), machine);
  const [cost] = preflight.targets;
  const rows = columns(40)['cost']!.cells.filter((cell) => cell !== null).length;
  expect(cost).toMatchObject({ target: 'cost', rows });
  expect(preflight.inputs).toEqual(['a', 'b', 'c', 'temperature']);
  expect(preflight.leftOut).toEqual([
    { column: 'supplier', reason: 'it was asked for' },
    { column: 'strength', reason: 'it is a property that is not modelled here' },
  ]);
  const fits = preflight.models.map((model) => model.fits);
  expect(fits).toEqual(Array(3).fill(1 + cost!.folds * cost!.repeats));
  expect(preflight.warnings.map(({ code }) => code)).toContain('target_missing');
  expect(preflight.memoryBytes).toBeGreaterThan(2e8);
  const alone = preflightBuild(request, { ...machine, processors: 1 });
  const many = preflightBuild(request, { ...machine, processors: 64 });
  expect(many.seconds).toBeLessThan(alone.seconds);
  expect(many.memoryBytes).toBeGreaterThan(alone.memoryBytes);
  expect(() => preflightBuild(requestOf(table, { targets: ['supplier'] }), machine)).toThrow(
    refusal('TARGET_NOT_NUMERIC'),
  );
});

test('a column that is named as an input is one, whatever its role and however many levels it has', () => {
  const cells = Array.from({ length: 40 }, (_, i) => `batch ${i}`);
  const named = tableOf({ ...columns(40), batch: { cells, role: 'identifier' } });
  expect(planBuild(requestOf(named)).inputs).not.toContain('batch');
  const plan = planBuild(requestOf(named, { inputs: ['temperature', 'batch'] }));
  expect(plan.inputs).toEqual(['temperature', 'batch']);
  expect(() => planBuild(requestOf(named, { inputs: ['nothing'] }))).toThrow(
    refusal('COLUMN_UNKNOWN', { field: 'inputs/0' }),
  );
  expect(() => planBuild(requestOf(named, { inputs: ['a', 'cost'] }))).toThrow(
    refusal('OPTION_INVALID', { field: 'inputs/1' }),
  );
});
