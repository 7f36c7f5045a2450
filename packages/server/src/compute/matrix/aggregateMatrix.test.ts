import { aggregationLevels, type CellValue } from '@athanor/schema';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { aggregateMatrix } from './aggregateMatrix.ts';
import { decodeMatrix, encodeMatrix, type ExperimentMatrix } from './experimentMatrix.ts';

/** A matrix with one property and one parameter; materials, lots and values as given. */
function matrixOf(
  rows: readonly { inventory: string; lot: string | null; value: number | null }[],
): ExperimentMatrix {
  const columns: CellValue[][] = [
    rows.map(({ value }) => value),
    rows.map((_, i) => (i % 2 === 0 ? 'x' : 'y')),
  ];
  const variable = { name: 'v', unit: null, count: 0, headers: [] };
  return {
    rows: rows.map(({ inventory, lot }, i) => ({ datasetId: 'DST1', row: i + 1, inventory, lot })),
    variables: [
      { ...variable, key: 'p', type: 'property', data_type: 'numeric' },
      { ...variable, key: 'q', type: 'parameter', data_type: 'categorical' },
    ],
    columns,
    schema: { rowCount: rows.length, variables: [], targets: [], datasets: [], warnings: [] },
  };
}

const anyRows = fc.array(
  fc.record({
    inventory: fc.constantFrom('F1', 'F2', 'F3'),
    lot: fc.constantFrom('L1', 'L2', null),
    value: fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true })),
  }),
  { maxLength: 40 },
);

it('loses no measurement at any level, and weighs the means back to the mean of all', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const present = rows.map(({ value }) => value).filter((value) => value !== null);
      const sum = present.reduce((a, b) => a + b, 0);
      for (const level of aggregationLevels) {
        const { data, counts, identifiers, uncertainty } = aggregateMatrix(matrixOf(rows), level, [], []);
        const keys = identifiers.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        expect(data.index).toEqual(keys);
        const total = counts.data.reduce((a, row) => a + (row[0] as number), 0);
        expect(total).toBe(present.length);
        const weighed = data.data.reduce(
          (a, row, i) => a + (row[0] as number) * (counts.data[i]![0] as number),
          0,
        );
        expect(Math.abs(weighed - sum)).toBeLessThanOrEqual(
          1e-6 * (1 + present.reduce((a, b) => a + Math.abs(b), 0)),
        );
        uncertainty.data.forEach((row, i) => {
          expect(row[0] === null).toBe((counts.data[i]![0] as number) < 2);
          expect(row[1]).toBeNull();
        });
      }
    }),
  );
});

it('takes the same rows and variables whatever else is asked for', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const matrix = matrixOf(rows);
      const all = aggregateMatrix(matrix, 'lot', [], []);
      const wanted = all.data.index.slice(0, 2);
      const some = aggregateMatrix(matrix, 'lot', wanted.length === 0 ? ['none'] : wanted, ['q', 'nobody']);
      expect(some.data.index).toEqual(wanted);
      expect(some.data.columns).toEqual(['q']);
      expect(some.data.data).toEqual(all.data.data.slice(0, wanted.length).map((row) => [row[1]]));
    }),
  );
});

it('is stored as it is, and refuses other bytes', () => {
  const matrix = matrixOf([{ inventory: 'F1', lot: null, value: 1.5 }]);
  expect(decodeMatrix(encodeMatrix(matrix))).toEqual(matrix);
  expect(() => decodeMatrix(new TextEncoder().encode('{}'))).toThrow('not a matrix');
});
