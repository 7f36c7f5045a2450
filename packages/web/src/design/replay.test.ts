import type { BacktestPayload } from '@athanor/schema';
import { describe, expect, it } from 'vitest';
import { beyondMeasured, describeTrust } from './describeTrust.ts';
import { halfFoundAfter, replayVerdict } from './replayVerdict.ts';

const policy = (topFound: number[], acceleration: number | null, enhancement: number) => ({
  best: topFound.map((_, i) => i),
  topFound,
  acceleration,
  enhancement,
});
const payload: BacktestPayload = {
  version: 1,
  method: 'backtest',
  seed: 1,
  target: 'strength (MPa)',
  goal: 'maximize',
  startCount: 2,
  batchSize: 1,
  budget: 6,
  campaigns: 3,
  rowCount: 40,
  policies: [
    { policy: 'exploit', ...policy([0, 0, 0.3, 0.5, 0.5, 1], 5, 6.7) },
    { policy: 'random', ...policy([0.025, 0.05, 0.075, 0.1, 0.125, 0.15], 1, 1) },
  ],
  bestPolicy: 'exploit',
  warnings: [],
};

describe('what a replay found', () => {
  it('is told with the figures of the best way of choosing', () => {
    const { headline, details } = replayVerdict(payload);
    expect(headline).toBe(
      '“Surely good” finds half of the best 2 rows after 4 experiments, chance after 20: 5.0 times as soon (acceleration factor).',
    );
    expect(details[0]).toBe(
      'After 6 experiments it has found 100 % of the best 2, 6.7 times as many as chance would (enhancement factor).',
    );
    expect(details[1]).toContain('the 40 rows as if none were known: 2 at random, then 1 at a time, 3 times');
  });

  it('is not made better than it is', () => {
    expect(replayVerdict({ ...payload, bestPolicy: 'random' }).headline).toMatch(/^No way of choosing/);
    const late = [{ policy: 'exploit' as const, ...policy([0, 0, 0, 0.1, 0.2, 0.4], null, 2) }];
    expect(replayVerdict({ ...payload, policies: late }).headline).toBe(
      '“Surely good” does best here, yet does not find half of the best 2 rows within 6 experiments.',
    );
    const same = [{ policy: 'exploit' as const, ...policy([0, 0, 0, 0, 0, 0.5], 1.02, 1) }];
    expect(replayVerdict({ ...payload, policies: same }).headline).toMatch(/hardly sooner than chance/);
  });

  it('has half of the best when it has, though sums are not exact', () => {
    expect(halfFoundAfter(payload.policies[0]!)).toBe(4);
    expect(halfFoundAfter({ ...payload.policies[0]!, topFound: [0.1, 0.49999999999] })).toBe(2);
    expect(halfFoundAfter(payload.policies[1]!)).toBeNull();
  });
});

describe('how far a prediction may be trusted', () => {
  it('says that the interval rests on extrapolation where it does', () => {
    const reasons = ['2.1 times as far from the nearest experiments as they usually are from each other'];
    expect(describeTrust({ class: 'outside', reasons })).toMatchObject({
      label: 'outside the data',
      isDoubtful: true,
    });
    expect(describeTrust({ class: 'outside', reasons })!.meaning).toMatch(/rests on extrapolation/);
    expect(describeTrust({ class: 'inside', reasons: [] })!.isDoubtful).toBe(false);
    expect(describeTrust(null)).toBeNull();
  });

  it('says when nothing like it was measured', () => {
    const range = { min: 41, max: 127 };
    expect([140, 30, 41, 127].map((mean) => beyondMeasured(mean, range))).toEqual([
      'above',
      'below',
      null,
      null,
    ]);
    expect(beyondMeasured(5, null)).toBeNull();
  });
});
