import { describe, expect, it } from 'vitest';
import { growExtraTree, type ExtraTreeValues } from '../reference/growExtraTree.ts';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { Routines } from './routines.ts';

interface Problem {
  readonly n: number;
  readonly d: number;
  readonly ld: number;
  /** Row after row [ld * n]. */
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly featuresTried: number;
  readonly minLeafRows: number;
  readonly minVarianceRows: number;
}

/** Rows of which some cells are missing, some equal and some inputs constant. */
function randomProblem(seed: number, n: number, d: number): Problem {
  const next = randomNumbers(seed);
  const ld = d + (d % 2) + 2 * (seed % 2);
  const kinds = Array.from({ length: d }, () => Math.floor(2 * (next() + 1)));
  const x = Float64Array.from({ length: ld * n }, (_, k) => {
    const kind = kinds[k % ld];
    const cell = next();
    if (kind === 0) return 1;
    if (kind === 1) return Math.round(2 * cell);
    return kind === 2 && cell < -0.5 ? NaN : cell;
  });
  const z = Float64Array.from({ length: n }, () => (seed % 3 === 0 ? Math.round(2 * next()) : next()));
  const featuresTried = Math.max(1, seed % 4 === 0 ? Math.ceil(d / 5) : d);
  return { n, d, ld, x, z, featuresTried, minLeafRows: 1 + (seed % 3), minVarianceRows: 5 };
}

const words = BigUint64Array.of(0x0123456789abcdefn, 0xfedcba9876543210n, 0x9e3779b97f4a7c15n, 1n);

type Tree = ExtraTreeValues & { readonly state: BigUint64Array };

function cut(tree: ExtraTreeValues, splitCount: number, state: BigUint64Array): Tree {
  const { feature, threshold, left, right, missingLeft, value, variance } = tree;
  return {
    feature: feature.slice(0, splitCount),
    threshold: threshold.slice(0, splitCount),
    left: left.slice(0, splitCount),
    right: right.slice(0, splitCount),
    missingLeft: missingLeft.slice(0, splitCount),
    value: value.slice(0, splitCount + 1),
    variance: variance.slice(0, splitCount + 1),
    state,
  };
}

function growPlainly({ n, d, ld, x, z, ...options }: Problem): Tree {
  const tree = {
    feature: new Int32Array(n),
    threshold: new Float64Array(n),
    left: new Int32Array(n),
    right: new Int32Array(n),
    missingLeft: new Uint8Array(n),
    value: new Float64Array(n),
    variance: new Float64Array(n),
  };
  const { featuresTried, minLeafRows, minVarianceRows } = options;
  const state = words.slice();
  const splits = growExtraTree(
    n,
    d,
    x,
    ld,
    z,
    featuresTried,
    minLeafRows,
    minVarianceRows,
    state,
    7,
    11,
    tree,
  );
  return cut(tree, splits, state);
}

function growWith({ arena, growExtraTree: grow }: Routines, problem: Problem): Tree {
  const { n, d, ld, x, z, featuresTried, minLeafRows, minVarianceRows } = problem;
  const mark = arena.mark();
  const generator = arena.storeFloat64(new Float64Array(words.buffer));
  const hasMissing = Uint8Array.from({ length: d }, (_, j) =>
    x.some((cell, k) => k % ld === j && Number.isNaN(cell)) ? 1 : 0,
  );
  const outputs = {
    feature: arena.allocateInt32(n),
    threshold: arena.allocateFloat64(n),
    left: arena.allocateInt32(n),
    right: arena.allocateInt32(n),
    missingLeft: arena.allocate(n),
    value: arena.allocateFloat64(n),
    variance: arena.allocateFloat64(n),
  };
  const splits = grow({
    n,
    d,
    x: { pointer: arena.storeFloat64(x), ld },
    z: arena.storeFloat64(z),
    hasMissing: arena.storeUint8(hasMissing),
    featuresTried,
    minLeafRows,
    minVarianceRows,
    generator,
    firstSplit: 7,
    firstLeaf: 11,
    ...outputs,
  });
  const tree = {
    feature: arena.int32(outputs.feature, n),
    threshold: arena.float64(outputs.threshold, n),
    left: arena.int32(outputs.left, n),
    right: arena.int32(outputs.right, n),
    missingLeft: arena.uint8(outputs.missingLeft, n),
    value: arena.float64(outputs.value, n),
    variance: arena.float64(outputs.variance, n),
  };
  const result = cut(tree, splits, new BigUint64Array(arena.memory.buffer, generator, 4).slice());
  arena.release(mark);
  return result;
}

describe.each(supportedBuilds())('extra trees of the %s build', (build) => {
  const routines = createRoutines({ build });

  it.each([1, 2, 3, 7, 8, 9, 17, 30])(
    'over %i inputs equal the twin exactly, missing cells, ties and constants included',
    (d) => {
      for (const n of [1, 2, 3, 4, 5, 23, 150])
        for (let seed = 0; seed < 6; seed++) {
          const problem = randomProblem(seed + 10 * n, n, d);
          expect(growWith(routines, problem)).toEqual(growPlainly(problem));
        }
    },
  );

  it('without inputs are one leaf with the mean and variance of all rows', () => {
    const tree = growWith(routines, { ...randomProblem(1, 4, 0), z: Float64Array.of(1, 2, 3, 6), ld: 2 });
    expect([...tree.value]).toEqual([3]);
    expect(tree.variance[0]).toBeCloseTo(14 / 3, 12);
    expect(tree.feature).toHaveLength(0);
  });

  it('refuse no rows, leaves of none, and rows at an odd distance', () => {
    const problem = randomProblem(1, 5, 3);
    for (const [wrong, message] of [
      [{ n: 0 }, /n is 0, not at least 1/],
      [{ minLeafRows: 0 }, /minLeafRows is 0/],
      [{ featuresTried: 0 }, /featuresTried is 0/],
      [{ ld: 5 }, /leading dimension of x is 5, which is not even/],
      [{ n: 1000 }, /takes bytes/],
    ] as const)
      expect(() => growWith(routines, { ...problem, ...wrong })).toThrow(message);
  });
});
