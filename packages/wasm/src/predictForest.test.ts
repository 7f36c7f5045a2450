import { describe, expect, it } from 'vitest';
import { predictForest, type ForestValues } from '../reference/predictForest.ts';
import { randomNumbers } from '../test/randomMatrix.ts';
import { createRoutines, supportedBuilds } from './createRoutines.ts';
import type { Routines } from './routines.ts';

/**
 * Random trees of up to `depth` levels over d inputs in (-1, 1): thresholds among a few values, so that inputs often
 * equal one, and splits in a random order that only keeps children after parents.
 */
function randomForest(
  seed: number,
  treeCount: number,
  depth: number,
  d: number,
  isBinned: boolean,
): ForestValues {
  const next = randomNumbers(seed);
  const whole = (limit: number) => Math.floor(((next() + 1) / 2) * limit);
  const roots: number[] = [];
  const splits: { feature: number; threshold: number; children: [number, number] }[] = [];
  let leafCount = 0;
  for (let t = 0; t < treeCount; t++) {
    const open: { level: number; connect: (reference: number) => void }[] = [
      { level: 0, connect: (reference) => roots.push(reference) },
    ];
    while (open.length > 0) {
      const [{ level, connect }] = open.splice(whole(open.length), 1);
      if (level >= depth || (level > 0 && next() < -0.6)) {
        connect(~leafCount++);
        continue;
      }
      connect(splits.length);
      const children: [number, number] = [0, 0];
      splits.push({ feature: whole(d), threshold: isBinned ? whole(255) : whole(9) / 4 - 1, children });
      for (const side of [0, 1]) {
        open.push({ level: level + 1, connect: (reference) => (children[side] = reference) });
      }
    }
  }
  const threshold = splits.map((split) => split.threshold);
  return {
    roots: Int32Array.from(roots),
    feature: Int32Array.from(splits, (split) => split.feature),
    left: Int32Array.from(splits, (split) => split.children[0]),
    right: Int32Array.from(splits, (split) => split.children[1]),
    missingLeft: seed % 2 === 0 ? null : Uint8Array.from(splits, () => whole(2)),
    threshold: isBinned ? Uint8Array.from(threshold) : Float64Array.from(threshold),
    value: Float64Array.from({ length: leafCount }, next),
    second: seed % 3 === 0 ? null : Float64Array.from({ length: leafCount }, next),
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

interface Prediction {
  readonly value: Float64Array;
  readonly second: Float64Array;
  readonly squares: Float64Array;
}

function predictWith(
  routines: Routines,
  forest: ForestValues,
  d: number,
  x: Float64Array | Uint8Array,
  ld: number,
  m: number,
  scale: number,
): Prediction {
  const { arena } = routines;
  const mark = arena.mark();
  try {
    const { threshold, missingLeft, second } = forest;
    const outputs = {
      value: arena.allocateFloat64(m),
      ...(second !== null && { second: arena.allocateFloat64(m), squares: arena.allocateFloat64(m) }),
    };
    const common = {
      d,
      m,
      scale,
      ...outputs,
      forest: {
        treeCount: forest.roots.length,
        splitCount: forest.feature.length,
        leafCount: forest.value.length,
        roots: arena.storeInt32(forest.roots),
        feature: arena.storeInt32(forest.feature),
        left: arena.storeInt32(forest.left),
        right: arena.storeInt32(forest.right),
        ...(missingLeft !== null && { missingLeft: arena.storeUint8(missingLeft) }),
        value: arena.storeFloat64(forest.value),
        ...(second !== null && { second: arena.storeFloat64(second) }),
      },
    };
    if (x instanceof Uint8Array) {
      const bins = { pointer: arena.storeUint8(x), ld };
      routines.predictBinnedForest({ ...common, threshold: arena.storeUint8(threshold), bins });
    } else {
      const inputs = { pointer: arena.storeFloat64(x), ld };
      routines.predictForest({ ...common, threshold: arena.storeFloat64(threshold), x: inputs });
    }
    const read = (pointer: number | undefined) =>
      pointer === undefined ? new Float64Array(m) : arena.float64(pointer, m).slice();
    return { value: read(outputs.value), second: read(outputs.second), squares: read(outputs.squares) };
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
        const expected = {
          value: new Float64Array(m),
          second: new Float64Array(m),
          squares: new Float64Array(m),
        };
        const isAlone = forest.second === null;
        const [second, squares] = isAlone ? [null, null] : [expected.second, expected.squares];
        predictForest(m, d, x, ld, forest, 0.25, expected.value, second, squares);
        expect(predictWith(routines, forest, d, x, ld, m, 0.25)).toEqual(expected);
      }
    }
  });

  it('walk many rows in blocks with the same result as one row at a time', () => {
    const d = 40;
    const m = 5000;
    const forest = randomForest(1, 5, 8, d, false);
    const x = randomRows(9, m, d, false);
    const all = predictWith(routines, forest, d, x, m, m, 1);
    for (const row of [0, 7, 8, 815, 816, 1631, 1632, 4999]) {
      const one = Float64Array.from({ length: d }, (_, j) => x[row + j * m]);
      expect(predictWith(routines, forest, d, one, 1, 1, 1).value[0]).toBe(all.value[row]);
    }
  });

  it('predict 0 without trees and the leaf of a tree without splits', () => {
    const leaf = randomForest(2, 1, 0, 1, false);
    const rows = new Float64Array(9);
    expect(predictWith(routines, leaf, 1, rows, 9, 9, 2).value).toEqual(
      new Float64Array(9).fill(2 * leaf.value[0]),
    );
    const none = { ...leaf, roots: new Int32Array(0) };
    expect(predictWith(routines, none, 1, rows, 9, 9, 2).value).toEqual(new Float64Array(9));
  });

  it('refuse malformed trees, whether walked row by row or in step', () => {
    // A tree of one split, then one of two.
    const forest: ForestValues = {
      roots: Int32Array.of(0, 1),
      feature: Int32Array.of(0, 1, 0),
      left: Int32Array.of(~0, 2, ~2),
      right: Int32Array.of(~1, ~4, ~3),
      missingLeft: null,
      threshold: Float64Array.of(0, 1, 0),
      value: Float64Array.of(1, 2, 3, 4, 5),
      second: null,
    };
    const spoilt: [string, Partial<ForestValues>][] = [
      ['a split below itself', { left: Int32Array.of(~0, 1, ~2) }],
      ['a split below a later one', { left: Int32Array.of(~0, 2, 0) }],
      ['a split that does not exist', { left: Int32Array.of(~0, 3, ~2) }],
      ['a leaf that does not exist', { left: Int32Array.of(~0, 2, ~5) }],
      ['an input that does not exist', { feature: Int32Array.of(0, 2, 0) }],
      ['no input', { feature: Int32Array.of(0, -1, 0) }],
      ['a root that does not exist', { roots: Int32Array.of(0, 3) }],
      ['a root that is no leaf', { roots: Int32Array.of(0, ~5) }],
      ['a threshold that is no number', { threshold: Float64Array.of(0, NaN, 0) }],
      ['a threshold that is infinite', { threshold: Float64Array.of(0, Infinity, 0) }],
    ];
    const top = routines.arena.top;
    for (const m of [1, 200]) {
      const rows = new Float64Array(2 * m);
      expect(predictWith(routines, forest, 2, rows, m, m, 1).value[0]).toBe(4);
      for (const [what, change] of spoilt) {
        expect(() => predictWith(routines, { ...forest, ...change }, 2, rows, m, m, 1), what).toThrow(
          RangeError,
        );
      }
    }
    expect(routines.arena.top).toBe(top);
  });
});
