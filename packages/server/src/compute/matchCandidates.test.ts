import { typeTable } from '@athanor/engine';
import type { DesignPayload, InputRow } from '@athanor/schema';
import { expect, test } from 'vitest';
import { matchCandidates } from './matchCandidates.ts';

const space: DesignPayload['space'] = {
  variables: [
    { kind: 'amount', key: 'resin', lower: 0, upper: 80, step: 0.5 },
    { kind: 'parameter', key: 'time', lower: 0, upper: 200 },
    { kind: 'discrete', key: 'mesh', values: [80, 120] },
    { kind: 'category', key: 'solvent', levels: ['water', 'ethanol'] },
  ],
  constraints: [],
};
const proposed: InputRow[] = [
  { resin: 10, time: 100, mesh: 80, solvent: 'water' },
  { resin: 10.5, time: 100, mesh: 80, solvent: 'water' },
  { resin: 0, time: 50, mesh: 120, solvent: 'ethanol' },
];
const candidates = proposed.map((inputs, i) => ({ rank: i + 1, inputs })) as DesignPayload['candidates'];

function match(rows: (string | number | null)[][], firstRow = 0, marks = new Map<number, number | null>()) {
  const header = ['resin', 'time', 'mesh', 'solvent'];
  const table = typeTable(
    {
      format: { kind: 'xlsx', encoding: null, delimiter: null, decimalMark: null, sheet: null, headerRow: 1 },
      columns: header.map((name, j) => ({ header: name, cells: rows.map((row) => row[j]!) })),
      rowCount: rows.length,
      fileRows: Int32Array.from(rows.keys()),
      warnings: [],
    },
    [],
  );
  return matchCandidates(table, { space, candidates }, firstRow, marks).map(
    ({ row, rank, matchedBy }) => [row, rank, matchedBy] as const,
  );
}

test('rows within half a step are the candidate that is nearest', () => {
  const rows = [
    [10.2, 100, 80, 'water'],
    [10.3, 100, 80, 'water'],
    [9.7, 100, 80, 'water'],
  ];
  expect(match(rows)).toEqual([
    [0, 1, 'inputs'],
    [1, 2, 'inputs'],
  ]);
});

test('settings without steps may be missed by a two-hundredth of their range, listed ones by nothing', () => {
  const rows = [
    [10, 101, 80, 'water'],
    [10, 101.1, 80, 'water'],
    [10, 100, 81, 'water'],
    [10, 100, 80, 'ethanol'],
  ];
  expect(match(rows)).toEqual([[0, 1, 'inputs']]);
});

test('an amount that is not named was not used; any other missing input matches nothing', () => {
  const rows = [
    [null, 50, 120, 'ethanol'],
    [0, null, 120, 'ethanol'],
    [10, 100, 80, null],
    [12, 100, 80, 'water'],
  ];
  expect(match(rows)).toEqual([[0, 3, 'inputs']]);
});

test('what was said of a row counts more than what it is made of, and former rows are left out', () => {
  const rows = [
    [10, 100, 80, 'water'],
    [10, 100, 80, 'water'],
    [33, 1, 120, 'ethanol'],
    [10.5, 100, 80, 'water'],
  ];
  const marks = new Map([
    [2, 3],
    [3, null],
  ]);
  expect(match(rows, 1, marks)).toEqual([
    [1, 1, 'inputs'],
    [2, 3, 'mark'],
  ]);
});
