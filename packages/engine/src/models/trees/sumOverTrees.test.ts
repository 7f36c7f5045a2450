import { afterEach, expect, test } from 'vitest';
import { forceRoutineBuild, routines } from '../../linalg/routines.ts';
import { matrixFromRows, takeMatrixRows } from '../../linalg/matrix.ts';
import { createGenerator } from '../../random/createGenerator.ts';
import { supportedBuilds } from '@athanor/wasm';
import { ForestBuilder } from './forestBuilder.ts';
import { growExtraTrees } from './growExtraTrees.ts';
import { sumOverTrees } from './sumOverTrees.ts';

afterEach(() => forceRoutineBuild(null));

const generator = createGenerator('forest');
const rows = Array.from({ length: 200 }, () =>
  Array.from({ length: 5 }, () => (generator.uniform() < 0.1 ? NaN : generator.normal())),
);
const X = matrixFromRows(rows);
const z = Float64Array.from(rows, () => generator.normal());

function grow(treeCount: number, hasVariance: boolean) {
  const builder = new ForestBuilder(hasVariance);
  const options = { featuresTried: 2, minLeafRows: 2, minVarianceRows: 5 };
  growExtraTrees(X, z, options, treeCount, createGenerator('trees'), builder);
  return builder.finish();
}

test.each(supportedBuilds())(
  'many rows in the %s routine have the sums of each row walked alone',
  (build) => {
    forceRoutineBuild(build);
    for (const hasVariance of [true, false]) {
      const forest = grow(30, hasVariance);
      for (const [first, end] of [
        [0, 30],
        [7, 8],
        [10, 30],
      ] as const) {
        const together = sumOverTrees(forest, X, first, end);
        expect(together.variances === null).toBe(!hasVariance);
        for (let i = 0; i < X.rowCount; i += 11) {
          const alone = sumOverTrees(forest, takeMatrixRows(X, Int32Array.of(i)), first, end);
          expect(alone.values[0]).toBe(together.values[i]);
          expect(alone.squares[0]).toBe(together.squares[i]);
          if (hasVariance) expect(alone.variances![0]).toBe(together.variances![i]);
        }
      }
    }
    expect(routines().arena.top).toBe(routines().arena.base);
  },
);

test('more rows than fit in a block are predicted block by block', () => {
  const forest = grow(2, false);
  const many = takeMatrixRows(
    X,
    Int32Array.from({ length: 70_000 }, (_, i) => i % 200),
  );
  const few = sumOverTrees(forest, X).values;
  expect(sumOverTrees(forest, many).values).toEqual(
    Float64Array.from({ length: 70_000 }, (_, i) => few[i % 200]!),
  );
});
