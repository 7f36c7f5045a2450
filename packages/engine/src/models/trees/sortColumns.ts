import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/** The rows of X [n, d] in the order of each column. */
export interface SortedColumns {
  /** Rows in ascending order of each column, then of their number, missing cells last; column j begins at j * n [n * d]. */
  readonly rows: Int32Array;
  /** 1 for columns with missing cells [d]. */
  readonly hasMissing: Uint8Array;
}

export function sortColumns(X: Matrix): SortedColumns {
  const { rowCount: n, columnCount: d } = X;
  const sorted = new Int32Array(n * d);
  const hasMissing = new Uint8Array(d);
  for (let j = 0; j < d; j++) {
    const cells = columnOf(X, j);
    if (cells.some(Number.isNaN)) hasMissing[j] = 1;
    const keys = cells.map((cell) => (Number.isNaN(cell) ? Infinity : cell));
    const rows = sorted.subarray(j * n, (j + 1) * n);
    for (let i = 0; i < n; i++) rows[i] = i;
    rows.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
  }
  return { rows: sorted, hasMissing };
}
