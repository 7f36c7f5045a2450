/**
 * A dense matrix [rowCount, columnCount], column after column (feature-major). Columns start `stride` cells apart;
 * the stride is a multiple of four and the cells between the last row and the next column are zero, so that
 * four-wide routines can read past the end without a special case.
 */
export interface Matrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly stride: number;
  /** [stride * columnCount]; cell (i, j) is values[j * stride + i]. */
  readonly values: Float64Array;
}

/** A matrix of zeros. */
export function createMatrix(rowCount: number, columnCount: number): Matrix {
  const stride = Math.ceil(rowCount / 4) * 4;
  return { rowCount, columnCount, stride, values: new Float64Array(stride * columnCount) };
}

/** Column j [n] as a view: writing to it writes to the matrix. */
export function columnOf(matrix: Matrix, j: number): Float64Array {
  return matrix.values.subarray(j * matrix.stride, j * matrix.stride + matrix.rowCount);
}

/** The first `count` columns as a view. */
export function leadingColumns(matrix: Matrix, count: number): Matrix {
  if (count === matrix.columnCount) return matrix;
  return { ...matrix, columnCount: count, values: matrix.values.subarray(0, count * matrix.stride) };
}

/** The matrix with these rows; for tests and small tables. */
export function matrixFromRows(rows: readonly (readonly number[])[], columnCount?: number): Matrix {
  const matrix = createMatrix(rows.length, columnCount ?? rows[0]?.length ?? 0);
  rows.forEach((row, i) => row.forEach((value, j) => (matrix.values[j * matrix.stride + i] = value)));
  return matrix;
}

/** The rows of `matrix` at `rows`, in that order. */
export function takeMatrixRows(matrix: Matrix, rows: Int32Array): Matrix {
  const taken = createMatrix(rows.length, matrix.columnCount);
  for (let j = 0; j < matrix.columnCount; j++) {
    const from = j * matrix.stride;
    const to = j * taken.stride;
    for (let i = 0; i < rows.length; i++) taken.values[to + i] = matrix.values[from + rows[i]!]!;
  }
  return taken;
}

export function transpose(matrix: Matrix): Matrix {
  const transposed = createMatrix(matrix.columnCount, matrix.rowCount);
  for (let j = 0; j < matrix.columnCount; j++)
    for (let i = 0; i < matrix.rowCount; i++)
      transposed.values[i * transposed.stride + j] = matrix.values[j * matrix.stride + i]!;
  return transposed;
}
