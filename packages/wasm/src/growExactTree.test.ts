import { describe, expect, it } from 'vitest';
import { growExactTree, type ExactTreeLimits, type ExactTreeValues } from '../reference/growExactTree.ts';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { Routines } from './routines.ts';

interface Problem extends ExactTreeLimits {
  readonly n: number;
  readonly d: number;
  readonly ld: number;
  /** Column after column [ld * d]. */
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly weights: Float64Array;
}

/** Rows of which some cells are missing, some equal, some weights zero and some inputs constant. */
function randomProblem(seed: number, n: number, d: number): Problem {
  const next = randomNumbers(seed);
  const ld = n + (seed % 3);
  const x = new Float64Array(ld * d);
  for (let j = 0; j < d; j++) {
    const kind = Math.floor(2 * (next() + 1));
    for (let i = 0; i < n; i++) {
      const cell = next();
      if (kind === 0) x[i + j * ld] = 1;
      else if (kind === 1) x[i + j * ld] = Math.round(2 * cell);
      else x[i + j * ld] = kind === 2 && cell < -0.5 ? NaN : cell;
    }
  }
  const weights = Float64Array.from({ length: n }, () => Math.max(0, Math.round(2 * next())));
  weights[n - 1] = 1;
  return {
    n,
    d,
    ld,
    x,
    z: Float64Array.from({ length: n }, () => (seed % 3 === 0 ? Math.round(2 * next()) : next())),
    weights: seed % 2 === 0 ? weights : weights.fill(1),
    featuresTried: Math.max(1, seed % 4 === 0 ? d : Math.ceil(d / 2)),
    minLeafRows: 1 + (seed % 3),
    maxDepth: seed % 5 === 0 ? 3 : 2 ** 31 - 1,
    monotone: seed % 2 === 0 ? null : Int8Array.from({ length: d }, () => Math.round(next())),
  };
}

const words = BigUint64Array.of(0x0123456789abcdefn, 0xfedcba9876543210n, 0x9e3779b97f4a7c15n, 1n);

type Tree = ExactTreeValues & { readonly state: BigUint64Array };

function cut(tree: ExactTreeValues, splitCount: number, state: BigUint64Array): Tree {
  const { feature, threshold, left, right, missingLeft, value, leafOf } = tree;
  return {
    feature: feature.slice(0, splitCount),
    threshold: threshold.slice(0, splitCount),
    left: left.slice(0, splitCount),
    right: right.slice(0, splitCount),
    missingLeft: missingLeft.slice(0, splitCount),
    value: value.slice(0, splitCount + 1),
    leafOf: leafOf.slice(),
    state,
  };
}

function growPlainly(problem: Problem): Tree {
  const { n, d, ld, x, z, weights } = problem;
  const tree = {
    feature: new Int32Array(n),
    threshold: new Float64Array(n),
    left: new Int32Array(n),
    right: new Int32Array(n),
    missingLeft: new Uint8Array(n),
    value: new Float64Array(n),
    leafOf: new Int32Array(n),
  };
  const state = words.slice();
  return cut(tree, growExactTree(n, d, x, ld, z, weights, problem, state, 7, 11, tree), state);
}

function growWith({ arena, growExactTree: grow }: Routines, problem: Problem): Tree {
  const { n, d, ld, x, z, weights, featuresTried, minLeafRows, maxDepth, monotone } = problem;
  const mark = arena.mark();
  const sorted = new Int32Array(n * d);
  const hasMissing = new Uint8Array(d);
  for (let j = 0; j < d; j++) {
    const column = x.subarray(j * ld, j * ld + n);
    if (column.some(Number.isNaN)) hasMissing[j] = 1;
    const rank = (i: number): number => (Number.isNaN(column[i]) ? Infinity : column[i]);
    const rows = Array.from({ length: n }, (_, i) => i);
    rows.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) < rank(b) ? -1 : 1));
    sorted.set(rows, j * n);
  }
  const generator = arena.storeFloat64(new Float64Array(words.buffer));
  const outputs = {
    feature: arena.allocateInt32(n),
    threshold: arena.allocateFloat64(n),
    left: arena.allocateInt32(n),
    right: arena.allocateInt32(n),
    missingLeft: arena.allocate(n),
    value: arena.allocateFloat64(n),
    leafOf: arena.allocateInt32(n),
  };
  const splits = grow({
    n,
    d,
    x: { pointer: arena.storeFloat64(x), ld },
    sorted: arena.storeInt32(sorted),
    hasMissing: arena.storeUint8(hasMissing),
    z: arena.storeFloat64(z),
    weights: arena.storeFloat64(weights),
    featuresTried,
    minLeafRows,
    maxDepth,
    ...(monotone !== null && { monotone: arena.storeUint8(new Uint8Array(monotone.buffer)) }),
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
    leafOf: arena.int32(outputs.leafOf, n),
  };
  const result = cut(tree, splits, new BigUint64Array(arena.memory.buffer, generator, 4).slice());
  arena.release(mark);
  return result;
}

describe.each(supportedBuilds())('exact trees of the %s build', (build) => {
  const routines = createRoutines({ build });

  it.each([1, 2, 5, 12])(
    'over %i inputs equal the twin exactly, whatever is missing, tied, constant, weighed or monotone',
    (d) => {
      for (const n of [1, 2, 3, 4, 5, 23, 150])
        for (let seed = 0; seed < 10; seed++) {
          const problem = randomProblem(seed + 10 * n, n, d);
          expect(growWith(routines, problem)).toEqual(growPlainly(problem));
        }
    },
  );

  it('lead every row to a leaf that holds the weighted mean of its rows, unless bounds move it', () => {
    const problem = { ...randomProblem(4, 150, 5), monotone: null };
    const { value, leafOf } = growWith(routines, problem);
    value.forEach((mean, leaf) => {
      const rows = [...leafOf.keys()].filter((i) => leafOf[i] === 11 + leaf);
      const weight = rows.reduce((sum, i) => sum + problem.weights[i], 0);
      expect(mean).toBeCloseTo(
        rows.reduce((sum, i) => sum + problem.weights[i] * problem.z[i], 0) / weight,
        12,
      );
    });
  });

  it('refuse no rows, leaves of none, and lists without room', () => {
    const problem = randomProblem(1, 5, 3);
    for (const [wrong, message] of [
      [{ minLeafRows: 0 }, /minLeafRows is 0, not at least 1/],
      [{ maxDepth: Infinity }, /maxDepth is Infinity/],
      [{ ld: 4 }, /leading dimension of x is 4, less than its 5 rows/],
    ] as const)
      expect(() => growWith(routines, { ...problem, ...wrong })).toThrow(message);
  });
});
