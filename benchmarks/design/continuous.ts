/** Campaigns over continuous problems with constraints and noise: the problems, and how Athanor does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputRow, SearchSpace } from '@athanor/schema';
import { createSurrogate } from '../../packages/engine/src/acquisition/surrogate.ts';
import { campaignModel } from '../../packages/engine/src/design/campaignModel.ts';
import { generateCandidates } from '../../packages/engine/src/design/generateCandidates.ts';
import type { Inputs } from '../../packages/engine/src/models/inputs.ts';
import { findModel } from '../../packages/engine/src/models/registry.ts';
import { createGenerator } from '../../packages/engine/src/random/createGenerator.ts';
import { compileSpace } from '../../packages/engine/src/space/compileSpace.ts';
import type { LinearSolver } from '../../packages/engine/src/space/linearSolver.ts';
import { pointToRow } from '../../packages/engine/src/space/pointToRow.ts';
import { samplePoints } from '../../packages/engine/src/space/samplePoints.ts';

export interface ContinuousProblem {
  readonly kind: 'parameters' | 'mixture';
  readonly bounds: readonly (readonly [number, number])[];
  readonly inequalities: readonly { readonly coefficients: readonly number[]; readonly max: number }[];
  readonly centre?: readonly number[];
  readonly weights?: readonly number[];
  readonly noise: number;
  /** Largest value, all problems are maximised. */
  readonly optimum: number;
  readonly budget: number;
}

export const problems = JSON.parse(readFileSync(join(import.meta.dirname, 'problems.json'), 'utf8')) as {
  readonly [name: string]: ContinuousProblem;
};

export const startCount = 5;
export const batchSize = 5;

/** The noise-free value at x, the greater the better. */
export function evaluate(name: string, x: readonly number[]): number {
  const { centre, weights } = problems[name]!;
  if (name === 'branin') {
    const [a, b] = x as unknown as [number, number];
    const term = b - (5.1 / (4 * Math.PI ** 2)) * a * a + (5 / Math.PI) * a - 6;
    return -(term * term + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10);
  }
  if (name === 'hartmann6') {
    let value = 0;
    hartmann.alpha.forEach((alpha, i) => {
      let sum = 0;
      x.forEach((xj, j) => (sum += hartmann.A[i]![j]! * (xj - hartmann.P[i]![j]! * 1e-4) ** 2));
      value += alpha * Math.exp(-sum);
    });
    return value;
  }
  let sum = 0;
  x.forEach((xj, j) => (sum += weights![j]! * (xj - centre![j]!) ** 2));
  return 100 * Math.exp(-1.5 * sum);
}

const hartmann = {
  alpha: [1, 1.2, 3, 3.2],
  A: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  P: [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
};

export function spaceOf({ kind, bounds, inequalities }: ContinuousProblem): SearchSpace {
  const key = (j: number): string => `x${j}`;
  return {
    variables: bounds.map(([lower, upper], j) =>
      kind === 'mixture'
        ? { kind: 'amount', key: key(j), lower, upper, step: 0.001 }
        : { kind: 'parameter', key: key(j), lower, upper },
    ),
    constraints: [
      ...(kind === 'mixture' ? [{ kind: 'total' as const, value: 1 }] : []),
      ...inequalities.map(({ coefficients, max }) => ({
        kind: 'linear' as const,
        terms: coefficients.map((coefficient, j) => ({ key: key(j), coefficient })),
        operator: 'lte' as const,
        value: max,
      })),
    ],
  };
}

/** Starting points and noise of a campaign: the same for everyone. */
export function startOf(
  name: string,
  solver: LinearSolver,
  seed: number,
): { start: number[][]; noise: number[] } {
  const problem = problems[name]!;
  const generator = createGenerator(`${name}/${seed}`);
  const compiled = compileSpace(spaceOf(problem));
  const set = samplePoints(compiled, solver, generator, { count: 500 });
  const places = generator.shuffle(Array.from({ length: set.count }, (_, i) => i)).slice(0, startCount);
  return {
    start: places.map((i) => Object.values(pointToRow(compiled, set.at(i))) as number[]),
    noise: Array.from({ length: problem.budget }, () => problem.noise * generator.normal()),
  };
}

/** Simple regret after every batch, and the seconds of each. */
export function runContinuous(
  name: string,
  solver: LinearSolver,
  seed: number,
): { regret: number; seconds: number[] } {
  const problem = problems[name]!;
  const space = spaceOf(problem);
  const { start, noise } = startOf(name, solver, seed);
  const tried: number[][] = [...start];
  const measured = tried.map((x, i) => evaluate(name, x) + noise[i]!);
  const seconds: number[] = [];
  const model = findModel(campaignModel.kind);
  const spec = { ...(model.defaultSpec as object), ...campaignModel.spec };
  const generator = createGenerator(`campaign ${name}/${seed}`);
  while (tried.length < problem.budget) {
    const began = performance.now();
    const inputs: Inputs = {
      rowCount: tried.length,
      columns: problem.bounds.map(([lower, upper], j) => ({
        column: { kind: 'numeric', key: `x${j}`, values: Float64Array.from(tried, (x) => x[j]!) },
        bounds: { lower, upper },
        isAmount: problem.kind === 'mixture',
      })),
    };
    const y = Float64Array.from(measured);
    const groups = Int32Array.from(tried, (_, i) => i);
    const round = generator.split(`round ${tried.length}`);
    const { fitted } = model.fit({ inputs, y, groups }, spec, round);
    const count = Math.min(batchSize, problem.budget - tried.length);
    const { candidates } = generateCandidates(
      {
        space,
        objectives: [{ target: 'y', goal: 'maximize' }],
        surrogates: [createSurrogate('y', campaignModel.kind, fitted, 1)],
        errorCorrelation: null,
        errors: [],
        measured: { inputs, targets: [y], tableRows: groups },
        pending: [],
        mode: 'balanced',
        generatedCount: 3000,
        selectedCount: count,
        diversity: 0,
        seed: `${name}/${seed}/${tried.length}`,
      },
      { solver, progress: () => {} },
    );
    for (const { inputs: row } of candidates) {
      const x = problem.bounds.map((_, j) => (row as InputRow)[`x${j}`] as number);
      measured.push(evaluate(name, x) + noise[tried.length]!);
      tried.push(x);
    }
    seconds.push((performance.now() - began) / 1000);
  }
  return { regret: problem.optimum - Math.max(...tried.map((x) => evaluate(name, x))), seconds };
}
