import type { SearchSpace } from '@athanor/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { matrixFromRows } from '../linalg/matrix.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { isFeasible } from '../space/checkCandidate.ts';
import { loadHighs } from '../space/loadHighs.ts';
import type { DesignContext } from './designRequest.ts';
import { modelTerms } from './modelTerms.ts';
import { chooseOptimalDesign } from './optimalDesign.ts';
import { planDesign, planMethods, type PlanRequest } from './planDesign.ts';
import { chooseSpaceFilling, leastDistance } from './spaceFilling.ts';
import { mixtureProblem } from './testing/mixtureProblem.ts';

let context: DesignContext;
beforeAll(async () => {
  context = { solver: await loadHighs(), progress: () => {} };
});

const none = matrixFromRows([], 2);

describe('chooseSpaceFilling', () => {
  const grid = matrixFromRows(
    Array.from({ length: 441 }, (_, i) => [(i % 21) / 20, Math.floor(i / 21) / 20]),
    2,
  );

  it('takes the corners of a square', () => {
    const chosen = [...chooseSpaceFilling(grid, none, 4)].sort((a, b) => a - b);
    expect(chosen).toEqual([0, 20, 420, 440]);
  });

  it('keeps away from what is there', () => {
    const anchors = matrixFromRows([
      [0, 0],
      [1, 1],
    ]);
    const chosen = chooseSpaceFilling(grid, anchors, 2);
    expect([...chosen].sort((a, b) => a - b)).toEqual([20, 420]);
  });

  it('is farther apart than random choices', () => {
    const generator = createGenerator(1);
    const chosen = [...chooseSpaceFilling(grid, none, 12)];
    const random = Array.from({ length: 50 }, () => {
      const rows = generator.shuffle(Array.from({ length: 441 }, (_, i) => i)).slice(0, 12);
      return leastDistance(grid, none, rows);
    });
    expect(leastDistance(grid, none, chosen)).toBeGreaterThan(Math.max(...random));
  });
});

describe('chooseOptimalDesign', () => {
  const cube = matrixFromRows(
    Array.from({ length: 125 }, (_, i) => [
      (i % 5) / 2 - 1,
      (Math.floor(i / 5) % 5) / 2 - 1,
      Math.floor(i / 25) / 2 - 1,
    ]),
  );
  const flags = [false, false, false];

  it('finds the full factorial for interactions of three inputs in eight rows', () => {
    const F = modelTerms(cube, 'interactions', flags, flags);
    const empty = modelTerms(matrixFromRows([], 3), 'interactions', flags, flags);
    const { rows, largestInflation } = chooseOptimalDesign(F, empty, 8, 'D', createGenerator(1));
    const corners = new Set(
      [...rows].map((i) => [0, 1, 2].map((j) => cube.values[j * cube.stride + i]).join()),
    );
    expect(corners.size).toBe(8);
    for (const corner of corners)
      expect(corner.split(',').every((x) => Math.abs(Number(x)) === 1)).toBe(true);
    expect(largestInflation).toBeCloseTo(1, 4);
  });

  it('predicts better on average when asked for I than for D', () => {
    const F = modelTerms(cube, 'quadratic', flags, flags);
    const empty = modelTerms(matrixFromRows([], 3), 'quadratic', flags, flags);
    const D = chooseOptimalDesign(F, empty, 14, 'D', createGenerator(1));
    const I = chooseOptimalDesign(F, empty, 14, 'I', createGenerator(1));
    expect(I.meanVariance).toBeLessThan(D.meanVariance);
    expect(D.dGain).toBeGreaterThanOrEqual(I.dGain - 1e-9);
    expect(D.dGain).toBeGreaterThan(1.2);
  });
});

describe('planDesign', () => {
  const mixture: SearchSpace = {
    variables: ['a', 'b', 'c', 'd'].map((key) => ({ kind: 'amount', key, lower: 0, upper: 80, step: 1 })),
    constraints: [
      { kind: 'total', value: 100 },
      { kind: 'minimumIfUsed', value: 5 },
    ],
  };
  const request = (change: Partial<PlanRequest>): PlanRequest => ({
    space: mixture,
    method: 'space_filling',
    measured: null,
    pending: [],
    generatedCount: 2000,
    selectedCount: 12,
    terms: 'quadratic',
    seed: 1,
    ...change,
  });

  it.each(planMethods)('by %s gives different feasible rows without predictions', (method) => {
    const { candidates, figures } = planDesign(request({ method }), context);
    expect(candidates).toHaveLength(12);
    for (const { inputs, predictions, score, reason } of candidates) {
      expect(isFeasible(mixture, inputs)).toBe(true);
      expect([predictions, score, reason]).toEqual([[], null, 'spread']);
    }
    expect(figures.leastDistance).toBeGreaterThanOrEqual(0);
  });

  it('starts a mixture with corners and has a size of its own', () => {
    const { candidates } = planDesign(request({ method: 'first_design', selectedCount: null }), context);
    expect(candidates).toHaveLength(10);
    const isCorner = (row: (typeof candidates)[number]['inputs']): boolean =>
      Object.values(row).filter((value) => value === 80 || value === 0 || value === 20).length >= 3;
    expect(candidates.filter(({ inputs }) => isCorner(inputs)).length).toBeGreaterThanOrEqual(3);
  });

  it('fills around the rows that are there and the ones under way', () => {
    const problem = mixtureProblem(context.solver, 6, 3, 20, 'ridge');
    const plan = (pending: PlanRequest['pending']) =>
      planDesign(
        request({ space: problem.space, measured: problem.measured, pending, selectedCount: 3 }),
        context,
      );
    const first = plan([]);
    const second = plan(first.candidates.map(({ inputs }) => inputs));
    for (const { inputs } of second.candidates)
      expect(first.candidates.map((one) => one.inputs)).not.toContainEqual(inputs);
    expect(second.figures.leastDistance!).toBeLessThanOrEqual(first.figures.leastDistance! + 1e-9);
    expect(first.candidates[0]!.nearest!.distance).toBeGreaterThan(0.2);
  });
});
