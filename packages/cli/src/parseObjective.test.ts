import type { Variable } from '@athanor/schema';
import { expect, test } from 'vitest';
import { parseObjectives } from './parseObjective.ts';

const variables = ['strength (MPa)', 'slump (cm)'].map(
  (key) => ({ key, name: key.split(' ')[0]! }) as Variable,
);
const none = { maximize: [], minimize: [], match: [], require: [], wish: [] };

test('every way to say what is wanted is understood', () => {
  const objectives = parseObjectives(
    {
      maximize: ['strength'],
      minimize: ['slump'],
      match: ['slump=12'],
      require: ['slump>=10', 'strength = 40..60'],
      wish: ['slump=10,12,14'],
    },
    variables,
  );
  expect(objectives).toEqual([
    { target: 'strength (MPa)', goal: 'maximize' },
    { target: 'slump (cm)', goal: 'minimize' },
    { target: 'slump (cm)', goal: 'match', value: 12 },
    { target: 'slump (cm)', goal: 'meet', criterion: { operator: 'gte', value: 10 }, isRequired: true },
    {
      target: 'strength (MPa)',
      goal: 'meet',
      criterion: { operator: 'between', value: { min: 40, max: 60 } },
      isRequired: true,
    },
    {
      target: 'slump (cm)',
      goal: 'meet',
      criterion: { operator: 'in-set', value: [10, 12, 14] },
      isRequired: false,
    },
  ]);
});

test.each([{ require: ['slump'] }, { match: ['slump>=3'] }, { require: ['slump>=high'] }, {}])(
  'what says nothing is refused with the form to use: %j',
  (texts) => {
    expect(() => parseObjectives({ ...none, ...texts }, variables)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  },
);
