import { columnOf, type Matrix } from '../../linalg/matrix.ts';

/**
 * Rows that cover X [n, d]: the one nearest to the middle, then always the one farthest from those chosen (Gonzalez
 * 1985). Ascending [count]. O(n d count).
 */
export function chooseFarthestPoints(X: Matrix, count: number): Int32Array {
  const n = X.rowCount;
  const columns = Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j));
  const distanceTo = (point: (j: number) => number): Float64Array => {
    const distance = new Float64Array(n);
    columns.forEach((column, j) => {
      const at = point(j);
      for (let i = 0; i < n; i++) distance[i]! += (column[i]! - at) ** 2;
    });
    return distance;
  };
  const middle = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / n);
  const toMiddle = distanceTo((j) => middle[j]!);
  let next = 0;
  for (let i = 1; i < n; i++) if (toMiddle[i]! < toMiddle[next]!) next = i;
  const nearest = new Float64Array(n).fill(Infinity);
  const chosen: number[] = [];
  while (chosen.length < Math.min(count, n)) {
    const row = next;
    chosen.push(row);
    const distance = distanceTo((j) => columns[j]![row]!);
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i]!, distance[i]!);
      if (nearest[i]! > nearest[next]!) next = i;
    }
    nearest[row] = -1;
    if (next === row) for (let i = 0; i < n; i++) if (nearest[i]! > nearest[next]!) next = i;
  }
  return Int32Array.from(chosen).sort();
}
