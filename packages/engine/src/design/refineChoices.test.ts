import { beforeAll, describe, expect, it } from 'vitest';
import type { BatchChoice } from '../acquisition/chooseBatch.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { isFeasible } from '../space/checkCandidate.ts';
import type { CompiledSpace } from '../space/compiledSpace.ts';
import { compileSpace } from '../space/compileSpace.ts';
import type { LinearSolver } from '../space/linearSolver.ts';
import { loadHighs } from '../space/loadHighs.ts';
import type { PointSet } from '../space/pointSet.ts';
import { pointToRow } from '../space/pointToRow.ts';
import { samplePoints } from '../space/samplePoints.ts';
import { randomSpace } from '../space/testing/randomSpace.ts';
import { refineChoices, type ChosenPoints } from './refineChoices.ts';

let solver: LinearSolver;
beforeAll(async () => {
  solver = await loadHighs();
});

/** The three points nearest to one in the midst of all bounds, in ranges. */
function nearestToMiddle({ variables }: CompiledSpace): (set: PointSet) => BatchChoice[] {
  const valueOf = (point: Int32Array): number =>
    -variables.reduce((sum, { lower, upper }, j) => {
      const range = Math.max(1, upper - lower);
      return sum + ((point[j]! - lower) / range - 0.37) ** 2;
    }, 0);
  return (set) =>
    Array.from({ length: set.count }, (_, candidate) => ({ candidate, value: valueOf(set.at(candidate)) }))
      .sort((a, b) => b.value - a.value)
      .slice(0, 3);
}

describe('refineChoices', () => {
  it('keeps every rule, and no choice is worse by what it was chosen by', () => {
    let compared = 0;
    let better = 0;
    for (let seed = 0; seed < 40; seed++) {
      const space = randomSpace(createGenerator(`refine ${seed}`));
      const compiled = compileSpace(space);
      const set = samplePoints(compiled, solver, createGenerator(seed), { count: 60 });
      if (set.count === 0) continue;
      const choose = nearestToMiddle(compiled);
      const first = { set, choices: choose(set) };
      const refined = refineChoices(compiled, first, choose, createGenerator(seed));
      expect(refined.choices).toHaveLength(first.choices.length);
      refined.choices.forEach(({ candidate, value }, k) => {
        expect(isFeasible(space, pointToRow(compiled, refined.set.at(candidate)))).toBe(true);
        expect(value).toBeGreaterThanOrEqual(first.choices[k]!.value);
        compared++;
        if (value > first.choices[k]!.value) better++;
      });
    }
    expect(compared).toBeGreaterThan(30);
    expect(better).toBeGreaterThan(0.5 * compared);
  });

  it('comes much nearer to an optimum than points drawn from the whole space', () => {
    const compiled = compileSpace({
      variables: ['a', 'b', 'c', 'd'].map((key) => ({ kind: 'amount', key, lower: 0, upper: 1, step: 1e-4 })),
      constraints: [
        { kind: 'total', value: 1 },
        { kind: 'linear', terms: [{ key: 'a', coefficient: 1 }], operator: 'lte', value: 0.24 },
      ],
    });
    const set = samplePoints(compiled, solver, createGenerator('far'), { count: 3000 });
    // Of shares that add up to one, those next to (0.24, 0.76 / 3, ...): the limit of the first holds.
    const choose = (some: PointSet): BatchChoice[] =>
      Array.from({ length: some.count }, (_, candidate) => {
        const value = -some.at(candidate).reduce((sum, n) => sum + (n / 1e4 - 0.25) ** 2, 0);
        return { candidate, value };
      })
        .sort((a, b) => b.value - a.value)
        .slice(0, 1);
    const first: ChosenPoints = { set, choices: choose(set) };
    const optimum = -(0.01 ** 2 + 0.01 ** 2 / 3);
    const regret = ({ choices }: ChosenPoints): number => optimum - choices[0]!.value;
    const refined = refineChoices(compiled, first, choose, createGenerator('near'));
    expect(regret(refined)).toBeLessThan(0.1 * regret(first));
  });

  it('keeps a batch whole where its neighbours would crowd each other out', () => {
    const compiled = compileSpace({
      variables: [{ kind: 'parameter', key: 'x', lower: 0, upper: 1 }],
      constraints: [],
    });
    const set = samplePoints(compiled, solver, createGenerator('apart'), { count: 50 });
    const choices = [0, 1, 2].map((candidate) => ({ candidate, value: 1 }));
    const first = { set, choices };
    const refined = refineChoices(
      compiled,
      first,
      () => [{ candidate: 0, value: 2 }],
      createGenerator('apart'),
    );
    expect(refined).toBe(first);
  });
});
