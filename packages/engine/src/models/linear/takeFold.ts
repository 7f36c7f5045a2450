import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';

/** Rows to learn from and rows to be predicted, centred by the means of the former. */
export interface CentredFold {
  /** [n - h, d] */
  readonly X: Matrix;
  /** [n - h] */
  readonly z: Float64Array;
  /** [h, d] */
  readonly heldOutX: Matrix;
  /** [h] */
  readonly heldOutZ: Float64Array;
}

/** @param foldOf fold of each row [n] */
export function takeFold(X: Matrix, z: Float64Array, foldOf: Int32Array, fold: number): CentredFold {
  const isHeldOut = Uint8Array.from(foldOf, (one) => (one === fold ? 1 : 0));
  const heldOutCount = isHeldOut.reduce((sum, one) => sum + one, 0);
  const training = createMatrix(z.length - heldOutCount, X.columnCount);
  const heldOut = createMatrix(heldOutCount, X.columnCount);
  const split = (column: Float64Array, left: Float64Array, right: Float64Array): void => {
    let a = 0;
    let b = 0;
    for (let i = 0; i < column.length; i++) {
      if (isHeldOut[i] === 1) right[b++] = column[i]!;
      else left[a++] = column[i]!;
    }
    const center = left.reduce((sum, value) => sum + value, 0) / left.length;
    for (let i = 0; i < left.length; i++) left[i]! -= center;
    for (let i = 0; i < right.length; i++) right[i]! -= center;
  };
  for (let j = 0; j < X.columnCount; j++) split(columnOf(X, j), columnOf(training, j), columnOf(heldOut, j));
  const trainingZ = new Float64Array(training.rowCount);
  const heldOutZ = new Float64Array(heldOutCount);
  split(z, trainingZ, heldOutZ);
  return { X: training, z: trainingZ, heldOutX: heldOut, heldOutZ };
}
