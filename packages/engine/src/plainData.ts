/**
 * What travels between processes and into artifacts: numbers, strings, booleans, null, arrays, objects and typed
 * arrays, nothing else. Fitted models, encoders and posteriors are plain data, hence types rather than classes.
 */
export type PlainData =
  | number
  | string
  | boolean
  | null
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Uint8Array
  | readonly PlainData[]
  | { readonly [key: string]: PlainData };
