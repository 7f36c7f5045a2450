import { describe, expect, test } from 'vitest';
import type { Variable } from '@athanor/schema';
import { resolveColumn } from './resolveColumn.ts';

const variable = (key: string, name: string): Variable => ({
  key,
  name,
  type: 'parameter',
  dataType: 'numeric',
  role: 'input',
  unit: null,
  range: null,
  bounds: null,
  levels: null,
  distinctCount: 2,
  missingCount: 0,
  overridden: [],
  warnings: [],
});
const variables = [
  variable('Strength', 'Strength'),
  variable('Tensile strength (MPa)', 'Tensile strength'),
  variable('Age (d)', 'Age'),
  variable('Flow early', 'Flow early'),
  variable('Flow late', 'Flow late'),
];

describe('resolveColumn', () => {
  test('an exact header wins over one that merely contains it', () => {
    expect(resolveColumn('Strength', variables)).toBe('Strength');
  });
  test('the name without its unit is enough, in any case', () => {
    expect(resolveColumn('tensile STRENGTH', variables)).toBe('Tensile strength (MPa)');
  });
  test('a part is enough when only one header has it', () => {
    expect(resolveColumn('tensile', variables)).toBe('Tensile strength (MPa)');
  });
  test('a part that fits two headers is refused with both', () => {
    expect(() => resolveColumn('flow', variables)).toThrow(/"Flow early", "Flow late"/);
  });
  test('a word that fits nothing is refused with the columns there are', () => {
    expect(() => resolveColumn('colour', variables)).toThrow(/no column "colour"/);
  });
});
