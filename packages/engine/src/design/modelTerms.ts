import { columnOf, createMatrix, type Matrix } from '../linalg/matrix.ts';

/** Which effects a design is to tell apart. */
export const modelTermKinds = ['linear', 'interactions', 'quadratic'] as const;
export type ModelTermKind = (typeof modelTermKinds)[number];

/**
 * Columns of the polynomial model over encoded rows X [m, d]: an intercept, the inputs, their products and squares.
 * Amounts with a fixed total need no intercept and no squares (Scheffe 1958): their products hold the same.
 *
 * @param isMixture for each column whether it is an amount of a closed composition
 * @param isIndicator for each column whether it is 0 or 1, so that its square says nothing new
 */
export function modelTerms(
  X: Matrix,
  kind: ModelTermKind,
  isMixture: readonly boolean[],
  isIndicator: readonly boolean[],
): Matrix {
  const d = X.columnCount;
  const pairs: [number, number][] = [];
  if (kind !== 'linear')
    for (let a = 0; a < d; a++)
      for (let b = a; b < d; b++) {
        if (a === b && (kind === 'interactions' || isMixture[a] || isIndicator[a])) continue;
        pairs.push([a, b]);
      }
  const hasIntercept = !isMixture.includes(true);
  const F = createMatrix(X.rowCount, (hasIntercept ? 1 : 0) + d + pairs.length);
  let next = 0;
  if (hasIntercept) columnOf(F, next++).fill(1);
  for (let j = 0; j < d; j++) columnOf(F, next++).set(columnOf(X, j));
  for (const [a, b] of pairs) {
    const [x, y] = [columnOf(X, a), columnOf(X, b)];
    const product = columnOf(F, next++);
    for (let i = 0; i < product.length; i++) product[i] = x[i]! * y[i]!;
  }
  return F;
}
