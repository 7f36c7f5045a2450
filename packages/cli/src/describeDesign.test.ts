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

test('tells beside the predictions what was measured, and where each experiment lies', () => {
  const lines = describeDesign(payload, [strength]).split('\n');
  expect(lines[0]).toMatch(/cement.*strength.*why.*data.*nearest/);
  expect(lines[0]).not.toContain('slag');
  expect(lines[1]).toMatch(/80\.0 ± 4\.0.*surely good.*inside.*row 7/);
  expect(lines[4]).toMatch(/may be good.*outside/);
  expect(lines).toContain('strength: measured so far 2.331 to 82.60; predicted beyond that: 2-4.');
  expect(lines).toContain(
    'Amid the data: 1-2; at the edge of the data: 3; outside the data: 4. Those outside rest on extrapolation.',
  );
});

test('says nothing of the data where there are none', () => {
  const bare = payload.candidates.map((one) => ({ ...one, applicability: null, nearest: null }));
  const text = describeDesign({ ...payload, candidates: bare }, []);
  expect(text).not.toMatch(/measured so far|the data/);
});
