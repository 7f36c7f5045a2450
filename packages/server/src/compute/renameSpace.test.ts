import type { SearchSpace } from '@athanor/schema';
import { expect, it } from 'vitest';
import { textsOf } from './moleculeNames.ts';
import { renameSpace } from './renameSpace.ts';

const space: SearchSpace = {
  variables: [
    { kind: 'category', key: 'solvent', levels: ['OCC', 'CCO', 'O'] },
    { kind: 'parameter', key: 'temperature', lower: 20, upper: 80 },
  ],
  constraints: [
    { kind: 'fixed', key: 'solvent', value: 'OCC' },
    {
      kind: 'ifThen',
      when: [{ key: 'solvent', is: { operator: 'in-set', value: ['OCC', 'O'] } }],
      must: [{ key: 'temperature', is: { operator: 'lte', value: 60 } }],
    },
    { kind: 'forbidden', conditions: [{ key: 'solvent', is: { operator: 'in-set', value: ['OCC'] } }] },
    { kind: 'budget', prices: {}, levelPrices: { solvent: { OCC: 2 } }, max: 5 },
    { kind: 'exclude', rows: [{ solvent: 'OCC', temperature: 20 }] },
    { kind: 'total', value: 100 },
  ],
  candidates: [{ solvent: 'OCC', temperature: 30 }],
};

it('reaches every text of a search space, and levels of one name become one', () => {
  const renamed = renameSpace(space, (key, text) => (key === 'solvent' && text === 'OCC' ? 'CCO' : text));
  expect(JSON.stringify(renamed)).toBe(
    JSON.stringify(space).replaceAll('OCC', 'CCO').replace('["CCO","CCO","O"]', '["CCO","O"]'),
  );
});

it('tells which texts there are in which column', () => {
  expect(textsOf(space, [{ solvent: 'CC(O)', temperature: 3, note: null }])).toEqual({
    solvent: ['OCC', 'CCO', 'O', 'CC(O)'],
  });
});
