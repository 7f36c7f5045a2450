import { expect, test } from 'vitest';
import { orderLevels } from './orderLevels.ts';

test('steps of a scale are put in their order, however they are written', () => {
  expect(orderLevels(['high', 'low', 'medium'])).toEqual(['low', 'medium', 'high']);
  expect(orderLevels(['Very High', 'LOW', 'very_low', 'Normal'])).toEqual([
    'very_low',
    'LOW',
    'Normal',
    'Very High',
  ]);
  expect(orderLevels(['L', 'S', 'M', 'XL'])).toEqual(['S', 'M', 'L', 'XL']);
  expect(orderLevels(['strong', 'none', 'slight'])).toEqual(['none', 'slight', 'strong']);
  expect(orderLevels(['coarse', 'fine', 'medium'])).toEqual(['fine', 'medium', 'coarse']);
});

test('ranges of numbers with one unit are in the order of the numbers', () => {
  expect(orderLevels(['>10 um', '5-10 um', '<5 um'])).toEqual(['<5 um', '5-10 um', '>10 um']);
  expect(orderLevels(['100-200', '20 to 50', '50-100'])).toEqual(['20 to 50', '50-100', '100-200']);
});

test('names, two levels, two words for one step and mixed units have no order', () => {
  for (const levels of [
    ['low', 'high'],
    ['THF', 'DMF', 'MeCN'],
    ['P1-L1', 'P1-L2', 'P2-L1'],
    ['grade 1', 'grade 2', 'grade 3'],
    ['low', 'medium', 'middle', 'high'],
    ['low', 'medium', 'other'],
    ['<5 um', '5-10 um', '10-20 mm'],
    [],
  ])
    expect(orderLevels(levels)).toBeNull();
});
