import { columnOf, type Matrix } from '../linalg/matrix.ts';

/**
 * Chooses rows of X as far as possible from each other and from those already there: the farthest point each time
 * (Gonzalez 1985), then exchanges as long as the least distance grows (Johnson, Moore & Ylvisaker 1990, maximin).
 *
 * @param X candidates [m, d], scaled so that every input's range is 1
 * @param anchors rows already there [n, d]; may be empty
 * @returns places among the candidates, in the order of choice
 */
export function chooseSpaceFilling(X: Matrix, anchors: Matrix, count: number): Int32Array {
  const m = X.rowCount;
  const nearest = new Float64Array(m).fill(Infinity);
  for (let a = 0; a < anchors.rowCount; a++) lower(nearest, X, rowOf(anchors, a));
  const chosen: number[] = [];
  const wanted = Math.min(count, m);
  if (anchors.rowCount === 0 && wanted > 0) {
    // Without anything there, begin at the edge: the row farthest from the centre.
    const fromCentre = new Float64Array(m).fill(Infinity);
    lower(fromCentre, X, centreOf(X));
    chosen.push(largestAt(fromCentre));
    lower(nearest, X, rowOf(X, chosen[0]!));
  }
  while (chosen.length < wanted) {
    const next = largestAt(nearest);
    chosen.push(next);
    lower(nearest, X, rowOf(X, next));
  }
  return Int32Array.from(exchange(X, anchors, chosen));
}

/** Rounds of exchange; each costs a pass over the candidates. */
const rounds = 30;

/** Replaces the chosen row that is nearest to others by the candidate that is farthest, while that helps. */
function exchange(X: Matrix, anchors: Matrix, chosen: number[]): number[] {
  let current = chosen;
  let { least, place } = tightest(X, anchors, current);
  for (let round = 0; round < rounds && current.length > 1; round++) {
    const others = current.filter((_, k) => k !== place);
    const nearest = new Float64Array(X.rowCount).fill(Infinity);
    for (let a = 0; a < anchors.rowCount; a++) lower(nearest, X, rowOf(anchors, a));
    for (const other of others) lower(nearest, X, rowOf(X, other));
    const candidate = [...current];
    candidate[place] = largestAt(nearest);
    const found = tightest(X, anchors, candidate);
    if (!(found.least > least * (1 + 1e-9))) break;
    current = candidate;
    ({ least, place } = found);
  }
  return current;
}

/** The chosen row nearest to another or to an anchor, and how near. */
function tightest(X: Matrix, anchors: Matrix, chosen: readonly number[]): { least: number; place: number } {
  let least = Infinity;
  let place = 0;
  chosen.forEach((row, k) => {
    const x = rowOf(X, row);
    let own = Infinity;
    for (let a = 0; a < anchors.rowCount; a++) own = Math.min(own, squareDistance(x, rowOf(anchors, a)));
    chosen.forEach((other, l) => {
      if (l !== k) own = Math.min(own, squareDistance(x, rowOf(X, other)));
    });
    if (own < least) {
      least = own;
      place = k;
    }
  });
  return { least, place };
}

/** Least distance between rows of a design and to its anchors. */
export function leastDistance(X: Matrix, anchors: Matrix, chosen: readonly number[]): number {
  return Math.sqrt(tightest(X, anchors, chosen).least);
}

function rowOf(X: Matrix, i: number): Float64Array {
  return Float64Array.from({ length: X.columnCount }, (_, j) => columnOf(X, j)[i]!);
}

function centreOf(X: Matrix): Float64Array {
  return Float64Array.from(
    { length: X.columnCount },
    (_, j) => columnOf(X, j).reduce((sum, x) => sum + x, 0) / X.rowCount,
  );
}

function squareDistance(a: Float64Array, b: Float64Array): number {
  let square = 0;
  for (let j = 0; j < a.length; j++) square += (a[j]! - b[j]!) ** 2;
  return square;
}

/** Lowers squared distances to those to one more row. */
function lower(nearest: Float64Array, X: Matrix, row: Float64Array): void {
  const squares = new Float64Array(nearest.length);
  for (let j = 0; j < X.columnCount; j++) {
    const column = columnOf(X, j);
    const x = row[j]!;
    for (let i = 0; i < squares.length; i++) squares[i]! += (column[i]! - x) ** 2;
  }
  for (let i = 0; i < nearest.length; i++) if (squares[i]! < nearest[i]!) nearest[i] = squares[i]!;
}

function largestAt(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
