import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/** Rows of a table that have the same features, in an order that does not depend on that of the table. */
export interface ReplicateGroups {
  /** One row of each group, by ascending features [m]. */
  readonly representatives: Int32Array;
  /** Rows of each group, by ascending target [m]. */
  readonly members: readonly Int32Array[];
  /** Group of each row [n]. */
  readonly groupOf: Int32Array;
}

/** Groups the rows of X [n, d] that are equal in every feature. */
export function groupReplicates(X: Matrix, y: Float64Array): ReplicateGroups {
  const columns = Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j));
  const compare = (a: number, b: number): number => {
    for (const column of columns) {
      const difference = column[a]! - column[b]!;
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const order = Array.from(y.keys()).sort((a, b) => compare(a, b) || y[a]! - y[b]!);
  const groups: number[][] = [];
  for (const row of order) {
    const last = groups.at(-1);
    if (last !== undefined && compare(last[0]!, row) === 0) last.push(row);
    else groups.push([row]);
  }
  const groupOf = new Int32Array(y.length);
  groups.forEach((rows, g) => rows.forEach((row) => (groupOf[row] = g)));
  return {
    representatives: Int32Array.from(groups, ([row]) => row!),
    members: groups.map((rows) => Int32Array.from(rows)),
    groupOf,
  };
}
