import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Constraint, SearchSpace } from '@athanor/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableOf } from '../conformance/tableOf.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { checkCandidate, isFeasible } from './checkCandidate.ts';
import { compileSpace } from './compileSpace.ts';
import { explainInfeasible } from './explainInfeasible.ts';
import { inferSpace } from './inferSpace.ts';
import type { LinearSolver } from './linearSolver.ts';
import { loadHighs } from './loadHighs.ts';
import { pointToRow, rowToPoint } from './pointToRow.ts';
import { samplePoints } from './samplePoints.ts';
import { examineSpace } from './testing/examineSpace.ts';
import { randomSpace } from './testing/randomSpace.ts';

let solver: LinearSolver;
beforeAll(async () => {
  solver = await loadHighs();
});

const sparse = (count: number, most: number): SearchSpace => ({
  variables: Array.from({ length: count }, (_, j) => ({
    kind: 'amount',
    key: `x${j}`,
    lower: 0,
    upper: 40,
    step: 0.1,
    classes: [j % 3 === 0 ? 'resin' : 'filler'],
  })),
  constraints: [
    { kind: 'total', value: 100 },
    { kind: 'count', max: most },
    { kind: 'minimumIfUsed', value: 2 },
    { kind: 'classTotal', class: 'resin', min: 20, max: 50 },
  ],
});

describe('search spaces', () => {
  it('keep their promises on 200 random ones: exactly feasible candidates, minimal explanations', () => {
    const found = Array.from({ length: 200 }, (_, i) => {
      const generator = createGenerator(`spaces/${i}`);
      return examineSpace(randomSpace(generator), solver, generator, 20);
    });
    const feasible = found.filter((one) => one.isFeasible);
    expect(feasible.length).toBeGreaterThan(60);
    expect(feasible.length).toBeLessThan(180);
    expect(found.filter((one) => one.infeasibleCandidates > 0)).toEqual([]);
    expect(feasible.filter((one) => one.candidates === 0)).toEqual([]);
    expect(found.filter((one) => !one.isExplained || !one.isMinimal)).toEqual([]);
    expect(found.filter((one) => one.disagreements > 0)).toEqual([]);
  });

  it.each([
    [30, 8],
    [50, 12],
  ])('of %i ingredients, at most %i used, give thousands of different candidates', (count, most) => {
    const space = sparse(count, most);
    const compiled = compileSpace(space);
    const set = samplePoints(compiled, solver, createGenerator(1), { count: 5000 });
    expect(set.count).toBe(5000);
    const uses = new Float64Array(count);
    for (let i = 0; i < set.count; i++) {
      if (i % 25 === 0) expect(isFeasible(space, pointToRow(compiled, set.at(i)))).toBe(true);
      set.at(i).forEach((n, j) => (uses[j]! += n > 0 ? 1 : 0));
    }
    // Every ingredient is tried, none in more than half of them.
    expect(Math.min(...uses)).toBeGreaterThan(100);
    expect(Math.max(...uses)).toBeLessThan(2500);
  });

  it('give the same candidates for the same seed', () => {
    const compiled = compileSpace(sparse(12, 4));
    const draw = () => [...samplePoints(compiled, solver, createGenerator('seed'), { count: 200 }).points];
    expect(draw()).toEqual(draw());
  });

  it('that are small are enumerated, without what was made before', () => {
    const made = [
      { solvent: 'water', temperature: 20 },
      { solvent: 'ethanol', temperature: 40 },
    ];
    const space: SearchSpace = {
      variables: [
        { kind: 'category', key: 'solvent', levels: ['water', 'ethanol'] },
        { kind: 'parameter', key: 'temperature', lower: 20, upper: 60, step: 20 },
      ],
      constraints: [{ kind: 'exclude', rows: made }],
    };
    const compiled = compileSpace(space);
    const set = samplePoints(compiled, solver, createGenerator(1), { count: 100 });
    const rows = Array.from({ length: set.count }, (_, i) => pointToRow(compiled, set.at(i)));
    expect(rows).toHaveLength(4);
    for (const row of made) expect(rows).not.toContainEqual(row);
  });

  it('in which everything was made before are explained by that', () => {
    const space: SearchSpace = {
      variables: [{ kind: 'parameter', key: 't', lower: 0, upper: 1, step: 1 }],
      constraints: [{ kind: 'exclude', rows: [{ t: 0 }, { t: 1 }] }],
    };
    const explanation = explainInfeasible(compileSpace(space), solver)!;
    expect(explanation.conflicts[0]!.paths).toContain('constraints/0');
  });

  it('say by how much to relax', () => {
    const space: SearchSpace = {
      variables: ['a', 'b'].map((key) => ({
        kind: 'amount',
        key,
        lower: 0,
        upper: 40,
        step: 0.5,
        classes: [key],
      })),
      constraints: [{ kind: 'total', value: 100 }],
    };
    const explanation = explainInfeasible(compileSpace(space), solver)!;
    expect(explanation.conflicts).toEqual([
      {
        paths: ['constraints/0', 'variables/0', 'variables/1'],
        message:
          'These cannot hold together: all amounts add up to 100; a is between 0 and 40; b is between 0 and 40.',
      },
    ]);
    expect(explanation.relaxations.map(({ advice }) => advice).join()).toMatch(
      /from 40 to 60|from 100 to 80/,
    );
  });

  it('compare decimals as they are written: 0.1 + 0.2 is 0.3', () => {
    const space: SearchSpace = {
      variables: ['a', 'b'].map((key) => ({ kind: 'amount', key, lower: 0, upper: 1, step: 0.1 })),
      constraints: [{ kind: 'total', value: 0.3 }],
    };
    expect(isFeasible(space, { a: 0.1, b: 0.2 })).toBe(true);
    expect(checkCandidate(space, { a: 0.1, b: 0.25 })).toEqual([
      { path: 'variables/0', isMet: true, slack: 0.1 },
      { path: 'variables/1', isMet: false, slack: 0.25 },
      { path: 'constraints/0', isMet: false, slack: -0.05 },
    ]);
    const compiled = compileSpace(space);
    const set = samplePoints(compiled, solver, createGenerator(1), { count: 10 });
    expect(set.count).toBe(4);
  });

  it('refuse what is not there by name', () => {
    const refuse = (constraint: Constraint): void => {
      const space: SearchSpace = {
        variables: [{ kind: 'category', key: 'solvent', levels: ['water'] }],
        constraints: [constraint],
      };
      expect(() => compileSpace(space)).toThrow(expect.objectContaining({ code: 'SPACE_INVALID' }));
    };
    refuse({ kind: 'fixed', key: 'resin', value: 1 });
    refuse({ kind: 'classTotal', class: 'resin', max: 1 });
    refuse({ kind: 'total', keys: ['solvent'], value: 1 });
    refuse({ kind: 'count', keys: ['solvent'], max: 1 });
  });

  it('are the same point after a row and back', () => {
    const compiled = compileSpace(sparse(10, 4));
    const set = samplePoints(compiled, solver, createGenerator(3), { count: 50 });
    for (let i = 0; i < set.count; i++)
      expect(rowToPoint(compiled, pointToRow(compiled, set.at(i)))).toEqual(set.at(i).slice());
  });
});

describe('the space of a table', () => {
  const amounts = { type: 'material_amount' } as const;

  it('has its bounds, steps, total, counts and least amounts', () => {
    const table = tableOf({
      resin: { cells: [60, 55, 62.5, 70, 80, 75], ...amounts },
      wax: { cells: [40, 0, 37.5, 0, 20, 0], ...amounts },
      oil: { cells: [0, 45, 0, 30, 0, 25], ...amounts },
      temperature: { cells: [80, 100, 80, 100, 80, 100] },
      solvent: { cells: ['water', 'water', 'ethanol', 'water', 'ethanol', 'water'] },
    });
    const space = inferSpace(table, ['resin', 'wax', 'oil', 'temperature', 'solvent']);
    expect(SearchSpace.parse(space)).toEqual(space);
    expect(space.variables).toEqual([
      { kind: 'amount', key: 'resin', lower: 55, upper: 80, step: 2.5 },
      { kind: 'amount', key: 'wax', lower: 0, upper: 40, step: 2.5 },
      { kind: 'amount', key: 'oil', lower: 0, upper: 45, step: 5 },
      { kind: 'discrete', key: 'temperature', values: [80, 100] },
      { kind: 'category', key: 'solvent', levels: ['water', 'ethanol'] },
    ]);
    expect(space.constraints).toEqual([
      { kind: 'total', value: 100 },
      { kind: 'count', min: 2, max: 2 },
      { kind: 'minimumIfUsed', keys: ['wax'], value: 20 },
      { kind: 'minimumIfUsed', keys: ['oil'], value: 25 },
    ]);
    const compiled = compileSpace(space);
    const set = samplePoints(compiled, solver, createGenerator(1), { count: 1000 });
    expect(set.count).toBeGreaterThan(50);
  });

  it('keeps two names of one thing together', () => {
    const table = tableOf({
      lipid: { cells: ['stearic', 'behenic', 'stearic', 'behenic'] },
      code: { cells: ['S', 'B', 'S', 'B'] },
      temperature: { cells: [20, 30, 30, 20] },
    });
    const compiled = compileSpace(inferSpace(table, ['lipid', 'code', 'temperature']));
    const set = samplePoints(compiled, solver, createGenerator(1), { count: 100 });
    const rows = Array.from({ length: set.count }, (_, i) => pointToRow(compiled, set.at(i)));
    expect(rows).toHaveLength(4);
    for (const { lipid, code } of rows) expect(code).toBe(lipid === 'stearic' ? 'S' : 'B');
  });

  it('keeps apart what never met although it should have', () => {
    const table = tableOf({
      base: { cells: Array.from({ length: 40 }, () => 80), ...amounts },
      acid: { cells: Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 20 : 0)), ...amounts },
      salt: { cells: Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0 : 20)), ...amounts },
    });
    const { constraints } = inferSpace(table, ['base', 'acid', 'salt']);
    expect(constraints.filter(({ kind }) => kind === 'forbidden')).toHaveLength(1);
  });
});

describe('the guide to search spaces', () => {
  const guide = readFileSync(
    join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'search-space.md'),
    'utf8',
  );
  const blocks = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it('has an example of every constraint, and each can be obeyed', () => {
    const kinds = new Set<string>();
    for (const block of blocks) {
      const space = SearchSpace.parse(JSON.parse(block));
      const set = samplePoints(compileSpace(space), solver, createGenerator(1), { count: 20 });
      expect(set.count).toBeGreaterThan(0);
      for (const { kind } of space.constraints) kinds.add(kind);
    }
    const all = Constraint.options.map((option) => option.shape.kind.value);
    expect([...kinds].sort()).toEqual([...all].sort());
  });
});
