import { expect, test } from 'vitest';
import { tableOf } from '../conformance/tableOf.ts';
import { takeInputRows, type Inputs } from '../models/inputs.ts';
import { sessionInputs } from '../session/sessionInputs.ts';
import { applicabilityJudge } from './applicabilityJudge.ts';

test('a level that no row has is outside, unless all levels that may come are known', () => {
  const rows = Array.from({ length: 21 }, (_, i) => i);
  const table = tableOf({
    solvent: { cells: rows.map((i) => `solvent ${i}`), type: 'parameter' },
    hours: { cells: rows.map((i) => i % 2), type: 'parameter' },
  });
  const { inputs } = sessionInputs(table, ['solvent', 'hours']);
  const judge = (given: Inputs) =>
    applicabilityJudge(takeInputRows(given, Int32Array.from(rows.slice(0, 20))))(
      takeInputRows(given, Int32Array.of(20)),
    )[0]!;
  expect(judge(inputs)).toMatchObject({ class: 'outside', reasons: ['solvent was never solvent 20'] });
  const closed = { ...inputs, columns: inputs.columns.map((input) => ({ ...input, isClosed: true })) };
  expect(judge(closed)).toMatchObject({ class: 'inside', reasons: [] });
});
