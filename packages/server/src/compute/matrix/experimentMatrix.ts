import type { CellValue, MatrixSchema, MatrixVariable } from '@athanor/schema';

/** A column of the matrix, with every header under which the tables had it. */
export interface ExperimentVariable extends MatrixVariable {
  readonly headers: readonly string[];
}

/** Where a row of the matrix comes from, and what it is an experiment on. */
export interface ExperimentRow {
  readonly datasetId: string;
  /** 1-based data row of the dataset's table. */
  readonly row: number;
  /** What was mixed: an id of the table, or a number for each different formulation. */
  readonly inventory: string;
  /** Which batch of it; null where the table does not say. */
  readonly lot: string | null;
}

/** All experiments of a scope, one a row: n rows, m variables. */
export interface ExperimentMatrix {
  readonly rows: readonly ExperimentRow[];
  readonly variables: readonly ExperimentVariable[];
  /** Values by variable [m][n]. */
  readonly columns: readonly (readonly CellValue[])[];
  readonly schema: MatrixSchema;
}

const format = 'athanor-experiment-matrix-1';

/** The bytes a matrix is stored as: JSON, so that any program can read it. */
export function encodeMatrix(matrix: ExperimentMatrix): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ format, ...matrix }));
}

/** @throws TypeError for bytes that are not a matrix of this version. */
export function decodeMatrix(bytes: Uint8Array): ExperimentMatrix {
  const { format: found, ...matrix } = JSON.parse(new TextDecoder().decode(bytes)) as {
    format?: string;
  } & ExperimentMatrix;
  if (found !== format) throw new TypeError(`this is not a matrix of format ${format}`);
  return matrix;
}
