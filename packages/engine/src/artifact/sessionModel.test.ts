import { expect, test } from 'vitest';
import { corruptions } from '../conformance/corruptions.ts';
import { tableOf } from '../conformance/tableOf.ts';
import { modelRegistry } from '../models/registry.ts';
import type { PlainData } from '../plainData.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { BuildRequest } from '../session/buildRequest.ts';
import { combineSession } from '../session/combineSession.ts';
import { fitTask } from '../session/fitTask.ts';
import { planBuild } from '../session/planBuild.ts';
import { decodePlainData } from './decodePlainData.ts';
import { encodePlainData } from './encodePlainData.ts';
import { exportOnnx } from './exportOnnx.ts';
import { decodePlan, decodeTable, encodePlan, encodeTable } from './intermediates.ts';
import { predictRows } from './predictRows.ts';
import { encodeSessionModel, loadSessionModel, type SessionModel } from './sessionModel.ts';

const generator = createGenerator('artifact');
const n = 40;
const rows = Array.from({ length: n }, () => ({
  flour: Math.round(40 + 40 * generator.uniform()),
  time: 1 + generator.integer(60),
  oven: ['deck', 'tunnel', 'stone'][generator.integer(3)]!,
  steam: generator.uniform() < 0.5 ? 'true' : 'false',
}));
const cellsOf = <K extends keyof (typeof rows)[0]>(key: K) => rows.map((row) => row[key]);
const described = tableOf({
  flour: { cells: cellsOf('flour'), type: 'material_amount', unit: '%' },
  water: { cells: rows.map((row) => 100 - row.flour), type: 'material_amount', unit: '%' },
  time: { cells: cellsOf('time'), unit: 'min' },
  oven: { cells: cellsOf('oven') },
  steam: { cells: cellsOf('steam') },
  pressure: { cells: Array<number>(n).fill(1) },
  crust: {
    cells: rows.map(
      (row) => row.flour / 10 + row.time / 20 + (row.oven === 'stone' ? 2 : 0) + 0.3 * generator.normal(),
    ),
    role: 'target',
    unit: 'mm',
  },
  colour: { cells: rows.map((row) => row.time + generator.normal()), role: 'target' },
});
const table = {
  ...described,
  variables: described.variables.map((one) =>
    one.key === 'steam' ? { ...one, dataType: 'boolean' as const } : one,
  ),
};
const request: BuildRequest = {
  table,
  targets: ['crust', 'colour'],
  models: modelRegistry.map(({ title, kind }) => ({ name: title, kind, spec: null })),
  ignore: [],
  group: null,
  question: 'interpolate',
  seed: 1,
};
const plan = planBuild(request);
const outcome = combineSession(
  request,
  plan,
  plan.tasks.map((task) =>
    fitTask(
      request,
      plan,
      task,
      null,
      () => 0,
      () => {},
    ),
  ),
  { dataHash: 'abc' },
);
const artifacts = outcome.models.map(({ artifact }) => artifact);
const models = artifacts.map(loadSessionModel);
const usual = { flour: 60, water: 40, time: 30, oven: 'deck', steam: true, pressure: 1 };
const invalid = expect.objectContaining({ name: 'EngineError', code: 'ARTIFACT_INVALID' });
const refusal = (code: string, location: object) =>
  expect.objectContaining({ code, location: expect.objectContaining(location) });

test('a stored model knows its inputs, targets and where it comes from, and writes the same bytes again', () => {
  models.forEach((model, m) => {
    expect(encodeSessionModel(model)).toEqual(artifacts[m]);
    expect(model.provenance).toEqual({ dataHash: 'abc', seed: '1', question: 'interpolate' });
    expect(model.closure).toBe(100);
    expect(model.targets.map(({ key, unit }) => [key, unit])).toEqual([
      ['crust', 'mm'],
      ['colour', null],
    ]);
    expect(model.inputs.map(({ key, isNeeded }) => [key, isNeeded])).toEqual([
      ['flour', true],
      ['water', true],
      ['time', true],
      ['oven', true],
      ['steam', true],
      ['pressure', false],
    ]);
  });
});

test('every target is predicted with its unit, both spreads and an interval of the level asked for', () => {
  for (const model of models) {
    const { targets, warnings } = predictRows(model, [usual, usual], { level: 0.8 });
    expect(warnings).toEqual([]);
    expect(targets.map(({ target, unit }) => [target, unit])).toEqual([
      ['crust', 'mm'],
      ['colour', null],
    ]);
    for (const { predictions } of targets) {
      expect(predictions).toHaveLength(2);
      const { mean, standardDeviation, modelStandardDeviation, interval } = predictions[0]!;
      expect(predictions[1]).toEqual(predictions[0]);
      expect(interval.level).toBe(0.8);
      expect(interval.lower).toBeLessThan(mean);
      expect(interval.upper).toBeGreaterThan(mean);
      expect(modelStandardDeviation).toBeLessThanOrEqual(standardDeviation);
    }
    const wide = predictRows(model, [usual], { level: 0.95, targets: ['colour'] }).targets;
    expect(wide.map(({ target }) => target)).toEqual(['colour']);
    expect(wide[0]!.predictions[0]!.interval.upper).toBeGreaterThan(
      targets[1]!.predictions[0]!.interval.upper,
    );
  }
});

test('the order of columns is free, and an input that never varied may be left out', () => {
  const { pressure: _, ...needed } = usual;
  const reversed = Object.fromEntries(Object.entries(needed).reverse());
  for (const model of models) expect(predictRows(model, [reversed])).toEqual(predictRows(model, [usual]));
});

test('other columns of the table may come along: they are named and change nothing', () => {
  for (const model of models) {
    const { targets, warnings } = predictRows(model, [{ ...usual, crust: 5, colour: null }]);
    expect(targets).toEqual(predictRows(model, [usual]).targets);
    expect(warnings.map(({ code, column }) => [code, column])).toEqual([
      ['column_ignored', 'crust'],
      ['column_ignored', 'colour'],
    ]);
  }
});

test('no rows have no predictions', () => {
  for (const model of models)
    expect(predictRows(model, []).targets.map(({ predictions }) => predictions)).toEqual([[], []]);
});

test('unknown and absent columns, unknown targets and a wrong level are refused by name', () => {
  const [model] = models as [SessionModel];
  const { oven: _, ...withoutOven } = usual;
  expect(() => predictRows(model, [usual, { ...usual, salt: 1 }])).toThrow(
    refusal('COLUMN_UNKNOWN', { field: 'rows/1/salt', column: 'salt' }),
  );
  expect(() => predictRows(model, [withoutOven])).toThrow(refusal('COLUMN_MISSING', { column: 'oven' }));
  expect(() => predictRows(model, [usual], { targets: ['taste'] })).toThrow(
    refusal('TARGET_UNKNOWN', { field: 'targets/0' }),
  );
  expect(() => predictRows(model, [usual], { level: 1 })).toThrow(
    refusal('OPTION_INVALID', { field: 'level' }),
  );
});

test('a cell of another type is refused, never turned into one that fits', () => {
  const [model] = models as [SessionModel];
  for (const [key, cell] of [
    ['time', '5'],
    ['time', true],
    ['time', NaN],
    ['time', Infinity],
    ['oven', 3],
    ['oven', true],
    ['steam', 'yes'],
    ['steam', 1],
  ] as const)
    expect(() => predictRows(model, [usual, { ...usual, [key]: cell }]), `${key} ${cell}`).toThrow(
      refusal('CELL_INVALID', { field: `rows/1/${key}`, column: key }),
    );
  expect(predictRows(model, [{ ...usual, steam: 'true' }])).toEqual(predictRows(model, [usual]));
});

test('rows beyond what was seen are flagged, and their intervals are nowhere narrower than among the data', () => {
  const inRange = rows.map((row) => ({
    ...row,
    water: 100 - row.flour,
    pressure: 1,
    steam: row.steam === 'true',
  }));
  const odd = [
    { ...usual, time: 6000 },
    { ...usual, time: -6000 },
    { ...usual, oven: 'microwave' },
    { ...usual, time: null },
    { ...usual, pressure: 3 },
    { ...usual, flour: 1e300 },
  ];
  for (const model of models) {
    const known = predictRows(model, inRange);
    expect(known.warnings).toEqual([]);
    const { targets, warnings } = predictRows(model, [usual, ...odd]);
    expect(warnings.map(({ code, column, rows: at }) => [code, column, at])).toEqual([
      ['extrapolation', 'flour', [7]],
      ['extrapolation', 'time', [2, 3]],
      ['missing_cell', 'time', [5]],
      ['unseen_level', 'oven', [4]],
      ['extrapolation', 'pressure', [6]],
    ]);
    targets.forEach(({ predictions }, t) => {
      const width = ({ interval }: (typeof predictions)[0]) => interval.upper - interval.lower;
      const widest = Math.max(...known.targets[t]!.predictions.map(width));
      for (const prediction of predictions.slice(1))
        expect(width(prediction)).toBeGreaterThan(widest * (1 - 1e-9));
      // A new row among the data may be less sure than the rows that were seen, but not than rows far away.
      for (const far of [1, 2, 6])
        expect(width(predictions[0]!)).toBeLessThanOrEqual(width(predictions[far]!) * (1 + 1e-9));
    });
  }
});

test('the mean of a skewed prediction does not jump where a row begins to count as far outside', () => {
  const draw = createGenerator('skewed');
  const x = Array.from({ length: 30 }, (_, i) => i / 29);
  const skewed: BuildRequest = {
    ...request,
    table: tableOf({
      x: { cells: x },
      y: { cells: x.map((v) => Math.exp(4 * v + 0.5 * draw.normal())), role: 'target' },
    }),
    targets: ['y'],
    models: [{ name: 'GP', kind: 'gaussianProcess', spec: { warp: 'log' } }],
  };
  const skewedPlan = planBuild(skewed);
  const results = skewedPlan.tasks.map((task) =>
    fitTask(
      skewed,
      skewedPlan,
      task,
      null,
      () => 0,
      () => {},
    ),
  );
  const model = loadSessionModel(combineSession(skewed, skewedPlan, results).models[0]!.artifact);
  const { targets, warnings } = predictRows(model, [{ x: -0.1 + 1e-9 }, { x: -0.1 - 1e-9 }]);
  expect(warnings.map(({ code, rows: far }) => [code, far])).toEqual([['extrapolation', [2]]]);
  const [inside, outside] = targets[0]!.predictions;
  expect(Math.abs(outside!.mean / inside!.mean - 1)).toBeLessThan(1e-6);
  expect(outside!.standardDeviation).toBeGreaterThan(2 * inside!.standardDeviation);
});

test('an amount left empty in a composition that closes without it is zero', () => {
  const filled = { ...usual, flour: 100, water: 0 };
  for (const model of models) {
    const { targets, warnings } = predictRows(model, [{ ...filled, water: null }]);
    expect(targets).toEqual(predictRows(model, [filled]).targets);
    expect(warnings.map(({ code }) => code)).not.toContain('missing_cell');
  }
});

test('rows together and apart have the same predictions to the bit', () => {
  const some = rows
    .slice(0, 7)
    .map((row) => ({ ...row, water: 100 - row.flour, steam: row.steam === 'true' }));
  for (const model of models) {
    const together = predictRows(model, some).targets[0]!.predictions;
    expect(some.flatMap((row) => predictRows(model, [row]).targets[0]!.predictions)).toEqual(together);
  }
});

test('a model with any part missing, cut off, of another type or not finite is refused', () => {
  // What lies around a fit is the same for all; flaws of the large fits, those of trees, are for the conformance suite.
  for (const bytes of artifacts.filter(({ length }) => length < 100_000)) {
    // Provenance is shown and never interpreted, so nothing of it need be there.
    const flaws = corruptions(decodePlainData(bytes)).filter(
      ({ what }) => !/provenance\/\w+ missing/.test(what),
    );
    for (const corruption of flaws)
      expect(() => loadSessionModel(encodePlainData(corruption.data)), corruption.what).toThrow(invalid);
  }
});

test('a model whose inputs do not fit its fit, and one of a newer or too old version, are refused', () => {
  for (const bytes of artifacts) {
    const { content, model } = decodePlainData(bytes) as { content: string; model: SessionModel };
    const rewrite = (change: object, contentVersion = 2) =>
      encodePlainData({ content, contentVersion, model: { ...model, ...change } } as unknown as PlainData);
    expect(loadSessionModel(rewrite({}))).toEqual(model);
    expect(() => loadSessionModel(rewrite({}, 3))).toThrow(/version 3, this Athanor reads up to 2/);
    expect(() => loadSessionModel(rewrite({}, 1))).toThrow(
      /version 1 of its form, this Athanor reads from 2 on/,
    );
    expect(() => loadSessionModel(rewrite({ targets: [] }))).toThrow(invalid);
    expect(() => loadSessionModel(rewrite({ targets: [model.targets[0], model.targets[0]] }))).toThrow(
      invalid,
    );
    if (model.kind !== 'constant') {
      expect(() => loadSessionModel(rewrite({ inputs: model.inputs.slice(1) }))).toThrow(invalid);
      const asText = { ...model.inputs[0]!, dataType: 'categorical', levels: ['x'], range: null };
      expect(() => loadSessionModel(rewrite({ inputs: [asText, ...model.inputs.slice(1)] }))).toThrow(
        invalid,
      );
    }
  }
});

test('thousands of mutated artifacts are refused or predict finite numbers', () => {
  // The smallest artifacts have most of their bytes in places that matter.
  const bytes = artifacts.toSorted((a, b) => a.length - b.length).slice(0, 2);
  const stream = createGenerator('mutated artifacts');
  for (let run = 0; run < 4000; run++) {
    const mutated = bytes[run % 2]!.slice();
    for (let k = 0; k <= stream.integer(3); k++)
      mutated[stream.integer(mutated.length)] = stream.integer(256);
    let model: SessionModel;
    try {
      model = loadSessionModel(mutated);
    } catch (error) {
      expect(error).toEqual(invalid);
      continue;
    }
    const row = Object.fromEntries(model.inputs.map(({ key }) => [key, null]));
    for (const { predictions } of predictRows(model, [row]).targets)
      expect(predictions.every(({ mean }) => Number.isFinite(mean))).toBe(true);
  }
});

test('tables and plans come back equal, and bytes of another kind are refused', () => {
  expect(decodeTable(encodeTable(table))).toEqual(table);
  expect(decodePlan(encodePlan(plan))).toEqual(plan);
  expect(() => decodePlan(encodeTable(table))).toThrow(invalid);
  expect(() => loadSessionModel(encodePlan(plan))).toThrow(invalid);
});

test('every model is the same ONNX file each time, with the columns it needs and four numbers a target', () => {
  for (const { artifact } of outcome.models) {
    const bytes = exportOnnx(loadSessionModel(artifact));
    expect(exportOnnx(loadSessionModel(artifact))).toEqual(bytes);
    const text = Buffer.from(bytes).toString('latin1');
    for (const name of ['flour', 'oven', 'crust.mean', 'crust.sd', 'colour.lower90', 'colour.upper90'])
      expect(text).toContain(name);
  }
});
