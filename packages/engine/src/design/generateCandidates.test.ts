import { DesignPayload } from '@athanor/schema';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Inputs } from '../models/inputs.ts';
import { isFeasible } from '../space/checkCandidate.ts';
import type { LinearSolver } from '../space/linearSolver.ts';
import { loadHighs } from '../space/loadHighs.ts';
import type { DesignContext, DesignRequest } from './designRequest.ts';
import { generateCandidates } from './generateCandidates.ts';
import { mixtureProblem } from './testing/mixtureProblem.ts';

let solver: LinearSolver;
let context: DesignContext;
beforeAll(async () => {
  solver = await loadHighs();
  context = { solver, progress: () => {} };
});

const requestOf = (
  kind: string,
): { request: DesignRequest; truth: ReturnType<typeof mixtureProblem>['truth'] } => {
  const problem = mixtureProblem(solver, 9, 4, 60, kind);
  return {
    truth: problem.truth,
    request: {
      space: problem.space,
      objectives: [
        { target: 'target 1', goal: 'maximize' },
        { target: 'target 2', goal: 'minimize' },
        { target: 'target 3', goal: 'meet', criterion: { operator: 'between', value: { min: 42, max: 58 } } },
      ],
      surrogates: problem.surrogates,
      errorCorrelation: null,
      errors: [],
      measured: problem.measured,
      pending: [],
      mode: 'balanced',
      generatedCount: 4000,
      selectedCount: 8,
      diversity: 0.5,
      seed: 1,
    },
  };
};

describe('generateCandidates', () => {
  it.each(['gaussianProcess', 'extraTrees', 'ridge'])(
    'by %s proposes feasible experiments that truly beat the measured ones in the trade-off',
    (kind) => {
      const { request, truth } = requestOf(kind);
      const { candidates, generated } = generateCandidates(request, context);
      expect(generated).toBe(4000);
      expect(candidates).toHaveLength(8);
      for (const { inputs } of candidates) expect(isFeasible(request.space, inputs)).toBe(true);
      const quality = ([a, b]: readonly number[]): number => a! - b!;
      const proposed = Math.max(...candidates.map(({ inputs }) => quality(truth(inputs))));
      const [first, second] = request.measured.targets;
      const measured = Math.max(...first!.map((value, i) => value - second![i]!));
      expect(proposed).toBeGreaterThan(measured - 6);
      const payload = {
        version: 1,
        method: 'generate',
        seed: 1,
        mode: 'balanced',
        space: request.space,
        objectives: request.objectives,
        generated,
        candidates,
        figures: {},
        warnings: [],
      };
      expect(DesignPayload.parse(payload)).toEqual(payload);
    },
  );

  it('asks all of an ensemble about the promising candidates only, and proposes as good ones', () => {
    const { request, truth } = requestOf('gaussianProcess+extraTrees');
    let asked = 0;
    const surrogates = request.surrogates.map((one) => ({
      ...one,
      screen: (inputs: Inputs) => {
        asked += inputs.rowCount;
        return one.screen(inputs);
      },
    }));
    const best = (one: DesignRequest): number =>
      Math.max(
        ...generateCandidates(one, context).candidates.map(({ inputs }) => {
          const [a, b] = truth(inputs);
          return a! - b!;
        }),
      );
    const large = { ...request, surrogates, generatedCount: 14_000 };
    const quick = best(large);
    const saved = asked;
    asked = 0;
    const thorough = best({
      ...large,
      surrogates: surrogates.map((one) => ({ ...one, glance: one.screen })),
    });
    // The second time a glance at all candidates, for each of three targets, is counted as well.
    expect(asked - saved).toBeGreaterThan(3 * 13_000);
    expect(quick).toBeGreaterThan(thorough - 1);
  });

  it('proposes as many as wanted in a space that is narrow beside what was measured', () => {
    const { request } = requestOf('ridge');
    const [centre] = generateCandidates({ ...request, selectedCount: 1 }, context).candidates;
    // A hundredth of what was measured about one proposal.
    const variables = request.space.variables.map((variable) => {
      if (variable.kind !== 'amount') return variable;
      const value = centre!.inputs[variable.key] as number;
      return { ...variable, lower: Math.max(0, value - 1), upper: value + 1 };
    });
    const narrow = { ...request, space: { ...request.space, variables }, selectedCount: 4 };
    expect(generateCandidates(narrow, context).candidates).toHaveLength(4);
  });

  it('gives the same candidates for the same request, and others for another seed', () => {
    const { request } = requestOf('ridge');
    const run = (seed: number) => {
      const { candidates, picture } = generateCandidates({ ...request, seed }, context);
      return { candidates, compared: picture() };
    };
    const first = run(1);
    expect(run(1)).toEqual(first);
    expect(run(2)).not.toEqual(first);
  });

  it('does not propose what was measured or is under way', () => {
    const { request } = requestOf('ridge');
    const [best] = generateCandidates(request, context).candidates;
    const pending = [best!.inputs];
    const { candidates } = generateCandidates({ ...request, pending }, context);
    expect(candidates.map(({ inputs }) => inputs)).not.toContainEqual(best!.inputs);
  });

  it('takes candidates from a list alone when there is one', () => {
    const { request } = requestOf('ridge');
    const list = generateCandidates({ ...request, selectedCount: 6 }, context).candidates.map(
      ({ inputs }) => inputs,
    );
    const { candidates } = generateCandidates(
      { ...request, space: { ...request.space, candidates: list }, selectedCount: 3 },
      context,
    );
    for (const { inputs } of candidates) expect(list).toContainEqual(inputs);
  });

  it('says why nothing can be proposed', () => {
    const { request } = requestOf('ridge');
    const { space } = request;
    const tight = {
      ...space,
      constraints: [...space.constraints, { kind: 'classTotal' as const, class: 'filler', max: 20 }],
    };
    expect(() => generateCandidates({ ...request, space: tight }, context)).toThrow(
      expect.objectContaining({
        code: 'SPACE_INFEASIBLE',
        message: expect.stringContaining('filler is at most 20'),
      }),
    );
  });

  it('says when all that may be made was made or is under way', () => {
    const { request } = requestOf('ridge');
    const [first] = generateCandidates({ ...request, selectedCount: 1 }, context).candidates;
    const fixed = Object.entries(first!.inputs).map(([key, value]) => ({
      kind: 'fixed' as const,
      key,
      value: value as number | string,
    }));
    const space = { ...request.space, constraints: [...request.space.constraints, ...fixed] };
    expect(() => generateCandidates({ ...request, space, pending: [first!.inputs] }, context)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('made before or is under way') }),
    );
  });

  it('stops when its progress is answered by an exception', () => {
    const { request } = requestOf('ridge');
    const stop = new Error('stop');
    const progress = (stage: string): void => {
      if (stage === 'scoring') throw stop;
    };
    expect(() => generateCandidates(request, { solver, progress })).toThrow(stop);
  });

  it('tells of each candidate what it is near to and how it differs', () => {
    const { request } = requestOf('gaussianProcess');
    for (const { nearest, inputs, predictions, cost, probabilityOfAll } of generateCandidates(
      request,
      context,
    ).candidates) {
      expect(nearest!.differences.length).toBeGreaterThan(0);
      for (const { key, proposed } of nearest!.differences) expect(inputs[key]).toBe(proposed);
      expect(predictions).toHaveLength(3);
      for (const { prediction } of predictions)
        expect(prediction.interval.lower).toBeLessThan(prediction.interval.upper);
      expect(cost).toBeLessThanOrEqual(3.6 + 1e-9);
      expect(probabilityOfAll).toBeGreaterThan(0);
    }
  });
});
