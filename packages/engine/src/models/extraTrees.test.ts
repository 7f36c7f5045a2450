import { expect, test } from 'vitest';
import { fitData, inputsOf, numericInput, sampleTable } from '../conformance/sampleTable.ts';
import { matrixFromRows, type Matrix } from '../linalg/matrix.ts';
import { PlainDataReader } from '../plainDataReader.ts';
import { momentsOf } from '../posteriors/operations.ts';
import { createGenerator } from '../random/createGenerator.ts';
import { extraTreesModel } from './extraTrees.ts';
import { checkForest } from './trees/checkForest.ts';
import type { Forest } from './trees/forest.ts';
import { predictForest } from './trees/predictForest.ts';
import { ForestBuilder } from './trees/forestBuilder.ts';
import { growExtraTrees, type ExtraTreeOptions } from './trees/growExtraTrees.ts';

function grow(X: Matrix, z: Float64Array, options: Partial<ExtraTreeOptions> = {}, trees = 20): Forest {
  const builder = new ForestBuilder(true);
  const all = { featuresTried: X.columnCount, minLeafRows: 1, minVarianceRows: 5, ...options };
  growExtraTrees(X, z, all, trees, createGenerator('trees'), builder);
  return builder.finish();
}

function randomMatrix(n: number, d: number, seed: number): { X: Matrix; z: Float64Array } {
  const generator = createGenerator(seed);
  const rows = Array.from({ length: n }, () => Array.from({ length: d }, () => generator.uniform()));
  return { X: matrixFromRows(rows), z: Float64Array.from(rows, (row) => row[0]! + generator.normal()) };
}

/** Leaf of every row in one tree, walked as the text says. */
function leavesOf(forest: Forest, X: Matrix, tree: number): number[] {
  return Array.from({ length: X.rowCount }, (_, i) => {
    let node = forest.roots[tree]!;
    while (node >= 0) {
      const x = X.values[forest.feature[node]! * X.stride + i]!;
      const goesLeft = Number.isNaN(x) ? forest.missingLeft[node] === 1 : x <= forest.threshold[node]!;
      node = goesLeft ? forest.left[node]! : forest.right[node]!;
    }
    return ~node;
  });
}

test('every leaf holds the mean of its rows, and no fewer rows than it must', () => {
  const { X, z } = randomMatrix(120, 4, 1);
  for (const minLeafRows of [1, 2, 7]) {
    const forest = grow(X, z, { minLeafRows });
    for (let tree = 0; tree < forest.roots.length; tree++) {
      const rowsOfLeaf = new Map<number, number[]>();
      leavesOf(forest, X, tree).forEach((leaf, i) =>
        rowsOfLeaf.set(leaf, [...(rowsOfLeaf.get(leaf) ?? []), i]),
      );
      for (const [leaf, rows] of rowsOfLeaf) {
        expect(rows.length).toBeGreaterThanOrEqual(minLeafRows);
        const mean = rows.reduce((sum, i) => sum + z[i]!, 0) / rows.length;
        expect(forest.leafValue[leaf]).toBeCloseTo(mean, 12);
        if (rows.length >= 5) {
          const variance = rows.reduce((sum, i) => sum + (z[i]! - mean) ** 2, 0) / (rows.length - 1);
          expect(forest.leafVariance![leaf]).toBeCloseTo(variance, 12);
        } else expect(forest.leafVariance![leaf]).toBeGreaterThan(0);
      }
    }
  }
});

test('the forest predicts the mean over its trees, and their spread', () => {
  const { X, z } = randomMatrix(50, 3, 2);
  const forest = grow(X, z, { minLeafRows: 3 });
  const probe = randomMatrix(30, 3, 3).X;
  const { mean, betweenTrees, withinLeaves } = predictForest(forest, probe);
  const leaves = Array.from(forest.roots.keys(), (tree) => leavesOf(forest, probe, tree));
  for (let i = 0; i < 30; i++) {
    const values = leaves.map((one) => forest.leafValue[one[i]!]!);
    const average = values.reduce((sum, value) => sum + value / values.length, 0);
    expect(mean[i]).toBeCloseTo(average, 12);
    expect(betweenTrees[i]).toBeCloseTo(
      values.reduce((sum, value) => sum + (value - average) ** 2 / values.length, 0),
      12,
    );
    expect(withinLeaves[i]).toBeCloseTo(
      leaves.reduce((sum, one) => sum + forest.leafVariance![one[i]!]! / leaves.length, 0),
      12,
    );
  }
});

test('missing cells go where they belong, even where all other values are equal', () => {
  const x = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? NaN : i / 60));
  const z = Float64Array.from(x, (value) => (Number.isNaN(value) ? 5 : value));
  const X = matrixFromRows(x.map((value) => [value]));
  const { mean } = predictForest(grow(X, z), matrixFromRows([[NaN], [0.5]]));
  expect(mean[0]).toBeCloseTo(5, 6);
  expect(mean[1]).toBeLessThan(1);

  const same = matrixFromRows(x.map((value) => [Number.isNaN(value) ? NaN : 1]));
  const split = predictForest(grow(same, z), matrixFromRows([[NaN], [1]]));
  expect(split.mean[0]).toBeCloseTo(5, 6);
  expect(split.mean[1]).toBeLessThan(1);
});

test('where training saw nothing missing, missing cells follow the larger side', () => {
  const X = matrixFromRows(Array.from({ length: 30 }, (_, i) => [i < 3 ? 0 : 1]));
  const z = Float64Array.from({ length: 30 }, (_, i) => (i < 3 ? -4 : 2));
  expect(predictForest(grow(X, z), matrixFromRows([[NaN]])).mean[0]).toBeCloseTo(2, 12);
});

test('thresholds are uniform over the range of the node, and ties between columns fall to each alike', () => {
  // Two rows and two columns that part them equally well.
  const X = matrixFromRows([
    [0, 1],
    [1, 0],
  ]);
  const forest = grow(X, Float64Array.of(0, 1), {}, 4000);
  const first = forest.feature.filter((feature) => feature === 0).length;
  expect(Math.abs(first - 2000)).toBeLessThan(5 * Math.sqrt(1000));
  const below = forest.threshold.filter((threshold) => threshold < 0.25).length;
  expect(Math.abs(below - 1000)).toBeLessThan(5 * Math.sqrt(750));
});

test('a tree never splits equal targets or equal rows', () => {
  const { X } = randomMatrix(20, 2, 4);
  expect(grow(X, new Float64Array(20).fill(3)).feature).toHaveLength(0);
  const equal = matrixFromRows(Array.from({ length: 20 }, () => [1, 2]));
  const forest = grow(
    equal,
    Float64Array.from({ length: 20 }, (_, i) => i),
  );
  expect(forest.feature).toHaveLength(0);
  expect(forest.leafValue[0]).toBeCloseTo(9.5, 12);
});

test('a forest whose walks could go astray is refused', () => {
  const { X, z } = randomMatrix(20, 2, 5);
  const forest = grow(X, z, {}, 2);
  const check = (data: Forest) => checkForest(new PlainDataReader(data), 2, true);
  expect(check(forest)).toEqual(forest);
  const withCell = <T extends Int32Array | Float64Array>(cells: T, i: number, value: number): T =>
    cells.with(i, value) as T;
  for (const wrong of [
    { ...forest, left: withCell(forest.left, 0, 0) },
    { ...forest, right: withCell(forest.right, 3, 1) },
    { ...forest, right: withCell(forest.right, 0, forest.left[0]!) },
    { ...forest, left: withCell(forest.left, 0, forest.feature.length) },
    { ...forest, left: withCell(forest.left, 0, -forest.leafValue.length - 1) },
    { ...forest, feature: withCell(forest.feature, 0, 2) },
    { ...forest, roots: forest.roots.slice(0, 1) },
    { ...forest, roots: new Int32Array(0) },
    { ...forest, leafVariance: withCell(forest.leafVariance!, 0, -1) },
  ])
    expect(() => check(wrong)).toThrow(expect.objectContaining({ code: 'ARTIFACT_INVALID' }));
});

test('a measurement scatters more where the target does', () => {
  const generator = createGenerator('heteroscedastic');
  const x = Array.from({ length: 400 }, () => generator.uniform());
  const y = x.map((value) => 10 * value + (value < 0.5 ? 0.1 : 2) * generator.normal());
  const data = fitData(inputsOf(400, numericInput('x', x)), y);
  const spec = { ...extraTreesModel.defaultSpec, treeCount: 50 };
  const { fitted } = extraTreesModel.fit(data, spec, createGenerator(1));
  const { measurementSd } = momentsOf(
    extraTreesModel.predict(fitted, inputsOf(2, numericInput('x', [0.25, 0.75]))),
  );
  expect(measurementSd[1]).toBeGreaterThan(4 * measurementSd[0]!);
});

test('the sum of trees is the same whichever tree is grown first', () => {
  const data = sampleTable(30, 41);
  const fit = (treeCount: number) =>
    extraTreesModel.fit(data, { ...extraTreesModel.defaultSpec, treeCount }, createGenerator(1)).fitted;
  const few = fit(5).forest;
  const more = fit(9).forest;
  expect([...more.roots.subarray(0, 5)]).toEqual([...few.roots]);
  expect([...more.threshold.subarray(0, few.threshold.length)]).toEqual([...few.threshold]);
});

test('a wrong option is refused by name', () => {
  const spec = extraTreesModel.defaultSpec;
  for (const [wrong, key] of [
    [{ ...spec, treeCount: 1 }, 'treeCount'],
    [{ ...spec, featureShare: 0 }, 'featureShare'],
    [{ ...spec, minLeafRows: 0.5 }, 'minLeafRows'],
  ] as const)
    expect(() => extraTreesModel.checkSpec!(wrong, [])).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', location: { field: key } }),
    );
});
