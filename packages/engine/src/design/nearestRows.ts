import { columnOf, type Matrix } from '../linalg/matrix.ts';
import type { Inputs } from '../models/inputs.ts';
import { encodeInputs } from '../transforms/encodeInputs.ts';
import { fitInputEncoder } from '../transforms/inputEncoder.ts';

/** Distances between rows on the scale of the measured ones: each input's range is 1, and so is any change of category. */
export interface DistanceScale {
  readonly measured: Matrix;
  encode(inputs: Inputs): Matrix;
}

export function distanceScale(observed: Inputs): DistanceScale {
  const encoder = fitInputEncoder(observed, { missing: 'impute' });
  return {
    measured: encodeInputs(encoder, observed),
    encode: (inputs) => encodeInputs(encoder, inputs),
  };
}

export interface Neighbour {
  /** Place among the measured rows. */
  readonly row: number;
  readonly distance: number;
}

/** The `count` rows of `from` nearest to row i of X, nearest first; `skip` is left out. */
export function nearestRows(from: Matrix, X: Matrix, i: number, count: number, skip = -1): Neighbour[] {
  const squares = new Float64Array(from.rowCount);
  for (let j = 0; j < X.columnCount; j++) {
    const x = columnOf(X, j)[i]!;
    const column = columnOf(from, j);
    for (let r = 0; r < squares.length; r++) squares[r]! += (column[r]! - x) ** 2;
  }
  const best: Neighbour[] = [];
  for (let r = 0; r < squares.length; r++) {
    if (r === skip) continue;
    const distance = Math.sqrt(squares[r]!);
    if (best.length === count && distance >= best.at(-1)!.distance) continue;
    best.push({ row: r, distance });
    best.sort((a, b) => a.distance - b.distance);
    if (best.length > count) best.pop();
  }
  return best;
}
