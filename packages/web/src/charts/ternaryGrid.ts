/** A point of a triangle by its shares of three components; they sum to 1. */
export type Shares = readonly [a: number, b: number, c: number];

/** All points with shares in steps of 1/n, row by row from c = 0: (n + 1)(n + 2) / 2 of them. */
export function ternaryGrid(n: number): Shares[] {
  const points: Shares[] = [];
  for (let k = 0; k <= n; k++) {
    for (let j = 0; j <= n - k; j++) points.push([(n - k - j) / n, j / n, k / n]);
  }
  return points;
}

/** The small triangles between the points of `ternaryGrid(n)`, as indices into it: n² of them. */
export function ternaryTriangles(n: number): [number, number, number][] {
  const start = (k: number): number => k * (n + 1) - (k * (k - 1)) / 2;
  const triangles: [number, number, number][] = [];
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n - k; j++) {
      triangles.push([start(k) + j, start(k) + j + 1, start(k + 1) + j]);
      if (j < n - k - 1) triangles.push([start(k) + j + 1, start(k + 1) + j + 1, start(k + 1) + j]);
    }
  }
  return triangles;
}

/** Where shares lie in a triangle with corners a at the lower left, b at the lower right, c at the top; base 1, y up. */
export function placeShares([, b, c]: Shares): readonly [x: number, y: number] {
  return [b + c / 2, (c * Math.sqrt(3)) / 2];
}

/** The shares at a place; negative outside the triangle. */
export function sharesAt(x: number, y: number): Shares {
  const c = (2 * y) / Math.sqrt(3);
  const b = x - c / 2;
  return [1 - b - c, b, c];
}
