import { expect, test } from 'vitest';
import { loadSessionModel } from '../artifact/sessionModel.ts';
import { predictRows } from '../artifact/predictRows.ts';
import { tableOf } from '../conformance/tableOf.ts';
import type { EnsembleFitted } from '../models/ensemble.ts';
import type { PlainData } from '../plainData.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { Table } from '../table/table.ts';
import type { BuildPlan } from './buildPlan.ts';
import type { BuildRequest, ModelRequest } from './buildRequest.ts';
import { combineSession } from './combineSession.ts';
import { defaultPortfolio } from './defaultPortfolio.ts';
import { fitTask } from './fitTask.ts';
import { planBuild } from './planBuild.ts';
import type { SessionOutcome } from './sessionOutcome.ts';

const models: ModelRequest[] = [
  { name: 'Ridge', kind: 'ridge', spec: { penaltyCount: 8 } },
  { name: 'Trees', kind: 'extraTrees', spec: { treeCount: 30 } },
  { name: 'Mean', kind: 'constant', spec: null },
  { name: 'Ensemble', kind: 'ensemble', spec: null },
];

/** A trend that a line follows and a step that trees follow, so that together they are better than each alone. */
function steppedTable(rowCount: number, noise = 1): Table {
  const generator = createGenerator('step');
  const x = Array.from({ length: rowCount }, () => 10 * generator.uniform());
  const w = x.map(() => 10 * generator.uniform());
  const others = Array.from({ length: 5 }, () => x.map(() => 10 * generator.uniform()));
  const y = x.map((value, i) => {
    const trend = others.reduce((sum, other) => sum + other[i]!, 2 * value);
    return trend + (w[i]! > 5 ? 16 : 0) + noise * generator.normal();
  });
  const second = x.map((value) => (generator.uniform() < 0.3 ? null : value + noise * generator.normal()));
  return tableOf({
    x: { cells: x },
    w: { cells: w },
    ...Object.fromEntries(others.map((cells, j) => [`other ${j}`, { cells }])),
    y: { cells: y, role: 'target' },
    second: { cells: second, role: 'target' },
  });
}

function requestOf(table: Table, targets: string[], wanted: readonly ModelRequest[]): BuildRequest {
  return { table, targets, models: wanted, ignore: [], group: null, question: 'interpolate', seed: 1 };
}

function build(request: BuildRequest): { plan: BuildPlan; outcome: SessionOutcome } {
  const plan = planBuild(request);
  const found = new Map<string, PlainData>();
  const results = plan.tasks.map((task) => {
    const start = task.after === null ? null : found.get(task.after)!;
    const result = fitTask(
      request,
      plan,
      task,
      start,
      () => 0,
      () => {},
    );
    const full = result.parts.find((part) => 'fitted' in part);
    if (full !== undefined) found.set(task.id, (full as { fitted: PlainData }).fitted);
    return result;
  });
  return { plan, outcome: combineSession(request, plan, results) };
}

/** Cells of the inputs that are in no question. */
const middle = { x: 5, w: 5, ...Object.fromEntries([0, 1, 2, 3, 4].map((j) => [`other ${j}`, 5])) };
const table = steppedTable(120);
const request = requestOf(table, ['y', 'second'], models);
const { plan, outcome } = build(request);
const artifactOf = (name: string) =>
  loadSessionModel(outcome.models.find((model) => model.name === name)!.artifact);

test('an ensemble has no tasks of its own, and its weights stand in the metrics', () => {
  expect(plan.tasks.some(({ model }) => models[model]!.kind === 'ensemble')).toBe(false);
  expect(outcome.failed).toEqual([]);
  for (const { leaderboard } of outcome.metrics.targets) {
    const own = leaderboard.find(({ model }) => model === 'Ensemble')!;
    expect(own.kind).toBe('ensemble');
    expect(own.isCorrectedForChoice).toBe(true);
    expect(own.weights!.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(own.weights!.map(({ weight }) => weight)).toEqual(
      own.weights!.map(({ weight }) => weight).sort((a, b) => b - a),
    );
    expect(leaderboard.filter(({ weights }) => weights !== null)).toHaveLength(1);
  }
});

test('where models complement each other the ensemble is the default', () => {
  expect(outcome.metrics.defaultModel).toBe('Ensemble');
  const board = outcome.metrics.targets[0]!.leaderboard;
  const best = Math.min(...board.filter(({ kind }) => kind !== 'ensemble').map((one) => one.metrics.crps));
  expect(board[0]!.model).toBe('Ensemble');
  expect(board[0]!.metrics.crps).toBeLessThan(best);
});

test('its predictions are the weighted means of its members, stored or not', () => {
  const mixed = artifactOf('Ensemble');
  const rows = [
    { ...middle, x: 2, w: 3 },
    { ...middle, x: 9, w: 0.5 },
  ];
  const { members } = mixed.targets[0]!.fitted as unknown as EnsembleFitted;
  const predictions = predictRows(mixed, rows).targets[0]!.predictions;
  const expected = rows.map((row) =>
    members.reduce((sum, { name, weight }) => {
      const single = predictRows(artifactOf(name), [row], { targets: ['y'] });
      return sum + weight * single.targets[0]!.predictions[0]!.mean;
    }, 0),
  );
  predictions.forEach(({ mean, interval }, i) => {
    expect(mean).toBeCloseTo(expected[i]!, 10);
    expect(interval.lower).toBeLessThan(mean);
    expect(interval.upper).toBeGreaterThan(mean);
  });
});

test('far from the data its interval is at least as wide as the widest among them', () => {
  const mixed = artifactOf('Ensemble');
  const far = predictRows(mixed, [{ ...middle, x: 50, w: 50 }]).targets[0]!.predictions[0]!;
  expect(far.standardDeviation).toBeGreaterThanOrEqual(mixed.targets[0]!.widestSd * (1 - 1e-9));
});

test('an interval that the held-out rows cannot check is flagged', () => {
  const few = build(requestOf(steppedTable(12), ['y'], models.slice(0, 1)));
  const model = loadSessionModel(few.outcome.models[0]!.artifact);
  const row = [middle];
  expect(predictRows(model, row, { level: 0.8 }).warnings).toEqual([]);
  expect(predictRows(model, row, { level: 0.99 }).warnings.map(({ code }) => code)).toEqual([
    'interval_unchecked',
  ]);
});

test('a default that was chosen is judged without the rows it was chosen on', () => {
  const singles = build(requestOf(table, ['y'], models.slice(0, 3))).outcome.metrics;
  const board = singles.targets[0]!.leaderboard;
  expect(board.find(({ isDefault }) => isDefault)!.isCorrectedForChoice).toBe(true);
  expect(board.filter(({ isCorrectedForChoice }) => isCorrectedForChoice)).toHaveLength(1);
  // One model alone is no choice.
  const alone = build(requestOf(table, ['y'], models.slice(0, 1))).outcome.metrics;
  expect(alone.targets[0]!.leaderboard[0]!.isCorrectedForChoice).toBe(false);
});

test('what was said of held-out rows is kept in the order of the table, in the numbers that were scored', () => {
  const targets = outcome.models.find(({ name }) => name === 'Ridge')!.outOfFold;
  expect(targets.map(({ target }) => target)).toEqual(['y', 'second']);
  const [y, second] = targets;
  expect(y!.rows).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
  expect(second!.rows.length).toBeLessThan(120);
  const measured = table.columns.find(({ key }) => key === 'y') as { values?: Float64Array };
  expect(y!.measured).toEqual([...measured.values!]);
  const within = y!.measured.filter((value, i) => value >= y!.lower[i]! && value <= y!.upper[i]!).length;
  expect(Math.abs(within / 120 - 0.9)).toBeLessThan(0.06);
});

test('the automatic portfolio ends with the ensemble', () => {
  const portfolio = defaultPortfolio({ table, targets: ['y'], ignore: [], group: null });
  expect(portfolio.at(-1)).toMatchObject({ kind: 'ensemble', name: 'Ensemble', targets: ['y'] });
});

test('noise is not made a signal by mixing', () => {
  const generator = createGenerator('pure noise');
  const cells = () => Array.from({ length: 40 }, () => generator.normal());
  const flagged = Array.from({ length: 12 }, () => {
    const noise = tableOf({
      x: { cells: cells() },
      w: { cells: cells() },
      y: { cells: cells(), role: 'target' },
    });
    const { metrics } = build(requestOf(noise, ['y'], models)).outcome;
    return metrics.targets[0]!.warnings.some(({ code }) => code === 'no_signal');
  });
  // One standard error is passed by luck in about one table of six.
  expect(flagged.filter(Boolean).length).toBeGreaterThanOrEqual(8);
});

test('an ensemble of nothing, or two of them, are refused', () => {
  const mixed = models[3]!;
  for (const wanted of [[mixed], [...models, { ...mixed, name: 'Another' }]])
    expect(() => planBuild(requestOf(table, ['y'], wanted))).toThrow(/made of other models/);
});
