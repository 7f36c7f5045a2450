/** Constant cells of a graph, row by row. */
export type Tensor =
  | { readonly type: 'float64'; readonly shape: readonly number[]; readonly cells: Float64Array }
  | { readonly type: 'int64'; readonly shape: readonly number[]; readonly cells: ArrayLike<number> }
  | { readonly type: 'uint8'; readonly shape: readonly number[]; readonly cells: Uint8Array }
  | { readonly type: 'text'; readonly shape: readonly number[]; readonly cells: readonly string[] };

export type TensorType = Tensor['type'];

/** Doubles in one dimension. */
export function doubles(cells: Float64Array, shape: readonly number[] = [cells.length]): Tensor {
  return { type: 'float64', shape, cells };
}

/** Whole numbers in one dimension. */
export function wholeNumbers(cells: ArrayLike<number>): Tensor {
  return { type: 'int64', shape: [cells.length], cells };
}
