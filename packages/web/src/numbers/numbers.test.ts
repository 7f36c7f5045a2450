import { describe, expect, it } from 'vitest';
import { formatChance } from './formatChance.ts';
import { formatDuration } from './formatDuration.ts';
import { formatNumber } from './formatNumber.ts';
import { formatValue } from './formatValue.ts';
import { rankCorrelation } from './rankCorrelation.ts';
import { readableTime } from './readableTime.ts';

describe('numbers for people', () => {
  it('have the digits that matter and a proper minus', () => {
    expect(formatNumber(5.3472)).toBe('5.35');
    expect(formatNumber(-0.0021)).toBe('−0.00210');
    expect(formatNumber(-0.0021, 3, { isExact: true })).toBe('−0.0021');
    expect(formatNumber(123456)).toBe('123456');
    expect(formatNumber(1.2e-7)).toBe('1.20e−7');
    expect(formatNumber(3e9, 3, { isExact: true })).toBe('3e9');
    expect(formatNumber(540, 6, { isExact: true })).toBe('540');
    expect(formatNumber(0)).toBe('0');
    for (const nothing of [null, undefined, Number.NaN, Infinity]) expect(formatNumber(nothing)).toBe('–');
  });

  it('say how long in the unit that fits', () => {
    expect([0.04, 9.96, 59.7, 185, 7800].map(formatDuration)).toEqual([
      '0.0 s',
      '10.0 s',
      '1 min 00 s',
      '3 min 05 s',
      '2 h 10 min',
    ]);
  });
});

describe('cells and records for people', () => {
  it('show dates as dates and gaps as a dash', () => {
    const unit = 'days since 1970-01-01';
    expect(formatValue(20488, unit, 5)).toBe('2026-02-04');
    expect(formatValue(20488.5625, unit, 5)).toBe('2026-02-04 13:30');
    expect(formatValue(20488, 'rpm', 5)).toBe('20488');
    expect(formatValue('BASF', null, 5)).toBe('BASF');
    expect(formatValue(null, null, 5)).toBe('–');
  });

  it('never claim certainty', () => {
    expect([1, 0.9951, 0.99, 0.934, 0.004, null].map(formatChance)).toEqual([
      '> 99 %',
      '> 99 %',
      '99 %',
      '93 %',
      '< 1 %',
      '–',
    ]);
  });

  it('read the time that a record holds', () => {
    expect(['119.5 s', '0.4 s', '00:01:10', undefined].map(readableTime)).toEqual([
      '2 min 00 s',
      '0.4 s',
      '00:01:10',
      '–',
    ]);
  });
});

describe('rank correlation', () => {
  it('sees order and nothing else, and leaves out rows with a gap', () => {
    expect(rankCorrelation([1, 2, 3, 4], [1, 8, 27, 64])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, null, 4], [9, 5, 100, 1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(rankCorrelation([1, null], [2, 3])).toBeNull();
  });

  it('gives tied values their mean rank', () => {
    // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
    expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });
});
