import { DesignPayload, type Objective } from '@athanor/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableOf } from '../conformance/tableOf.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { isFeasible } from '../space/checkCandidate.ts';
import { inferSpace } from '../space/inferSpace.ts';
import { loadHighs } from '../space/loadHighs.ts';
import type { ModelRequest } from '../session/buildRequest.ts';
import { predictRows } from '../artifact/predictRows.ts';
import { loadSessionModel, type SessionModel } from '../artifact/sessionModel.ts';
import { combineSession } from '../session/combineSession.ts';
import { fitTask } from '../session/fitTask.ts';
import { planBuild } from '../session/planBuild.ts';
import { heldOutScores } from './heldOutScores.ts';
import { surrogatesOfModels } from './surrogatesOfModels.ts';
import { planExperiments } from './planExperiments.ts';
import { proposeExperiments, type ProposalContext, type ProposalRequest } from './proposeExperiments.ts';

let context: ProposalContext;
beforeAll(async () => {
  let ticks = 0;
  context = {
    solver: await loadHighs(),
    progress: () => {},
    fitProgress: () => {},
    clock: () => (ticks += 1),
  };
});

const generator = createGenerator('table');
const rows = Array.from({ length: 40 }, () => {
  const resin = 40 + generator.integer(31);
  const wax = generator.integer(21);
  const temperature = 60 + 10 * generator.integer(5);
  const solvent = ['water', 'ethanol'][generator.integer(2)]!;
  const strength =
    resin - 0.02 * (temperature - 85) ** 2 + (solvent === 'water' ? 5 : 0) + 0.5 * generator.normal();
  return {
    resin,
    wax,
    chalk: 100 - resin - wax,
    temperature,
    solvent,
    strength,
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
  strength: { cells: cellsOf('strength'), ...target },
  gloss: { cells: cellsOf('gloss'), ...target },
});
const ridge: ModelRequest = { name: 'ridge', kind: 'ridge', spec: null };
const process: ModelRequest = { name: 'process', kind: 'gaussianProcess', spec: { hyperparameterDraws: 0 } };
const request: ProposalRequest = {
  table,
  objectives: [
    { target: 'strength', goal: 'maximize' },
    { target: 'gloss', goal: 'meet', criterion: { operator: 'gte', value: 70 } },
  ],
  space: null,
  method: 'optimize',
  mode: 'balanced',
  pending: [],
  generatedCount: 3000,
  selectedCount: 5,
  diversity: 0.5,
  ignore: [],
  models: [ridge, process],
  seed: 1,
};

describe('proposeExperiments', () => {
  it('proposes from a table alone what makes sense, within what the table spans', () => {
    const { payload, models } = proposeExperiments(request, context);
    expect(DesignPayload.parse(payload)).toEqual(payload);
    expect(models.map((one) => one.target)).toEqual(['strength', 'gloss']);
    expect(payload.candidates).toHaveLength(5);
    for (const { inputs, probabilityOfAll } of payload.candidates) {
      expect(isFeasible(payload.space, inputs)).toBe(true);
      expect(inputs.solvent).toBe('water');
      expect(Number(inputs.resin)).toBeGreaterThan(60);
      expect(probabilityOfAll).toBeGreaterThan(0.5);
    }
  });
});

it('rests the first half of a batch, and all of an exploiting one, on what the data support', () => {
  const inferred = inferSpace(table, ['resin', 'wax', 'chalk', 'temperature', 'solvent']);
  const space = {
    ...inferred,
    variables: inferred.variables.map((one) =>
      one.key === 'temperature'
        ? ({ kind: 'parameter', key: 'temperature', lower: 0, upper: 500 } as const)
        : one,
    ),
  };
  const classesOf = (
    mode: 'balanced' | 'exploit' | 'explore',
    objectives: readonly Objective[] = request.objectives.slice(0, 1),
  ) =>
    proposeExperiments(
      { ...request, space, objectives: [...objectives], mode, selectedCount: 6, models: [ridge] },
      context,
    ).payload.candidates.map(({ applicability }) => applicability!.class);
  expect(classesOf('explore')).toContain('outside');
  for (const objectives of [request.objectives.slice(0, 1), request.objectives]) {
    const balanced = classesOf('balanced', objectives);
    expect(balanced.slice(0, 3)).not.toContain('outside');
    expect(classesOf('exploit', objectives)).not.toContain('outside');
  }
  expect(classesOf('balanced').slice(3)).toContain('outside');
});

it('explores where nothing is known, however good the mean', () => {
  const inferred = inferSpace(table, ['resin', 'wax', 'chalk', 'temperature', 'solvent']);
  const space = {
    ...inferred,
    variables: inferred.variables.map((one) =>
      one.key === 'temperature'
        ? ({ kind: 'parameter', key: 'temperature', lower: 400, upper: 500 } as const)
        : one,
    ),
  };
  const { payload } = proposeExperiments(
    { ...request, space, objectives: [{ target: 'gloss', goal: 'maximize' }], models: [ridge] },
    context,
  );
  const classes = payload.candidates.map(({ applicability }) => applicability!.class);
  expect(classes).toContain('outside');
  payload.candidates.forEach(({ reason }, i) => {
    if (classes[i] === 'outside') expect(reason).toBe('explore');
  });
});

describe('proposeExperiments with a model of a session', () => {
  const targets = ['strength', 'gloss'];
  const build = {
    table,
    targets,
    models: [ridge],
    ignore: [],
    group: null,
    question: 'interpolate',
    seed: 1,
  } as const;
  const built = () => {
    const plan = planBuild(build);
    const results = plan.tasks.map((task) =>
      fitTask(
        build,
        plan,
        task,
        null,
        () => 0,
        () => {},
      ),
    );
    return combineSession(build, plan, results).models[0]!;
  };
  const model = (): SessionModel => loadSessionModel(built().artifact);

  it('fits nothing and promises what the model predicts', () => {
    const calibrated = { model: model(), heldOut: null };
    const { payload, models } = proposeExperiments({ ...request, built: [calibrated] }, context);
    expect(models).toEqual([]);
    expect(DesignPayload.parse(payload)).toEqual(payload);
    const rowsOf = payload.candidates.map(({ inputs }) => inputs);
    const told = predictRows(calibrated.model, rowsOf);
    payload.candidates.forEach(({ inputs, predictions }, i) => {
      expect(isFeasible(payload.space, inputs)).toBe(true);
      predictions.forEach(({ target: key, prediction }) => {
        const { mean, standardDeviation } = told.targets.find((one) => one.target === key)!.predictions[i]!;
        expect(prediction.mean).toBeCloseTo(mean, 9);
        expect(prediction.standardDeviation).toBeCloseTo(standardDeviation, 9);
      });
    });
  });

  it('says of a candidate what a prediction says of its row: how far from the data it is', () => {
    const known = model();
    const telling = {
      ...known,
      targets: known.targets.map((one) => ({
        ...one,
        applicability: { ...one.applicability, isInformative: true },
      })),
    };
    const { payload } = proposeExperiments(
      { ...request, mode: 'explore', built: [{ model: telling, heldOut: null }] },
      context,
    );
    const told = predictRows(
      telling,
      payload.candidates.map(({ inputs }) => inputs),
    );
    payload.candidates.forEach(({ applicability }, i) => {
      const judged = told.targets[0]!.predictions[i]!.applicability;
      expect(applicability!.class).toBe(judged.class);
      expect(applicability!.score).toBeCloseTo(judged.score!, 9);
    });
  });

  it('takes what the session kept of the rows it held out', () => {
    const { outOfFold } = built();
    const heldOut = heldOutScores(outOfFold, table.rowCount)!;
    outOfFold.forEach(({ target: key, rows: kept, measured, mean, standardDeviation }) =>
      kept.forEach((row, i) => {
        const z = (measured[i]! - mean[i]!) / standardDeviation[i]!;
        expect(heldOut[key]!.z[row - 1]).toBeCloseTo(z, 9);
      }),
    );
    const older = outOfFold.map(({ zScores: _, ...rest }) => rest);
    expect(heldOutScores(older, table.rowCount)).toBeNull();
  });

  it('joins criteria by how errors on rows held out go together', () => {
    const z = Float64Array.from(rows, (_, i) => Math.sin(7 * i));
    const same = { y: z, sd: z.map(() => 1), z };
    const one = surrogatesOfModels(table, targets, [
      { model: model(), heldOut: { strength: same, gloss: same } },
    ]);
    expect(one.errorCorrelation[1]).toBeGreaterThan(0.8);
    expect(surrogatesOfModels(table, targets, [{ model: model(), heldOut: null }]).errorCorrelation[1]).toBe(
      0,
    );
    expect(() => surrogatesOfModels(table, ['wax'], [{ model: model(), heldOut: null }])).toThrow(
      expect.objectContaining({ code: 'TARGET_UNKNOWN' }),
    );
  });
});

describe('planExperiments', () => {
  it('plans from a table, and from a space alone', () => {
    const plan = {
      table,
      space: null,
      method: 'space_filling' as const,
      anchorTargets: ['strength', 'gloss'],
      pending: [],
      ignore: [],
      generatedCount: 1000,
      selectedCount: 4,
      terms: 'linear' as const,
      seed: 1,
    };
    const fromTable = planExperiments(plan, context);
    expect(DesignPayload.parse(fromTable)).toEqual(fromTable);
    expect(fromTable.candidates).toHaveLength(4);
    const fromSpace = planExperiments(
      { ...plan, table: null, space: fromTable.space, anchorTargets: [], method: 'first_design' },
      context,
    );
    expect(fromSpace.candidates).toHaveLength(4);
    expect(fromSpace.candidates[0]!.nearest).toBeNull();
    expect(() => planExperiments({ ...plan, table: null }, context)).toThrow(
      expect.objectContaining({ code: 'SPACE_INVALID' }),
    );
  });
});
