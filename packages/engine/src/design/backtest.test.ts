import { describe, expect, it } from 'vitest';
import { tableOf } from '../conformance/tableOf.ts';
import { backtest, type BacktestRequest } from './backtest.ts';

const grid = Array.from({ length: 100 }, (_, i) => [(i % 10) / 9, Math.floor(i / 10) / 9] as const);
const table = tableOf({
  x: { cells: grid.map(([x]) => x) },
  z: { cells: grid.map(([, z]) => z) },
  y: { cells: grid.map(([x, z]) => 10 - 20 * (x - 0.3) ** 2 - 15 * (z - 0.7) ** 2), role: 'target' },
});
const request: BacktestRequest = {
  table,
  target: 'y',
  goal: 'maximize',
  ignore: [],
  startCount: 5,
  batchSize: 5,
  budget: 30,
  campaigns: 2,
  policies: ['balanced', 'exploit'],
  seed: 1,
};

describe('backtest', () => {
  const report = backtest(request, () => {});

  it('finds the best of a smooth table much sooner than chance', () => {
    const [balanced, exploit, chance] = report.policies;
    for (const record of [balanced!, exploit!]) {
      expect(record.enhancement).toBeGreaterThan(2);
      expect(record.acceleration).toBeGreaterThan(2);
      expect(record.best.at(-1)).toBeGreaterThan(9.9);
    }
    expect(chance).toMatchObject({ policy: 'random', enhancement: 1, acceleration: 1 });
    expect(['balanced', 'exploit']).toContain(report.bestPolicy);
  });

  it('expects of chance what the mean of the table is at first and its best at last', () => {
    const y = (table.columns[2] as { values: Float64Array }).values;
    const whole = backtest({ ...request, policies: [], budget: 100 }, () => {});
    const [chance] = whole.policies;
    const mean = y.reduce((sum, value) => sum + value / y.length, 0);
    expect(chance!.best[0]).toBeCloseTo(mean, 10);
    expect(chance!.best.at(-1)).toBeCloseTo(Math.max(...y), 10);
  });

  it('tells within what campaigns and chance lie, around their means', () => {
    for (const { best, bestLower, bestUpper } of report.policies) {
      best.forEach((mean, i) => {
        expect(bestLower[i]).toBeLessThanOrEqual(mean + 1e-9);
        expect(bestUpper[i]).toBeGreaterThanOrEqual(mean - 1e-9);
      });
    }
    const y = [...(table.columns[2] as { values: Float64Array }).values].sort((a, b) => a - b);
    const { policies } = backtest({ ...request, policies: [], budget: 100 }, () => {});
    const [{ bestLower, bestUpper }] = policies as [(typeof policies)[number]];
    // One draw: a tenth of the table is above the upper end, a tenth below the lower; all draws: the best.
    expect([bestLower[0], bestUpper[0]]).toEqual([y[10], y[90]]);
    expect([bestLower.at(-1), bestUpper.at(-1)]).toEqual([y.at(-1), y.at(-1)]);
    const low = backtest({ ...request, policies: [], goal: 'minimize', budget: 100 }, () => {}).policies[0]!;
    expect([low.bestLower[0], low.bestUpper[0]]).toEqual([y[9], y[89]]);
    expect(low.bestUpper.at(-1)).toBe(y[0]);
  });

  it('refuses what cannot be replayed', () => {
    expect(() => backtest({ ...request, target: 'w' }, () => {})).toThrow(
      expect.objectContaining({ code: 'COLUMN_UNKNOWN' }),
    );
  });
});
