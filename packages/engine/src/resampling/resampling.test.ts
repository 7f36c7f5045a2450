import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { matrixFromRows } from '../linalg/matrix.ts';
import { takeInputRows, type InputColumn, type Inputs } from '../models/inputs.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { clusterRows } from './clusterRows.ts';
import { chooseFoldCount, interpolationFolds, type Folds } from './folds.ts';
import { findGroups } from './groups.ts';
import { newIngredientFolds } from './newIngredientFolds.ts';
import { newRegionFolds } from './newRegionFolds.ts';

function amount(key: string, values: number[]): InputColumn {
  return {
    column: { kind: 'numeric', key, values: Float64Array.from(values) },
    bounds: null,
    isAmount: true,
  };
}

function categorical(key: string, cells: string[]): InputColumn {
  const levels = [...new Set(cells)];
  const codes = Int32Array.from(cells, (cell) => levels.indexOf(cell));
  return { column: { kind: 'categorical', key, codes, levels }, bounds: null, isAmount: false };
}

function inputsOf(rowCount: number, ...columns: InputColumn[]): Inputs {
  return { rowCount, columns };
}

function shuffledRows(n: number, seed: number): Int32Array {
  return createGenerator(seed).shuffle(Int32Array.from({ length: n }, (_, i) => i));
}

/** For every repeat and fold, a group is wholly inside or wholly outside. */
function expectNoGroupStraddles({ repeats }: Folds, groups: Int32Array): void {
  for (const repeat of repeats) {
    const foldOfGroup = new Map<number, number>();
    repeat.forEach((fold, i) => {
      const known = foldOfGroup.get(groups[i]!) ?? fold;
      foldOfGroup.set(groups[i]!, fold);
      expect(fold).toBe(known);
    });
  }
}

test('the number of folds and repeats falls with the number of groups', () => {
  expect([3, 25, 26, 60, 61, 200, 201, 1000, 1001, 5000, 5001].map(chooseFoldCount)).toEqual([
    { folds: 3, repeats: 1 },
    { folds: 25, repeats: 1 },
    { folds: 5, repeats: 4 },
    { folds: 5, repeats: 4 },
    { folds: 5, repeats: 3 },
    { folds: 5, repeats: 3 },
    { folds: 5, repeats: 2 },
    { folds: 5, repeats: 2 },
    { folds: 5, repeats: 1 },
    { folds: 5, repeats: 1 },
    { folds: 3, repeats: 1 },
  ]);
});

test('every row is held out once a repeat, groups stay together, and folds are balanced in size and target', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 120 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(),
      (groupCount, size, seed) => {
        const generator = createGenerator(seed);
        const n = groupCount * size;
        const groups = Int32Array.from({ length: n }, (_, i) => i % groupCount);
        const y = Float64Array.from({ length: n }, (_, i) => groups[i]! + 0.1 * generator.normal());
        const folds = interpolationFolds(y, groups, groupCount, generator);
        expectNoGroupStraddles(folds, groups);
        const { folds: k, repeats } = chooseFoldCount(groupCount);
        expect(folds.repeats).toHaveLength(repeats);
        for (const repeat of folds.repeats) {
          const sizes = new Float64Array(k);
          const sums = new Float64Array(k);
          repeat.forEach((fold, i) => {
            sizes[fold]! += 1 / size;
            sums[fold]! += y[i]!;
          });
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(1.001);
          // Means of folds differ by no more than a block of groups does.
          if (k === 5) {
            const means = sums.map((sum, fold) => sum / (sizes[fold]! * size));
            expect(Math.max(...means) - Math.min(...means)).toBeLessThan(5.5 + groupCount / 20);
          }
        }
        expect(interpolationFolds(y, groups, groupCount, createGenerator(seed))).toEqual(
          interpolationFolds(y, groups, groupCount, createGenerator(seed)),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('shuffling the rows of a table moves its groups and folds along', () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 90 }), fc.nat(), (n, seed) => {
      const generator = createGenerator(seed);
      const pick = () => Array.from({ length: n }, () => generator.integer(4) * 2.5);
      const inputs = inputsOf(
        n,
        amount('a', pick()),
        amount('b', pick()),
        categorical('c', pick().map(String)),
      );
      const y = Float64Array.from({ length: n }, () => generator.integer(10));
      const order = shuffledRows(n, seed);
      const groups = findGroups(inputs, [true, true, false], null);
      const moved = findGroups(takeInputRows(inputs, order), [true, true, false], null);
      expect(moved).toEqual({ ...groups, ids: order.map((i) => groups.ids[i]!) });

      const folds = interpolationFolds(y, groups.ids, groups.count, createGenerator(seed));
      const movedFolds = interpolationFolds(
        order.length === 0 ? y : Float64Array.from(order, (i) => y[i]!),
        moved.ids,
        moved.count,
        createGenerator(seed),
      );
      expect(movedFolds.repeats).toEqual(folds.repeats.map((repeat) => order.map((i) => repeat[i]!)));

      const ingredients = newIngredientFolds(inputs, groups.ids, groups.count);
      const movedIngredients = newIngredientFolds(takeInputRows(inputs, order), moved.ids, moved.count);
      expect(movedIngredients.repeats).toEqual(
        ingredients.repeats.map((repeat) => order.map((i) => repeat[i]!)),
      );
    }),
    { numRuns: 30 },
  );
});

test('equal inputs make a group, differences under a ten-thousandth of the range do not count', () => {
  const inputs = inputsOf(
    5,
    amount('a', [0, 1, 1 + 1e-6, 2, 2]),
    categorical('c', ['x', 'y', 'y', 'y', 'z']),
  );
  const groups = findGroups(inputs, [false, false], null);
  expect(groups.source).toBe('formulation');
  expect(groups.count).toBe(4);
  expect(groups.ids[1]).toBe(groups.ids[2]);
  expect(groups.ids[3]).not.toBe(groups.ids[4]);
});

test('compositions are the groups where a fifth of the rows share one', () => {
  const mixes = [1, 1, 2, 2, 3, 4, 5, 6];
  const time = mixes.map((_, i) => i);
  const inputs = inputsOf(
    8,
    amount('a', mixes),
    amount(
      'b',
      mixes.map((x) => 10 - x),
    ),
    amount('time', time),
  );
  const groups = findGroups(inputs, [true, true, false], null);
  expect(groups).toMatchObject({ source: 'composition', count: 6 });
  expect(groups.ids[0]).toBe(groups.ids[1]);
  expect(findGroups(inputs, [true, false, false], null)).toMatchObject({ source: 'formulation', count: 8 });
});

test("the user's column decides alone, and rows without its value stand alone", () => {
  const inputs = inputsOf(5, amount('a', [1, 1, 1, 2, 3]));
  const batch = categorical('batch', ['p', 'q', 'p', 'q', 'p']).column;
  const groups = findGroups(inputs, [true], batch);
  expect(groups).toMatchObject({ source: 'column', count: 2 });
  expect([...groups.ids]).toEqual([0, 1, 0, 1, 0]);
  const lots = { kind: 'numeric', key: 'lot', values: Float64Array.of(1, 1, NaN, NaN, 2) } as const;
  expect(findGroups(inputs, [true], lots).count).toBe(4);
});

test('a new ingredient is held out with every group that has it', () => {
  const n = 30;
  const cells = Array.from({ length: n }, (_, i) => i);
  const inputs = inputsOf(
    n,
    amount(
      'everywhere',
      cells.map((i) => 1 + i),
    ),
    amount(
      'rare',
      cells.map((i) => (i % 10 === 0 ? 5 : 0)),
    ),
    amount(
      'common',
      cells.map((i) => (i % 2 === 0 ? 3 : 0)),
    ),
    amount(
      'nearly everywhere',
      cells.map((i) => (i < 3 ? 0 : 3)),
    ),
    categorical(
      'solvent',
      cells.map((i) => 'xyz'[i % 3]!),
    ),
  );
  const groups = Int32Array.from(cells, (i) => i >> 1);
  const folds = newIngredientFolds(inputs, groups, n / 2);
  expectNoGroupStraddles(folds, groups);
  // `common` is in every pair of rows, so only `rare` and the solvent are left.
  expect(folds.repeats).toHaveLength(2);
  expect(
    folds.repeats[0]!.map((fold, i) => ((fold === 0) === (Math.floor(i / 2) % 5 === 0) ? 1 : 0)),
  ).not.toContain(0);

  const alone = newIngredientFolds(inputs, Int32Array.from(cells), n);
  expect(alone.repeats).toHaveLength(3);
  const solvent = alone.repeats[2]!;
  expect(new Set(solvent)).toEqual(new Set([0, 1, 2]));
  solvent.forEach((fold, i) => expect(fold).toBe(i % 3));
  expect(newIngredientFolds(inputsOf(3, amount('a', [1, 2, 3])), Int32Array.of(0, 1, 2), 3).repeats).toEqual(
    [],
  );
});

test('regions are clusters, held out one after the other', () => {
  const generator = createGenerator(1);
  const centers = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
    [0.5, 0.5],
  ];
  const rows = Array.from({ length: 100 }, (_, i) =>
    centers[i % 5]!.map((x) => x + 0.02 * generator.normal()),
  );
  const groups = Int32Array.from(rows, (_, i) => i);
  const folds = newRegionFolds(matrixFromRows(rows), groups, 100, generator);
  expect(folds.foldCount).toBe(5);
  folds.repeats[0]!.forEach((fold, i) => expect(fold).toBe(folds.repeats[0]![i % 5]));
  const pairs = Int32Array.from(rows, (_, i) => i >> 1);
  expectNoGroupStraddles(newRegionFolds(matrixFromRows(rows), pairs, 50, generator), pairs);
});

test('clustering copes with equal rows and with more clusters than rows', () => {
  const equal = matrixFromRows([[1], [1], [1]]);
  expect([...clusterRows(equal, 2, createGenerator(1))]).toEqual([0, 0, 0]);
  const few = matrixFromRows([[1], [5]]);
  expect([...clusterRows(few, 5, createGenerator(1))]).toEqual([0, 1]);
});
