import { describe, expect, it } from 'vitest';
import { predictForest, type ForestValues } from '../reference/predictForest.ts';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { Routines } from './routines.ts';

interface RandomForest extends ForestValues {
  readonly nodeCount: number;
}

/**
 * Random trees of up to `depth` levels over d inputs in (-1, 1): thresholds among a few values, so that inputs often
 * equal one, and nodes in an order that only keeps children after parents.
 */
function randomForest(
  seed: number,
  treeCount: number,
  depth: number,
  d: number,
  isBinned: boolean,
): RandomForest {
  const next = randomNumbers(seed);
  const whole = (limit: number) => Math.floor(((next() + 1) / 2) * limit);
  const nodes: { feature: number; threshold: number; left: number; right: number }[] = [];
  const roots: number[] = [];
  for (let t = 0; t < treeCount; t++) {
    roots.push(nodes.length);
    nodes.push({ feature: -1, threshold: 0, left: -1, right: -1 });
    const open = [{ node: nodes.length - 1, level: 0 }];
    while (open.length > 0) {
      const [{ node, level }] = open.splice(whole(open.length), 1);
      if (level >= depth || (level > 0 && next() < -0.6)) continue;
      const child = nodes.length;
      const [left, right] = next() < 0 ? [child, child + 1] : [child + 1, child];
      nodes[node] = { feature: whole(d), threshold: isBinned ? whole(255) : whole(9) / 4 - 1, left, right };
      for (const one of [child, child + 1]) {
        nodes.push({ feature: -1, threshold: 0, left: -1, right: -1 });
        open.push({ node: one, level: level + 1 });
      }
    }
  }
  const threshold = nodes.map((node) => node.threshold);
  return {
    treeCount,
    featureCount: d,
    nodeCount: nodes.length,
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes, (node) => node.feature),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    missingLeft: seed % 2 === 0 ? null : Uint8Array.from(nodes, () => whole(2)),
    threshold: isBinned ? Uint8Array.from(threshold) : Float64Array.from(threshold),
    value: Float64Array.from(nodes, next),
    second: seed % 3 === 0 ? null : Float64Array.from(nodes, next),
  };
}

/** Rows of inputs with some missing, some infinite and many that equal a threshold. */
function randomRows(seed: number, ld: number, d: number, isBinned: boolean): Float64Array | Uint8Array {
  const next = randomNumbers(seed);
  const whole = (limit: number) => Math.floor(((next() + 1) / 2) * limit);
  if (isBinned) return Uint8Array.from({ length: ld * d }, () => whole(256));
  const special = [NaN, Infinity, -Infinity];
  return Float64Array.from({ length: ld * d }, () =>
    whole(10) === 0 ? special[whole(3)] : whole(9) / 4 - 1,
  );
}

function predictWith(
  routines: Routines,
  forest: RandomForest,
  x: Float64Array | Uint8Array,
  ld: number,
  m: number,
  scale: number,
): { value: Float64Array; second: Float64Array } {
  const { arena } = routines;
  const mark = arena.mark();
  try {
    const value = arena.allocateFloat64(m);
    const second = arena.allocateFloat64(m);
    const { treeCount, nodeCount, threshold, missingLeft, second: leafSecond } = forest;
    const common = {
      d: forest.featureCount,
      m,
      scale,
      value,
      second,
      forest: {
        treeCount,
        nodeCount,
        roots: arena.storeInt32(forest.roots),
        feature: arena.storeInt32(forest.feature),
        left: arena.storeInt32(forest.left),
        right: arena.storeInt32(forest.right),
        ...(missingLeft !== null && { missingLeft: arena.storeUint8(missingLeft) }),
        value: arena.storeFloat64(forest.value),
        ...(leafSecond !== null && { second: arena.storeFloat64(leafSecond) }),
      },
    };
    if (x instanceof Uint8Array) {
      const bins = { pointer: arena.storeUint8(x), ld };
      routines.predictBinnedForest({ ...common, threshold: arena.storeUint8(threshold), bins });
    } else {
      const inputs = { pointer: arena.storeFloat64(x), ld };
      routines.predictForest({ ...common, threshold: arena.storeFloat64(threshold), x: inputs });
    }
    return { value: arena.float64(value, m).slice(), second: arena.float64(second, m).slice() };
  } finally {
    arena.release(mark);
  }
}

describe.each(supportedBuilds())('forests of the %s build', (build) => {
  const routines = createRoutines({ build });

  it.each([
    ['float64 inputs', false],
    ['bins', true],
  ])('over %s equal the twin exactly for any number of rows, missing values included', (_, isBinned) => {
    const rowCounts = [1, 2, 3, 7, 8, 9, 15, 16, 17, 64, 100, 1003];
    for (let seed = 0; seed < 12; seed++) {
      const d = 1 + (seed % 5);
      const forest = randomForest(seed, 1 + seed * 2, seed, d, isBinned);
      for (const m of rowCounts) {
        const ld = m + (seed % 3);
        const x = randomRows(seed + m, ld, d, isBinned);
        const expected = { value: new Float64Array(m), second: new Float64Array(m) };
        const hasSecond = forest.second !== null;
        predictForest(m, x, ld, forest, 0.25, expected.value, hasSecond ? expected.second : null);
        const actual = predictWith(routines, forest, x, ld, m, 0.25);
        expect(actual.value).toEqual(expected.value);
        if (hasSecond) expect(actual.second).toEqual(expected.second);
      }
    }
  });

  it('walk many rows in blocks with the same result as one row at a time', () => {
    const d = 40;
    const m = 5000;
    const forest = randomForest(1, 5, 8, d, false);
    const x = randomRows(9, m, d, false);
    const all = predictWith(routines, forest, x, m, m, 1);
    for (const row of [0, 7, 8, 1631, 1632, 4999]) {
      const one = Float64Array.from({ length: d }, (_, j) => x[row + j * m]);
      expect(predictWith(routines, forest, one, 1, 1, 1).value[0]).toBe(all.value[row]);
    }
  });

  it('predict 0 without trees and the leaf of a tree without splits', () => {
    const leaf = randomForest(2, 1, 0, 1, false);
    expect(predictWith(routines, leaf, new Float64Array(9), 9, 9, 2).value).toEqual(
      new Float64Array(9).fill(2 * leaf.value[0]),
    );
    const none = { ...leaf, treeCount: 0, nodeCount: 0, roots: new Int32Array(0) };
    expect(predictWith(routines, none, new Float64Array(9), 9, 9, 2).value).toEqual(new Float64Array(9));
  });

  it('refuse malformed trees, whether walked row by row or in step', () => {
    const forest = randomForest(3, 2, 3, 2, false);
    const inner = forest.feature.findIndex((feature) => feature >= 0);
    const spoilt: [string, (forest: RandomForest) => void][] = [
      ['a child before its parent', ({ left, right }) => (left[inner] = right[inner] = inner)],
      ['a child in another tree', ({ left, right, roots }) => (left[inner] = right[inner] = roots[1])],
      ['a child beyond the nodes', ({ left, right }) => (left[inner] = right[inner] = 1_000_000)],
      ['an unknown input', ({ feature }) => (feature[inner] = 2)],
      ['a root beyond the nodes', ({ roots }) => (roots[1] = 1_000_000)],
    ];
    for (const [what, spoil] of spoilt) {
      const copy = {
        ...forest,
        left: forest.left.slice(),
        right: forest.right.slice(),
        feature: forest.feature.slice(),
        roots: forest.roots.slice(),
      };
      spoil(copy);
      for (const m of [1, 200]) {
        expect(() => predictWith(routines, copy, new Float64Array(2 * m), m, m, 1), what).toThrow(RangeError);
      }
    }
    const top = routines.arena.top;
    expect(predictWith(routines, forest, new Float64Array(2), 1, 1, 1).value).toHaveLength(1);
    expect(routines.arena.top).toBe(top);
  });
});
