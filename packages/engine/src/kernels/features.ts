/**
 * Encoded inputs of n rows, feature-major: feature j of row i at `values[i + j * rowCount]`. This is the layout of
 * the numeric routines, which take it in without rearranging.
 */
export interface Features {
  /** n */
  readonly rowCount: number;
  /** d */
  readonly featureCount: number;
  /** [n, d] */
  readonly values: Float64Array;
}

/** Row i as a point [d]. */
export function featureRow({ rowCount, featureCount, values }: Features, i: number): Float64Array {
  return Float64Array.from({ length: featureCount }, (_, j) => values[i + j * rowCount]!);
}

/** The rows at `rows`, in that order. */
export function takeFeatureRows({ rowCount, featureCount, values }: Features, rows: Int32Array): Features {
  const taken = new Float64Array(rows.length * featureCount);
  for (let j = 0; j < featureCount; j++) {
    for (let i = 0; i < rows.length; i++) taken[i + j * rows.length] = values[rows[i]! + j * rowCount]!;
  }
  return { rowCount: rows.length, featureCount, values: taken };
}
