import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/**
 * The rows of X [n, d] in ascending order of each column, and how that order follows the splits of a tree: the rows
 * of a node lie side by side, at the same places in all columns.
 */
export class SortedColumns {
  /** Rows of the bag in ascending order of each column, missing cells last; column j begins at j * n [n * d]. */
  readonly order: Int32Array;
  /** 1 for columns with missing cells [d]. */
  readonly hasMissing: Uint8Array;
  readonly #n: number;
  readonly #all: Int32Array;
  readonly #right: Int32Array;

  constructor(X: Matrix) {
    const { rowCount: n, columnCount: d } = X;
    this.#n = n;
    this.#all = new Int32Array(n * d);
    this.order = new Int32Array(n * d);
    this.#right = new Int32Array(n);
    this.hasMissing = new Uint8Array(d);
    for (let j = 0; j < d; j++) {
      const cells = columnOf(X, j);
      if (cells.some(Number.isNaN)) this.hasMissing[j] = 1;
      const keys = cells.map((cell) => (Number.isNaN(cell) ? Infinity : cell));
      const rows = this.#all.subarray(j * n, (j + 1) * n);
      for (let i = 0; i < n; i++) rows[i] = i;
      rows.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
    }
  }

  /** Starts a tree on the rows with a weight above zero. @returns how many there are */
  takeBag(weights: Float64Array): number {
    const n = this.#n;
    const { order } = this;
    const all = this.#all;
    let size = 0;
    for (let start = 0; start < all.length; start += n) {
      let next = start;
      for (let p = start; p < start + n; p++) {
        const row = all[p]!;
        order[next] = row;
        if (weights[row]! > 0) next++;
      }
      size = next - start;
    }
    return size;
  }

  /** Parts the places `start` .. `end - 1` of a column: rows that go left first, each side still in order. */
  part(column: number, start: number, end: number, goesLeft: Uint8Array): void {
    partRows(this.order, column * this.#n + start, column * this.#n + end, goesLeft, this.#right);
  }
}

/** Puts the rows that go left first, without changing the order on either side. @returns where the others begin */
export function partRows(
  rows: Int32Array,
  start: number,
  end: number,
  goesLeft: Uint8Array,
  scratch: Int32Array,
): number {
  let middle = start;
  let kept = 0;
  // Both writes, one of which is overwritten: faster than a branch that nobody can foresee.
  for (let p = start; p < end; p++) {
    const row = rows[p]!;
    const left = goesLeft[row]!;
    rows[middle] = row;
    scratch[kept] = row;
    middle += left;
    kept += 1 - left;
  }
  for (let p = 0; p < kept; p++) rows[middle + p] = scratch[p]!;
  return middle;
}
