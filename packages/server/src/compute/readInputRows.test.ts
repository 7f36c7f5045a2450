import type { Variable } from '@athanor/schema';
import { expect, it } from 'vitest';
import { readInputRows } from './readInputRows.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const variable = (key: string, dataType: Variable['dataType']) => ({ key, dataType }) as Variable;

it('takes the inputs by name, in the data type of the dataset, and leaves the rest alone', async () => {
  const table = bytes(
    'note,grade,dose,yield\nfirst,5,1.5,80\nsecond,7,,81\nthird,5,2,82\nfourth,5,2,failed\n',
  );
  const rows = await readInputRows(table, 'rows.csv', [
    variable('dose', 'numeric'),
    variable('grade', 'categorical'),
    variable('absent', 'numeric'),
  ]);
  expect(rows).toEqual([
    { grade: '5', dose: 1.5 },
    { grade: '7', dose: null },
    { grade: '5', dose: 2 },
    { grade: '5', dose: 2 },
  ]);
});

it('takes every column as it looks when nothing is known of the inputs', async () => {
  const rows = await readInputRows(bytes('a;b\n1,5;x\n2,5;y\n'), 'rows.csv', []);
  expect(rows).toEqual([
    { a: 1.5, b: 'x' },
    { a: 2.5, b: 'y' },
  ]);
});

it('refuses what is no table with place and remedy, as a problem that a person can be told', async () => {
  await expect(readInputRows(bytes('a,b\n'), 'rows.csv', [])).rejects.toMatchObject({
    items: [
      { code: 'TABLE_WITHOUT_ROWS', location: { file: 'rows.csv' }, fix: expect.stringMatching(/row/) },
    ],
  });
});
