import { ComparedCandidates } from '@athanor/schema';
import { beforeAll, expect, it } from 'vitest';
import { isFeasible } from '../space/checkCandidate.ts';
import type { LinearSolver } from '../space/linearSolver.ts';
import { loadHighs } from '../space/loadHighs.ts';
import type { DesignRequest } from './designRequest.ts';
import { generateCandidates } from './generateCandidates.ts';
import { mixtureProblem } from './testing/mixtureProblem.ts';

let solver: LinearSolver;
beforeAll(async () => {
  solver = await loadHighs();
});

const requestOf = (kind: string, generatedCount: number): DesignRequest => {
  const { space, surrogates, measured } = mixtureProblem(solver, 9, 4, 60, kind);
  return {
    space,
    objectives: [
      { target: 'target 1', goal: 'maximize' },
      { target: 'target 2', goal: 'minimize' },
      { target: 'target 3', goal: 'meet', criterion: { operator: 'between', value: { min: 42, max: 58 } } },
    ],
    surrogates,
    errorCorrelation: null,
    errors: [],
    measured,
    pending: [],
    mode: 'balanced',
    generatedCount,
    selectedCount: 8,
    diversity: 0.5,
    seed: 1,
  };
};

it.each([
  ['ridge', 4000],
  ['ridge+extraTrees', 12_000],
])('a picture of what %s compared is bounded, feasible and in numbers of the full models', (kind, count) => {
  const request = requestOf(kind, count);
  const { candidates, generated, picture } = generateCandidates(request, { solver, progress: () => {} });
  const compared = ComparedCandidates.parse(picture());
  expect(compared.count).toBe(generated);
  expect(compared.evenCount).toBe(1000);
  const shown = compared.isOnFront.length;
  expect(shown).toBeLessThanOrEqual(1500);
  for (let i = 0; i < shown; i++) {
    const row = Object.entries(compared.inputs).map(([key, column]) => [key, column[i]!]);
    expect(isFeasible(request.space, Object.fromEntries(row))).toBe(true);
    expect(compared.isOnFront[i] || i < compared.evenCount).toBe(true);
  }
  // A chosen one that is shown too has the same numbers.
  const keys = Object.keys(compared.inputs);
  let both = 0;
  for (const { inputs, predictions, probabilityOfAll } of candidates) {
    const i = compared.isOnFront.findIndex((_, k) =>
      keys.every((key) => compared.inputs[key]![k] === inputs[key]),
    );
    if (i < 0) continue;
    both++;
    predictions.forEach(({ target, prediction }, t) => {
      expect(compared.predictions[t]!.target).toBe(target);
      expect(compared.predictions[t]!.mean[i]).toBeCloseTo(prediction.mean, 9);
      expect(compared.predictions[t]!.standardDeviation[i]).toBeCloseTo(prediction.standardDeviation, 9);
    });
    expect(compared.probabilityOfAll![i]).toBeCloseTo(probabilityOfAll!, 9);
  }
  expect(both).toBeGreaterThan(0);
});

it('no row of a picture beats one that is on the front, and each other row is beaten or equalled', () => {
  const { picture } = generateCandidates(requestOf('gaussianProcess', 3000), { solver, progress: () => {} });
  const { predictions, probabilityOfAll, isOnFront } = picture();
  const points = isOnFront.map((_, i) => [
    predictions[0]!.mean[i]!,
    -predictions[1]!.mean[i]!,
    probabilityOfAll![i]!,
  ]);
  const covers = (a: readonly number[], b: readonly number[]): boolean =>
    a.every((value, k) => value >= b[k]!);
  points.forEach((point, i) => {
    const isCovered = points.some((other, k) => k !== i && covers(other, point));
    expect(isCovered).toBe(!isOnFront[i]);
  });
});
