import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/** Most bins of a column, one byte with a value left for missing cells. */
export const maxBins = 255;

/** The cells of X [n, d] as bins of about equally many rows, equal cells in one bin. */
export interface BinnedColumns {
  /** Bin of each cell, in strips of four columns: that of (i, j) at 4 * (floor(j / 4) * n + i) + j % 4. */
  readonly bins: Uint8Array;
  /** Bins in use of each column, without that of missing cells, which comes after them [d]. */
  readonly binCounts: Int32Array;
  /** For each column the threshold above each of its bins but the last: halfway to the least cell of the next. */
  readonly thresholds: readonly Float64Array[];
}

export function binColumns(X: Matrix): BinnedColumns {
  const { rowCount: n, columnCount: d } = X;
  const bins = new Uint8Array(4 * n * Math.ceil(d / 4));
  const thresholds = Array.from({ length: d }, (_, j) => {
    const cells = columnOf(X, j);
    const cuts = cutColumn(cells.filter((cell) => !Number.isNaN(cell)).sort());
    const strip = 4 * n * (j >> 2) + (j & 3);
    for (let i = 0; i < n; i++) {
      const cell = cells[i]!;
      bins[strip + 4 * i] = Number.isNaN(cell) ? cuts.length + 1 : findBin(cuts, cell);
    }
    return cuts;
  });
  return { bins, binCounts: Int32Array.from(thresholds, ({ length }) => length + 1), thresholds };
}

/** Thresholds between bins of sorted cells. */
function cutColumn(sorted: Float64Array): Float64Array {
  const distinct = sorted.reduce((count, cell, i) => count + (i === 0 || cell > sorted[i - 1]! ? 1 : 0), 0);
  const cuts: number[] = [];
  for (let i = 1; i < sorted.length; i++) {
    const below = sorted[i - 1]!;
    const above = sorted[i]!;
    // Bin number b may end once the bins so far hold their share of the rows.
    const isFull = distinct <= maxBins || i * maxBins >= (cuts.length + 1) * sorted.length;
    if (below === above || !isFull || cuts.length === maxBins - 1) continue;
    const middle = below + (above - below) / 2;
    cuts.push(middle < above ? middle : below);
  }
  return Float64Array.from(cuts);
}

/** How many thresholds lie below the cell. */
function findBin(cuts: Float64Array, cell: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell <= cuts[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
