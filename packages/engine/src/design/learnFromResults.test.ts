import { describe, expect, test } from 'vitest';
import { createGenerator } from '../random/createGenerator.ts';
import { adviseStopping, type StoppingForecast } from './adviseStopping.ts';
import { judgeProposals, type MeasuredProposal } from './judgeProposals.ts';

/** Proposals whose errors have a standard deviation of `spread` of what was promised, and a drift in the same unit. */
function proposals(count: number, spread: number, drift = 0, seed = 1): MeasuredProposal[] {
  const generator = createGenerator(seed);
  return Array.from({ length: count }, (_, i) => ({
    promises: [
      {
        target: 'strength',
        mean: i,
        standardDeviation: 2,
        interval: { lower: i - 3.29, upper: i + 3.29 },
        measured: i + 2 * (drift + spread * generator.normal()),
        isLessBetter: false,
      },
    ],
    probabilityOfAll: 0.5,
    hasMetAll: i % 2 === 0,
  }));
}

describe('judgeProposals', () => {
  test('finds promises kept when errors are of the size promised', () => {
    const judgement = judgeProposals(proposals(400, 1));
    const [target] = judgement.targets;
    expect(target!.count).toBe(400);
    expect(target!.coverage).toBeGreaterThan(0.86);
    expect(target!.coverage).toBeLessThan(0.94);
    expect(target!.verdict).toBe('as_promised');
    expect(target!.widening).toBeCloseTo(1, 1);
    expect(target!.crps / target!.promisedCrps).toBeCloseTo(1, 1);
    expect(target!.rankCorrelation).toBeGreaterThan(0.99);
    expect(judgement.criteria).toEqual({ count: 400, met: 200, promised: 200, brier: 0.25 });
  });

  test('tells sure, cautious and hopeful promises apart', () => {
    expect(judgeProposals(proposals(20, 3)).targets[0]!.verdict).toBe('too_sure');
    expect(judgeProposals(proposals(20, 3)).targets[0]!.widening).toBeGreaterThan(2);
    expect(judgeProposals(proposals(20, 0.2)).targets[0]!.verdict).toBe('too_cautious');
    expect(judgeProposals(proposals(20, 1, -1)).targets[0]!.verdict).toBe('too_hopeful');
    expect(judgeProposals(proposals(20, 0.9, 1)).targets[0]!.verdict).not.toBe('too_hopeful');
  });

  test('rarely accuses promises that were kept, and says nothing of three', () => {
    let accused = 0;
    for (let seed = 0; seed < 200; seed++)
      if (judgeProposals(proposals(8, 1, 0, seed)).targets[0]!.verdict !== 'as_promised') accused++;
    expect(accused).toBeLessThan(20);
    expect(judgeProposals(proposals(3, 5)).targets[0]!.verdict).toBe('too_few');
  });

  test('counts only what was measured', () => {
    const some = proposals(6, 1).map((one, i) => ({
      ...one,
      promises: one.promises.map((promise) => ({ ...promise, measured: i < 2 ? NaN : promise.measured })),
      hasMetAll: i < 2 ? null : one.hasMetAll,
    }));
    const judgement = judgeProposals(some);
    expect(judgement.count).toBe(4);
    expect(judgement.targets[0]!.count).toBe(4);
    expect(judgement.criteria!.count).toBe(4);
    expect(judgeProposals([])).toEqual({ count: 0, targets: [], criteria: null });
  });
});

const seen = Float64Array.from({ length: 21 }, (_, i) => i / 2);
const forecasts = (means: readonly number[], modelSd: number, noise: number): StoppingForecast[][] =>
  means.map((mean) => [{ mean, modelSd, measurementSd: Math.hypot(modelSd, noise) }]);

describe('adviseStopping', () => {
  const maximize = [{ target: 'strength', goal: 'maximize' as const }];

  test('goes on while more than the scatter of a measurement is expected, and stops when not', () => {
    const ask = (means: readonly number[], modelSd: number, noise: number, budget = 10) =>
      adviseStopping({
        objectives: maximize,
        reached: [seen],
        proposals: forecasts(means, modelSd, noise),
        budget,
        widening: [1],
      });
    expect(ask([12, 11], 2, 0.5)).toMatchObject({ verdict: 'go_on', figures: { experiments: 2 } });
    expect(ask([12, 11], 2, 0.5, 1).figures.experiments).toBe(1);
    expect(ask([8, 7], 1, 0.5)).toMatchObject({ verdict: 'stop' });
    expect(ask([8, 7], 1, 0.5).reason).toContain('scatter of one measurement (0.5)');
    expect(ask([8, 7], 0.5, 0).reason).toContain('a hundredth');
    expect(ask([], 1, 1).verdict).toBe('wait');
  });

  test('agrees with the expected improvement of a single proposal', () => {
    // E[max(f - 10, 0)] for f ~ N(10, 2): 2 phi(0), over the way from 5 to 10.
    const { expectedGain, noiseGain } = adviseStopping({
      objectives: maximize,
      reached: [seen],
      proposals: forecasts([10], 2, 1),
      budget: 1,
      widening: [1],
    }).figures;
    expect(expectedGain! * 5).toBeCloseTo(2 / Math.sqrt(2 * Math.PI), 0);
    expect(noiseGain! * 5).toBeCloseTo(1, 10);
  });

  test('believes models that were too sure less', () => {
    const ask = (widening: number) =>
      adviseStopping({
        objectives: maximize,
        reached: [seen],
        proposals: forecasts([9, 9, 9], 0.5, 0.3),
        budget: 3,
        widening: [widening],
      });
    expect(ask(1).verdict).toBe('stop');
    expect(ask(4).verdict).toBe('go_on');
  });

  test('knows when all criteria are met, and when they hardly can be', () => {
    const ask = (least: number, mean: number) =>
      adviseStopping({
        objectives: [{ target: 'strength', goal: 'meet', criterion: { operator: 'gte', value: least } }],
        reached: [seen],
        proposals: forecasts([mean], 1, 0.1),
        budget: 5,
        widening: [1],
      });
    expect(ask(9, 5).code).toBe('goal_reached');
    expect(ask(12, 5).code).toBe('criteria_out_of_reach');
    expect(ask(12, 11.5).code).toBe('criteria_within_reach');
    expect(
      adviseStopping({
        objectives: maximize,
        reached: [Float64Array.of(NaN)],
        proposals: forecasts([1], 1, 1),
        budget: 1,
        widening: [1],
      }).verdict,
    ).toBe('wait');
  });

  test('looks at the front of several objectives', () => {
    const ask = (mean: number) =>
      adviseStopping({
        objectives: [...maximize, { target: 'cost', goal: 'minimize' }],
        reached: [seen, seen],
        proposals: [
          [
            { mean, modelSd: 0.2, measurementSd: 0.3 },
            { mean: 5, modelSd: 0.2, measurementSd: 0.3 },
          ],
        ],
        budget: 1,
        widening: [1, 1],
      });
    expect(ask(9).verdict).toBe('go_on');
    expect(ask(2).verdict).toBe('stop');
  });
});
