import { expect, test } from 'vitest';
import type { NormalPosterior } from '../posteriors/posterior.ts';
import { createGenerator } from '../random/createGenerator.ts';
import type { HeldOutFold } from './heldOutFold.ts';
import { weighEnsemble, type EnsembleCandidate } from './weighEnsemble.ts';

const foldCount = 5;

/** Candidates whose predictions miss y by errors of the given spread, all they say of it; drawn apart for each. */
function candidatesOf(y: Float64Array, spreads: readonly number[], baseline = -1): EnsembleCandidate[] {
  return spreads.map((spread, m) => {
    const generator = createGenerator(`candidate ${m}`);
    const errors = y.map(() => spread * generator.normal());
    const folds = Array.from({ length: foldCount }, (_, fold): HeldOutFold => {
      const rows = Int32Array.from(y.keys()).filter((i) => i % foldCount === fold);
      const measurementSd = new Float64Array(rows.length).fill(spread);
      const posterior: NormalPosterior = {
        kind: 'normal',
        mean: Float64Array.from(rows, (i) => (m === baseline ? 0 : y[i]! + errors[i]!)),
        modelSd: measurementSd,
        measurementSd,
      };
      return { repeat: 0, rows, posterior };
    });
    return { folds, family: `family ${m}`, isBaseline: m === baseline };
  });
}

function targets(n: number): Float64Array {
  const generator = createGenerator('targets');
  return Float64Array.from({ length: n }, () => 10 * generator.normal());
}

const sumOf = (weights: Float64Array) => weights.reduce((sum, weight) => sum + weight, 0);

test('weights are shares, and good models have more of it than bad ones', () => {
  const y = targets(1000);
  const { all, outside } = weighEnsemble(candidatesOf(y, [1, 1, 1.4, 9]), y);
  for (const weights of [all, ...outside]) expect(sumOf(weights)).toBeCloseTo(1, 12);
  expect(outside).toHaveLength(foldCount);
  // Errors are independent, so both good ones help, and the last is beyond one and a half times the best.
  expect(Math.abs(all[0]! - all[1]!)).toBeLessThan(0.25);
  expect(all[2]!).toBeLessThan(Math.min(all[0]!, all[1]!));
  expect(all[3]).toBe(0);
});

test('the fewer the rows, the more the weights are drawn towards equal ones', () => {
  const least = (n: number) => {
    const y = targets(n);
    return Math.min(...weighEnsemble(candidatesOf(y, [1, 1, 1]), y).all);
  };
  for (const [n, share] of [
    [30, 0.6],
    [60, 20 / 60],
    [200, 20 / 200],
  ] as const)
    expect(least(n)).toBeGreaterThanOrEqual(share / 3 - 1e-12);
});

test('many of one kind have no more of the even weights than one of another', () => {
  const y = targets(60);
  const candidates = candidatesOf(y, [1, 1, 1, 1]).map((one, m) => ({
    ...one,
    family: m < 3 ? 'alike' : 'other',
  }));
  const { all } = weighEnsemble(candidates, y);
  expect(all[3]!).toBeGreaterThanOrEqual(1 / 6 - 1e-12);
  for (const weight of all.subarray(0, 3)) expect(weight).toBeGreaterThanOrEqual(1 / 18 - 1e-12);
});

test('what happened in a fold has no part in the weights that judge it', () => {
  const y = targets(100);
  const before = weighEnsemble(candidatesOf(y, [1, 1.2, 1.3]), y).outside;
  const changed = candidatesOf(y, [1, 1.2, 1.3]).map(({ folds, ...rest }, m) => ({
    ...rest,
    folds: folds.map((fold, f) =>
      f !== 2
        ? fold
        : {
            ...fold,
            posterior: {
              ...fold.posterior,
              mean: (fold.posterior as NormalPosterior).mean.map((value) => value + 40 * m),
            } as NormalPosterior,
          },
    ),
  }));
  const after = weighEnsemble(changed, y);
  expect(after.outside[2]).toEqual(before[2]);
  expect(after.outside[0]).not.toEqual(before[0]);
});

test('the mean takes part only where nothing is far better, and alone where nothing is better', () => {
  const y = targets(400);
  expect(weighEnsemble(candidatesOf(y, [1, 10], 1), y).all).toEqual(Float64Array.of(1, 0));
  expect(weighEnsemble(candidatesOf(y, [30, 10], 1), y).all).toEqual(Float64Array.of(0, 1));
});

test('of few settings with many repeats the mean is judged as the others are: by settings it has not seen', () => {
  const settings = [-3, -1, 1, 3];
  const y = Float64Array.from({ length: 40 }, (_, i) => settings[i % 4]! + 0.01 * i);
  const said = (share: number): HeldOutFold[] =>
    settings.map((setting, fold) => {
      const rows = Int32Array.from(y.keys()).filter((i) => i % 4 === fold);
      const sd = new Float64Array(rows.length).fill(3);
      const mean = new Float64Array(rows.length).fill(share * setting);
      return { repeat: 0, rows, posterior: { kind: 'normal', mean, modelSd: sd, measurementSd: sd } };
    });
  // The mean of three settings errs by 4/3 of the fourth; of all rows, which nobody held out, by 1.
  const candidates = [
    { folds: said(-1 / 3), family: 'mean', isBaseline: true },
    { folds: said(-0.1), family: 'trees', isBaseline: false },
  ];
  expect(weighEnsemble(candidates, y).all[1]!).toBeGreaterThan(0.9);
});

test('the unit of the target has no part in the weights', () => {
  const y = targets(120);
  const usual = weighEnsemble(candidatesOf(y, [1, 1.1, 1.2]), y).all;
  for (const unit of [2 ** 900, 2 ** -900]) {
    const scaled = candidatesOf(y, [1, 1.1, 1.2]).map(({ folds, ...rest }) => ({
      ...rest,
      folds: folds.map((fold) => {
        const { mean, measurementSd } = fold.posterior as NormalPosterior;
        const sd = measurementSd.map((value) => value * unit);
        const posterior: NormalPosterior = {
          kind: 'normal',
          mean: mean.map((value) => value * unit),
          modelSd: sd,
          measurementSd: sd,
        };
        return { ...fold, posterior };
      }),
    }));
    expect(
      weighEnsemble(
        scaled,
        y.map((value) => value * unit),
      ).all,
    ).toEqual(usual);
  }
});

test('a few wild rows, of which all models are as far off, do not make bad models look as good as the best', () => {
  const y = targets(60);
  const candidates = candidatesOf(y, [0.5, 2]);
  for (const i of [4, 31]) y[i]! += 200;
  const { all, outside } = weighEnsemble(candidates, y);
  for (const weights of [all, ...outside]) expect(weights[1]).toBe(0);
});
