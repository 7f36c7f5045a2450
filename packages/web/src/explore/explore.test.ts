import type { Variable } from '@athanor/schema';
import { expect, it } from 'vitest';
import { effectGrids } from './effectGrid.ts';
import { centralRow, exploreSpace, inputsOfRow, moveInput, setInputs } from './exploreSpace.ts';
import { leastTrusted } from './leastTrusted.ts';

const variable = (key: string, fields: Partial<Variable> = {}): Variable => ({
  key,
  name: key,
  type: 'material_amount',
  dataType: 'numeric',
  role: 'input',
  unit: '%',
  range: { min: 0, max: 80 },
  bounds: null,
  levels: null,
  distinctCount: 3,
  missingCount: 0,
  overridden: [],
  warnings: [],
  ...fields,
});
const variables = [
  variable('a'),
  variable('b'),
  variable('c'),
  variable('T', { type: 'parameter', unit: 'C', range: { min: 20, max: 90 } }),
  variable('kind', { type: 'parameter', dataType: 'categorical', range: null, levels: ['x', 'y'] }),
];
const columns = ['a', 'b', 'c', 'T', 'kind', 'y'];
const rows = [
  [80, 20, null, 20, 'x', 1],
  [30, 40, 30, 55, 'y', 2],
  [10, 10, 80, 90, 'x', 3],
];
const space = exploreSpace(variables, ['a', 'b', 'c', 'T', 'kind'], columns, rows);
const sum = (row: Record<string, unknown>): number => Number(row['a']) + Number(row['b']) + Number(row['c']);

it('begins at a row in the middle of the table, with the inputs only', () => {
  expect(centralRow(space, columns, rows)).toBe(1);
  expect(inputsOfRow(space, columns, rows[0]!)).toEqual({ a: 80, b: 20, c: 0, T: 20, kind: 'x' });
});

it('keeps the sum when an amount moves, and moves nothing else when a setting does', () => {
  const start = inputsOfRow(space, columns, rows[1]!);
  const moved = moveInput(space, start, 'a', 60);
  expect(sum(moved)).toBeCloseTo(100, 9);
  expect(Number(moved['b']) / Number(moved['c'])).toBeCloseTo(40 / 30, 6);
  expect(moveInput(space, start, 'T', 70)).toEqual({ ...start, T: 70 });
  const held = moveInput(space, start, 'a', 50, new Set(['b']));
  expect(held).toMatchObject({ a: 50, b: 40 });
  expect(held['c']).toBeCloseTo(10, 9);
});

it('draws every input as a line of rows that all close', () => {
  const grids = effectGrids(space, inputsOfRow(space, columns, rows[1]!));
  expect(grids.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'T', 'kind']);
  for (const grid of grids) for (const row of grid.rows) expect(sum(row)).toBeCloseTo(100, 8);
  expect(grids[4]!.values).toEqual(['x', 'y']);
});

it('has no row where two amounts are already more than everything', () => {
  const start = inputsOfRow(space, columns, rows[1]!);
  expect(setInputs(space, start, { a: 70, b: 50 })).toBeNull();
  expect(setInputs(space, start, { a: 70, b: 10 })!['c']).toBeCloseTo(20, 9);
  expect(setInputs(space, start, { a: 20, b: 20, c: 20 })).toBeNull();
});

it('the target that can be trusted least speaks for a row', () => {
  const judged = (kind: 'inside' | 'edge' | 'outside' | 'unknown') => ({
    target: kind,
    unit: null,
    predictions: [
      {
        mean: 1,
        standardDeviation: 1,
        modelStandardDeviation: 1,
        interval: { lower: 0, upper: 2, level: 0.9 },
        applicability: { score: null, class: kind, reasons: [], nearest: { row: 1, distance: 0 } },
      },
    ],
  });
  const reply = (...kinds: Parameters<typeof judged>[0][]) => ({
    model: { id: 'MDL1', name: 'Ensemble' },
    targets: kinds.map(judged),
    warnings: [],
  });
  expect(leastTrusted(reply('inside', 'outside', 'edge'))?.class).toBe('outside');
  expect(leastTrusted(reply('inside', 'unknown'))?.class).toBe('unknown');
  expect(leastTrusted(undefined)).toBeUndefined();
});
