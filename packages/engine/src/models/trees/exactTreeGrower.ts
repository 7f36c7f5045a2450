import type { Matrix as StoredMatrix, Pointer } from '@athanor/wasm';
import type { Matrix } from '../../linalg/matrix.ts';
import { routines } from '../../linalg/routines.ts';
import type { Generator } from '../../random/generator.ts';
import { drawFrom } from './drawFrom.ts';
import type { ForestBuilder } from './forestBuilder.ts';
import { sortColumns } from './sortColumns.ts';

export interface ExactTreeOptions {
  /** Columns tried at each split, 1 .. d. */
  readonly featuresTried: number;
  /** Least number of rows in a leaf, >= 1. */
  readonly minLeafRows: number;
  /** Most splits from the top to a leaf; Infinity for no limit. */
  readonly maxDepth: number;
  /** Direction each column may move the prediction in: 1 up, -1 down, 0 either [d]; null for either everywhere. */
  readonly monotone: Int8Array | null;
}

/** More splits from the top to a leaf than there can be. */
const noLimit = 2 ** 31 - 1;

/**
 * Grows regression trees on the rows of one X [n, d]. Each split is the best there is for the columns tried: the one
 * that lowers the weighted squared error most (L. Breiman et al., Classification and Regression Trees, 1984). The
 * columns are sorted once for all trees, and a split keeps the rows of both sides sorted in every column (M. Mehta,
 * R. Agrawal, J. Rissanen, SLIQ, 1996), so that a level of a tree costs O(n d).
 *
 * Columns are tried in random order, which decides ties. Missing cells (NaN) go to the side where they lower the error
 * more; at splits that saw none, to the side with more weight.
 *
 * Where a column is monotone, a split whose means go the wrong way is not taken, and the value between the two means
 * bounds all leaves below on either side.
 */
export class ExactTreeGrower {
  readonly #n: number;
  readonly #d: number;
  readonly #leafOf: Int32Array;
  // In the arena of the routines, from `#mark` on.
  readonly #mark: Pointer;
  readonly #x: StoredMatrix;
  readonly #sorted: Pointer;
  readonly #hasMissing: Pointer;
  readonly #monotone: Pointer;
  readonly #z: Pointer;
  readonly #weights: Pointer;
  readonly #state: Pointer;
  readonly #feature: Pointer;
  readonly #threshold: Pointer;
  readonly #left: Pointer;
  readonly #right: Pointer;
  readonly #missingLeft: Pointer;
  readonly #value: Pointer;
  readonly #leaves: Pointer;

  constructor(X: Matrix) {
    const { rowCount: n, columnCount: d, stride, values } = X;
    const { rows, hasMissing } = sortColumns(X);
    const { arena } = routines();
    this.#n = n;
    this.#d = d;
    this.#leafOf = new Int32Array(n);
    this.#mark = arena.mark();
    this.#x = { pointer: arena.storeFloat64(values), ld: stride };
    this.#sorted = arena.storeInt32(rows);
    this.#hasMissing = arena.storeUint8(hasMissing);
    this.#monotone = arena.allocate(d);
    this.#z = arena.allocateFloat64(n);
    this.#weights = arena.allocateFloat64(n);
    this.#state = arena.allocate(32);
    this.#feature = arena.allocateInt32(n);
    this.#threshold = arena.allocateFloat64(n);
    this.#left = arena.allocateInt32(n);
    this.#right = arena.allocateInt32(n);
    this.#missingLeft = arena.allocate(n);
    this.#value = arena.allocateFloat64(n);
    this.#leaves = arena.allocateInt32(n);
  }

  /** Gives its memory back; it must not be asked for trees any more. */
  release(): void {
    routines().arena.release(this.#mark);
  }

  /**
   * Adds one tree for z [n] to the forest; its leaves hold weighted means of z.
   *
   * @param weights of the rows [n], >= 0, some above; a row without weight takes no part but is led to its leaf
   * @returns the leaf of each row, counted over the whole forest [n]; the next tree overwrites it
   */
  grow(
    z: Float64Array,
    weights: Float64Array,
    { featuresTried, minLeafRows, maxDepth, monotone }: ExactTreeOptions,
    generator: Generator,
    forest: ForestBuilder,
  ): Int32Array {
    const n = this.#n;
    const numeric = routines();
    const { arena } = numeric;
    arena.float64(this.#z, n).set(z);
    arena.float64(this.#weights, n).set(weights);
    if (monotone !== null) arena.uint8(this.#monotone, this.#d).set(monotone);
    const splitCount = drawFrom(generator, arena, this.#state, () =>
      numeric.growExactTree({
        n,
        d: this.#d,
        x: this.#x,
        sorted: this.#sorted,
        hasMissing: this.#hasMissing,
        z: this.#z,
        weights: this.#weights,
        featuresTried,
        minLeafRows,
        maxDepth: Math.min(maxDepth, noLimit),
        ...(monotone !== null && { monotone: this.#monotone }),
        generator: this.#state,
        firstSplit: forest.splitCount,
        firstLeaf: forest.leafCount,
        feature: this.#feature,
        threshold: this.#threshold,
        left: this.#left,
        right: this.#right,
        missingLeft: this.#missingLeft,
        value: this.#value,
        leafOf: this.#leaves,
      }),
    );
    forest.addTree({
      feature: arena.int32(this.#feature, splitCount),
      threshold: arena.float64(this.#threshold, splitCount),
      left: arena.int32(this.#left, splitCount),
      right: arena.int32(this.#right, splitCount),
      missingLeft: arena.uint8(this.#missingLeft, splitCount),
      leafValue: arena.float64(this.#value, splitCount + 1),
      leafVariance: null,
    });
    this.#leafOf.set(arena.int32(this.#leaves, n));
    return this.#leafOf;
  }
}
