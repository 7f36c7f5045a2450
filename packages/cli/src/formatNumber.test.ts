import { describe, expect, test } from 'vitest';
import { formatDuration } from './formatDuration.ts';
import { formatNumber } from './formatNumber.ts';
import { formatTable } from './formatTable.ts';

describe('formatNumber', () => {
  test.each([
    [5.4, '5.40'],
    [16.7049, '16.7'],
    [0.0123456, '0.0123'],
    [1234.5, '1235'],
    [0, '0'],
    [-2.5, '-2.50'],
    [3.2e7, '3.20e+7'],
    [4e-6, '4.00e-6'],
    [Number.NaN, '–'],
  ])('%d reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatDuration', () => {
  test.each([
    [0.42, '0.4 s'],
    [12.3, '12 s'],
    [200, '3 min 20 s'],
    [7500, '2 h 05 min'],
  ])('%d seconds read %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatTable', () => {
  test('columns line up, also with combining marks and right-aligned numbers', () => {
    const text = formatTable(
      [{ title: 'name' }, { title: 'n', align: 'right' }],
      [
        ['a', '1'],
        ['é'.normalize('NFD') + 'xyz', '100'],
      ],
    );
    expect(text.normalize('NFC')).toBe('name    n\na       1\néxyz  100');
  });
});
