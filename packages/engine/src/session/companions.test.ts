import { expect, test } from 'vitest';
import { tableOf } from '../conformance/tableOf.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { BuildRequest } from './buildRequest.ts';
import { companionData } from './companionData.ts';
import { fitParts, foldRows } from './foldRows.ts';
import { planBuild } from './planBuild.ts';
import { sessionInputs } from './sessionInputs.ts';

const generator = createGenerator('companions of a session');
const rowCount = 60;
/** 30 compositions, each aged for two times. */
const mixes = Array.from({ length: 30 }, () => 20 + generator.integer(60));
const sand = Array.from({ length: rowCount }, (_, i) => mixes[i >> 1]!);
const age = Array.from({ length: rowCount }, (_, i) => (i % 2 === 0 ? 7 : 28));
const early = sand.map((x, i) => 0.5 * x + age[i]! + generator.normal());
const table = tableOf({
  sand: { cells: sand, type: 'material_amount' },
  cement: { cells: sand.map((x) => 100 - x), type: 'material_amount' },
  age: { cells: age },
  early: { cells: early, role: 'target' },
  // Lacks the last twenty rows.
  late: { cells: early.map((y, i) => (i < 40 ? 2 * y + generator.normal() : null)), role: 'target' },
  noise: { cells: early.map((_, i) => (i < 40 ? null : generator.normal())), role: 'target' },
});
const request: BuildRequest = {
  table,
  targets: ['early', 'late', 'noise'],
  models: [{ name: 'GP', kind: 'gaussianProcess', spec: null }],
  ignore: [],
  group: null,
  question: 'interpolate',
  seed: 1,
};

test('a target has companions where they fill gaps of it and go along with it, and others have none', () => {
  const { targets } = planBuild(request);
  const [early_, late, noise] = targets;
  expect(early_!.companions).toEqual([]);
  expect(noise!.companions).toEqual([]);
  expect(late!.companions.map(({ key }) => key)).toEqual(['early']);
  expect(late!.companions[0]!.rows).toHaveLength(60);
  expect(planBuild({ ...request, targets: ['late'] }).targets[0]!.companions).toEqual([]);
  const region = planBuild({ ...request, question: 'new_region' });
  expect(region.targets.every(({ companions }) => companions.length === 0)).toBe(true);
});

test('a companion shows nothing of the groups that are held out', () => {
  const plan = planBuild(request);
  const target = plan.targets[1]!;
  const { inputs } = sessionInputs(table, plan.inputs);
  for (const part of fitParts(target)) {
    const { training, heldOut } = foldRows(target, part);
    const { inputs: shown, targets } = companionData(table, inputs, target, training, heldOut)!;
    const hidden = new Set(Array.from(heldOut, (i) => sand[target.rows[i]!]!));
    const sandShown = shown.columns.find(({ column }) => column.key === 'sand')!.column as {
      values: Float64Array;
    };
    expect(sandShown.values.some((x) => hidden.has(x))).toBe(false);
    const kept = sand.filter((x) => !hidden.has(x)).length;
    expect(targets[0]!.y).toHaveLength(kept);
    expect(shown.rowCount).toBe(training.length + kept);
    // Rows of one composition are in one group, whatever was measured.
    const groupOf = new Map<number, number>();
    training.forEach((i, k) => groupOf.set(sandShown.values[k]!, target.groups[i]!));
    targets[0]!.groups.forEach((group, k) => {
      const mix = sandShown.values[training.length + k]!;
      if (!groupOf.has(mix)) groupOf.set(mix, group);
      expect(group).toBe(groupOf.get(mix));
    });
  }
});
