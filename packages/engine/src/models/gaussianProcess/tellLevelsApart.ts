import { columnOf, createMatrix, type Matrix } from '../../linalg/matrix.ts';
import { describeColumns, type InputEncoder } from '../../transforms/inputEncoder.ts';
import type { Inputs } from '../inputs.ts';
import type { GaussianProcessState } from './gaussianProcessState.ts';

/** A level that no row of the process has, among others like it. */
interface NewLevel {
  /** Column of levels never seen. */
  readonly column: number;
  readonly rows: readonly number[];
}

/**
 * Rows encoded for a process, with the levels it has never seen told apart, and the state that knows them so. What is
 * asked of one row does not depend on it, because each of these levels stays where it was to the rows of the process. But
 * all of them were one place, and in a joint posterior to try one said all about the others.
 *
 * Levels are corners of a regular simplex of side 1, and so are these: half of the square of their distance goes to a
 * column of their own. The kernel sees what it would have seen had their columns been there, empty, when it was fitted.
 */
export function tellLevelsApart(
  encoder: InputEncoder,
  inputs: Inputs,
  X: Matrix,
  state: GaussianProcessState,
): { readonly X: Matrix; readonly state: GaussianProcessState } {
  const found = findNewLevels(encoder, inputs);
  if (found.length === 0) return { X, state };
  const { kernel, features } = state;
  const d = kernel.lengthscaleOf.length;
  const apart = insertColumns(X, d, found.length);
  found.forEach(({ column, rows }, k) => {
    const own = columnOf(apart, d + k);
    const shared = columnOf(apart, column);
    for (const i of rows) {
      shared[i] = Math.sqrt(Math.max(0, shared[i]! ** 2 - 0.5));
      own[i] = Math.SQRT1_2;
    }
  });
  const lengthscaleOf = [
    ...kernel.lengthscaleOf,
    ...found.map(({ column }) => kernel.lengthscaleOf[column]!),
  ];
  const fixed = kernel.fixed.map((term) =>
    term.kind === 'linear'
      ? { ...term, centre: Float64Array.from([...term.centre, ...found.map(() => 0)]) }
      : { ...term, feature: term.feature + found.length },
  );
  return {
    X: apart,
    state: {
      ...state,
      kernel: { ...kernel, lengthscaleOf: Int32Array.from(lengthscaleOf), fixed },
      features: insertColumns(features, d, found.length),
    },
  };
}

/** Levels never seen of inputs of which the rows have more than one. */
function findNewLevels(encoder: InputEncoder, inputs: Inputs): NewLevel[] {
  const columns = describeColumns(encoder);
  return encoder.inputs.flatMap((encoding): NewLevel[] => {
    if (encoding.kind !== 'categorical') return [];
    const { column } = inputs.columns.find((one) => one.column.key === encoding.key)!;
    // `encodeInputs` has found that it holds categories.
    if (column.kind !== 'categorical') return [];
    const isNew = column.levels.map((level) => !encoding.levels.includes(level));
    const rowsOf = new Map<number, number[]>();
    column.codes.forEach((code, i) => {
      if (code >= 0 && isNew[code]!) rowsOf.set(code, [...(rowsOf.get(code) ?? []), i]);
    });
    if (rowsOf.size < 2) return [];
    const novel = columns.findIndex(({ key, role }) => key === encoding.key && role === 'novel');
    return [...rowsOf.values()].map((rows) => ({ column: novel, rows }));
  });
}

/** The matrix with `count` columns of zeros before column `place`. */
function insertColumns(
  { rowCount, columnCount, stride, values }: Matrix,
  place: number,
  count: number,
): Matrix {
  const wider = createMatrix(rowCount, columnCount + count);
  wider.values.set(values.subarray(0, place * stride));
  wider.values.set(values.subarray(place * stride), (place + count) * stride);
  return wider;
}
