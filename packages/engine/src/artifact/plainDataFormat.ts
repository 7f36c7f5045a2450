/**
 * The format of plain data as bytes: a safetensors file (https://github.com/huggingface/safetensors). Every typed array
 * is a one-dimensional tensor named by its path as a JSON pointer (RFC 6901); all the rest is JSON text, kept in
 * `__metadata__` or, when it is too long for a header, in a tensor of bytes.
 */
export const plainDataFormat = 'athanor plain data';
/** Raised when older readers could misread what newer writers write. */
export const plainDataFormatVersion = 1;

/** Longest header, JSON with its padding. */
export const maxHeaderBytes = 1_048_576;
/** Longest JSON text kept in the header; escaping may double it. */
export const maxTextInHeader = 262_144;
/** Name of the tensor that holds the JSON text when it is longer. No pointer to a member starts without a slash. */
export const textTensor = 'text';

/** In the JSON text, an object with this one key stands for the tensor it names. */
export const tensorKey = '$tensor';
/** The same for numbers that JSON cannot write: NaN, Infinity, -Infinity, -0. */
export const numberKey = '$number';

/** Array type of each tensor type we use. */
export const arrayOfType = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  I16: Int16Array,
  U8: Uint8Array,
} as const;
export type TensorType = keyof typeof arrayOfType;
export type TensorArray = Float64Array | Float32Array | Int32Array | Int16Array | Uint8Array;
