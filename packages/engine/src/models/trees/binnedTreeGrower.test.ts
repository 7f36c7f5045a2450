import { afterEach, expect, test } from 'vitest';
import { supportedBuilds, type RoutineBuild } from '@athanor/wasm';
import { forceRoutineBuild, routines } from '../../linalg/routines.ts';
import { matrixFromRows } from '../../linalg/matrix.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { BinnedTreeGrower } from './binnedTreeGrower.ts';
import { ForestBuilder } from './forestBuilder.ts';

afterEach(() => forceRoutineBuild(null));

const generator = createGenerator('binned trees');
// Few levels, so that every one has a bin of its own; six columns do not fill the strips of the routine.
const rows = Array.from({ length: 150 }, () =>
  Array.from({ length: 6 }, () => (generator.uniform() < 0.1 ? NaN : generator.integer(12))),
);
const z = Float64Array.from(
  rows,
  ([a = 0, b = 0]) => (a > 5 ? 1 : 0) + (b || 0) / 9 + generator.normal() / 3,
);
const weights = Float64Array.from(rows, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));
const options = { maxLeaves: 8, minLeafWeight: 4, penalty: 1, monotone: null };

function grow(build: RoutineBuild | null) {
  forceRoutineBuild(build);
  const builder = new ForestBuilder(false);
  const grower = new BinnedTreeGrower(matrixFromRows(rows), options);
  const leafOf = Array.from({ length: 3 }, () => [...grower.grow(z, weights, builder)]);
  grower.release();
  const { arena } = routines();
  expect(arena.top).toBe(arena.base);
  return { forest: builder.finish(), leafOf };
}

test('trees are the same in every build, tree after tree, and leave no memory taken', () => {
  const { forest, leafOf } = grow(null);
  for (const build of supportedBuilds()) expect(grow(build)).toEqual({ forest, leafOf });
  const splits = forest.feature.length / 3;
  expect([...forest.threshold.subarray(splits, 2 * splits)]).toEqual([
    ...forest.threshold.subarray(0, splits),
  ]);
});

test('the first split gains most of all there are, and leaves hold the means of their rows shrunk by the penalty', () => {
  const { forest, leafOf } = grow(null);
  let most = -Infinity;
  for (let j = 0; j < 6; j++)
    for (let level = 0; level < 12; level++)
      for (const missingLeft of [false, true]) {
        const sums = [0, 0];
        const masses = [0, 0];
        rows.forEach((row, i) => {
          const cell = row[j]!;
          const side = (Number.isNaN(cell) ? missingLeft : cell <= level) ? 0 : 1;
          sums[side]! += weights[i]! * z[i]!;
          masses[side]! += weights[i]!;
        });
        if (Math.min(...masses) < options.minLeafWeight) continue;
        most = Math.max(most, sums[0]! ** 2 / (masses[0]! + 1) + sums[1]! ** 2 / (masses[1]! + 1));
      }
  const goesLeft = rows.map((row) => {
    const cell = row[forest.feature[0]!]!;
    return Number.isNaN(cell) ? forest.missingLeft[0] === 1 : cell <= forest.threshold[0]!;
  });
  const total = (isLeft: boolean, value: (i: number) => number): number =>
    rows.reduce((sum, _, i) => sum + (goesLeft[i] === isLeft ? weights[i]! * value(i) : 0), 0);
  const gains = [true, false].map((side) => total(side, (i) => z[i]!) ** 2 / (total(side, () => 1) + 1));
  expect(gains[0]! + gains[1]!).toBeCloseTo(most, 9);
  const [leaves] = leafOf;
  for (const leaf of new Set(leaves)) {
    const members = rows.map((_, i) => i).filter((i) => leaves![i] === leaf);
    const weight = members.reduce((sum, i) => sum + weights[i]!, 0);
    const sum = members.reduce((running, i) => running + weights[i]! * z[i]!, 0);
    expect(weight).toBeGreaterThanOrEqual(options.minLeafWeight);
    expect(forest.leafValue[leaf]).toBeCloseTo(sum / (weight + 1), 9);
  }
});
