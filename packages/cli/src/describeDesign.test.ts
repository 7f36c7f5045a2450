import type { Candidate, DesignPayload, Variable } from '@athanor/schema';
import { expect, test } from 'vitest';
import { describeDesign } from './describeDesign.ts';

const candidate = (rank: number, mean: number, place: 'inside' | 'edge' | 'outside'): Candidate => ({
  rank,
  inputs: { cement: 100 * rank, slag: 0 },
  predictions: [
    {
      target: 'strength',
      prediction: {
        mean,
        standardDeviation: 4,
        modelStandardDeviation: 3,
        interval: { lower: mean - 7, upper: mean + 7, level: 0.9 },
      },
      probability: null,
    },
  ],
  probabilityOfAll: null,
  probabilityOfAllIndependent: null,
  score: 1,
  shareOfImprovement: 0.25,
  reason: place === 'outside' ? 'explore' : 'exploit',
  applicability: { score: 0.5, class: place, reasons: [] },
  nearest: { row: 7, distance: 0.1, differences: [] },
  cost: null,
  slack: [],
});
const payload: DesignPayload = {
  version: 1,
  method: 'optimize',
  seed: 1,
  mode: 'balanced',
  space: {
    variables: [
      { kind: 'amount', key: 'cement', lower: 0, upper: 600, step: 1 },
      { kind: 'amount', key: 'slag', lower: 0, upper: 300, step: 1 },
    ],
    constraints: [],
  },
  objectives: [{ target: 'strength', goal: 'maximize' }],
  generated: 2000,
  candidates: [
    candidate(1, 80, 'inside'),
    candidate(2, 84, 'inside'),
    candidate(3, 90, 'edge'),
    candidate(4, 130, 'outside'),
  ],
  figures: {},
  warnings: [],
};
const strength = { key: 'strength', range: { min: 2.331, max: 82.6 } } as Variable;

const linesOf = (width: number, variables = [strength]) =>
  describeDesign(payload, variables, width).split('\n');

test('tells beside the predictions what was measured, and where each experiment lies', () => {
  const lines = linesOf(120);
  expect(lines[0]).toMatch(/cement.*strength.*90 % interval.*why.*data.*nearest/);
  expect(lines[0]).not.toContain('slag');
  expect(lines[1]).toMatch(/80\.0.*73\.0 … 87\.0.*surely good.*amid.*row 7/);
  expect(lines[4]).toMatch(/may be good.*outside/);
  expect(lines).toContain('strength: measured so far 2.331 to 82.60; predicted beyond that: 2-4.');
  expect(lines).toContain(
    'Amid the data: 1-2; at the edge of the data: 3; outside the data: 4. Those outside rest on extrapolation.',
  );
});

test('turns the table where it is too wide: a column for each experiment, in panels, within the width', () => {
  const lines = linesOf(60);
  expect(lines.every((line) => line.length <= 60)).toBe(true);
  expect(lines[0]!.trim()).toMatch(/^no\. 1 +no\. 2$/);
  expect(lines[1]).toMatch(/^strength +80\.0 +84\.0$/);
  expect(lines).toContainEqual(expect.stringMatching(/^cement +100 +200$/));
  expect(lines).toContainEqual(expect.stringMatching(/^cement +300 +400$/));
  expect(lines.some((line) => line.startsWith('slag'))).toBe(false);
});

test('a recipe of 30 ingredients with long names shows in each panel only what is used in it', () => {
  const key = (i: number) => `Ingredient with a rather long name ${i} (wt%)`;
  const candidates = Array.from({ length: 8 }, (_, r): Candidate => ({
    ...candidate(r + 1, 80, 'inside'),
    // Each experiment weighs in three of them.
    inputs: Object.fromEntries(Array.from({ length: 30 }, (_, i) => [key(i), i % 10 === r ? 33.3 : 0])),
  }));
  const variables = Array.from({ length: 30 }, (_, i) => ({
    kind: 'amount' as const,
    key: key(i),
    lower: 0,
    upper: 100,
    step: 0.1,
  }));
  const wide = { ...payload, candidates, space: { variables, constraints: [] } };
  for (const width of [80, 100]) {
    const text = describeDesign(wide, [], width);
    expect(text.split('\n').every((line) => line.length <= width)).toBe(true);
    expect(text).toContain('What is not listed is not used.');
    expect(text.match(/33\.3/g)).toHaveLength(24);
  }
});

test('says nothing of the data where there are none', () => {
  const bare = payload.candidates.map((one) => ({ ...one, applicability: null, nearest: null }));
  const text = describeDesign({ ...payload, candidates: bare }, [], 100);
  expect(text).not.toMatch(/measured so far|the data|nearest/);
});
