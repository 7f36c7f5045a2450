import { beforeAll, describe, expect, it } from 'vitest';
import { predictRows } from '../artifact/predictRows.ts';
import { loadSessionModel, type SessionModel } from '../artifact/sessionModel.ts';
import { tableOf } from '../conformance/tableOf.ts';
import { takeInputRows } from '../models/inputs.ts';
import { predictorKinds } from '../models/predictors.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { combineSession } from '../session/combineSession.ts';
import { fitTask } from '../session/fitTask.ts';
import { planBuild } from '../session/planBuild.ts';
import { loadHighs } from '../space/loadHighs.ts';
import type { TaskResult } from '../session/taskResult.ts';
import { proposeExperiments, type ProposalContext, type ProposalRequest } from './proposeExperiments.ts';
import { inputsToRows } from './inputsToRows.ts';
import { surrogatesOfModels } from './surrogatesOfModels.ts';

const generator = createGenerator('stored');
const rows = Array.from({ length: 36 }, () => {
  const resin = 40 + generator.integer(31);
  const wax = generator.integer(21);
  const temperature = 60 + 10 * generator.integer(5);
  const solvent = ['water', 'ethanol', 'acetone'][generator.integer(3)]!;
  const strength = resin - 0.02 * (temperature - 85) ** 2 + (solvent === 'water' ? 5 : 0);
  return {
    resin,
    wax,
    chalk: 100 - resin - wax,
    temperature,
    solvent,
    speed: 5,
    strength: Math.exp(strength / 40) + 0.1 * generator.uniform(),
    gloss: 80 - wax + generator.normal(),
  };
});
const cellsOf = (key: keyof (typeof rows)[number]) => rows.map((row) => row[key]);
const amount = { type: 'material_amount' } as const;
const target = { role: 'target' } as const;
const table = tableOf({
  resin: { cells: cellsOf('resin'), ...amount },
  wax: { cells: cellsOf('wax'), ...amount },
  chalk: { cells: cellsOf('chalk'), ...amount },
  temperature: { cells: cellsOf('temperature') },
  solvent: { cells: cellsOf('solvent') },
  speed: { cells: cellsOf('speed') },
  strength: { cells: cellsOf('strength'), ...target },
  gloss: { cells: cellsOf('gloss'), ...target },
});
const build = {
  table,
  targets: ['strength', 'gloss'],
  models: predictorKinds.map((kind) => ({ name: kind, kind, spec: null })),
  ignore: [],
  group: null,
  question: 'interpolate',
  seed: 1,
} as const;

let models: SessionModel[];
let context: ProposalContext;
beforeAll(async () => {
  const plan = planBuild(build);
  const results = new Map<string, TaskResult>();
  for (const task of plan.tasks) {
    const start = results.get(task.after ?? '')?.parts.find((part) => 'fitted' in part)?.fitted ?? null;
    results.set(
      task.id,
      fitTask(
        build,
        plan,
        task,
        start,
        () => 0,
        () => {},
      ),
    );
  }
  models = combineSession(build, plan, [...results.values()]).models.map(({ artifact }) =>
    loadSessionModel(artifact),
  );
  context = { solver: await loadHighs(), progress: () => {}, fitProgress: () => {}, clock: () => 0 };
}, 240_000);

const request: Omit<ProposalRequest, 'built'> = {
  table,
  objectives: [
    { target: 'strength', goal: 'maximize' },
    { target: 'gloss', goal: 'meet', criterion: { operator: 'gte', value: 70 } },
  ],
  // It reaches beyond what was seen: such rows are widened in predictions, and must be here.
  space: {
    variables: [
      { kind: 'amount', key: 'resin', lower: 0, upper: 100, step: 1 },
      { kind: 'amount', key: 'wax', lower: 0, upper: 60, step: 1 },
      { kind: 'amount', key: 'chalk', lower: 0, upper: 60, step: 1 },
      { kind: 'parameter', key: 'temperature', lower: 20, upper: 400, step: 5 },
      { kind: 'category', key: 'solvent', levels: ['toluene', 'water', 'ethanol'] },
    ],
    constraints: [{ kind: 'total', value: 100 }],
  },
  method: 'generate',
  mode: 'explore',
  pending: [],
  generatedCount: 600,
  selectedCount: 6,
  diversity: 0.5,
  ignore: [],
  models: null,
  seed: 1,
};

describe('stored models in design', () => {
  it('has a model of every kind to try', () => {
    expect(models.map(({ kind }) => kind).sort()).toEqual([...predictorKinds].sort());
  });

  it.each(predictorKinds)('promises with %s exactly what a prediction says', (kind) => {
    const model = models.find((one) => one.kind === kind)!;
    const { payload } = proposeExperiments({ ...request, built: [{ model, heldOut: null }] }, context);
    expect(payload.candidates.length).toBeGreaterThan(0);
    // One row at a time, as somebody would ask who copies a candidate.
    for (const { inputs, predictions } of payload.candidates) {
      const told = predictRows(model, [inputs]);
      for (const { target: key, prediction } of predictions) {
        const { applicability: _, ...rest } = told.targets.find((one) => one.target === key)!.predictions[0]!;
        expect(prediction).toEqual(rest);
      }
    }
  });

  it.each(['gaussianProcess', 'ensemble'])('tells levels apart that %s has never seen', (kind) => {
    const model = models.find((one) => one.kind === kind)!;
    const { surrogates, measured } = surrogatesOfModels(table, ['strength'], [{ model, heldOut: null }]);
    const one = takeInputRows(measured.inputs, Int32Array.of(0, 0, 0));
    const columns = one.columns.map((input) =>
      input.column.key === 'solvent'
        ? {
            ...input,
            column: {
              kind: 'categorical' as const,
              key: 'solvent',
              codes: Int32Array.of(0, 1, 1),
              levels: ['toluene', 'xylene'],
            },
          }
        : input,
    );
    const draws = surrogates[0]!.draw({ rowCount: 3, columns }, 64, createGenerator(2));
    const gap = (a: number, b: number): number =>
      draws.reduce((sum, draw) => sum + Math.abs(draw[a]! - draw[b]!), 0);
    expect(gap(0, 1)).toBeGreaterThan(20 * gap(1, 2));
  });

  it.each(predictorKinds)('compares candidates by the posteriors of %s that predictions have', (kind) => {
    const model = models.find((one) => one.kind === kind)!;
    const { surrogates, measured } = surrogatesOfModels(table, build.targets, [{ model, heldOut: null }]);
    const told = predictRows(model, inputsToRows(measured.inputs)).targets;
    surrogates.forEach((surrogate, t) => {
      const { mean, measurementSd } = momentsOf(surrogate.predict(measured.inputs));
      told[t]!.predictions.forEach((one, i) => {
        expect(mean[i]! / one.mean - 1).toBeCloseTo(0, 9);
        expect(measurementSd[i]! / one.standardDeviation - 1).toBeCloseTo(0, 9);
      });
    });
  });

  it('takes each target from the first model that has it, whatever inputs that has', () => {
    const [ridge, forest] = (['ridge', 'randomForest'] as const).map((kind) =>
      models.find((one) => one.kind === kind)!,
    );
    const only = { ...ridge!, targets: ridge!.targets.filter(({ key }) => key === 'gloss') };
    const built = [only, forest!].map((model) => ({ model, heldOut: null }));
    const { payload } = proposeExperiments({ ...request, built }, context);
    for (const { inputs, predictions } of payload.candidates) {
      const strength = predictRows(forest!, [inputs], { targets: ['strength'] });
      const gloss = predictRows(only, [inputs]);
      expect(predictions.map(({ prediction }) => prediction.mean)).toEqual(
        [strength, gloss].map(({ targets }) => targets[0]!.predictions[0]!.mean),
      );
    }
    expect(() => surrogatesOfModels(table, ['wax'], built)).toThrow(
      expect.objectContaining({ code: 'TARGET_UNKNOWN' }),
    );
  });

  it('refuses a table whose columns have become something else', () => {
    const other = tableOf({
      ...Object.fromEntries(
        ['resin', 'wax', 'chalk', 'temperature', 'speed'].map((key) => [
          key,
          { cells: cellsOf(key as 'resin') },
        ]),
      ),
      solvent: { cells: rows.map((_, i) => i % 3) },
      strength: { cells: cellsOf('strength'), ...target },
    });
    const [model] = models;
    expect(() => surrogatesOfModels(other, ['strength'], [{ model: model!, heldOut: null }])).toThrow(
      expect.objectContaining({ code: 'VARIABLE_CONFLICT' }),
    );
  });
});
