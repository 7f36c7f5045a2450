// Shorthands for two float64 in a 128-bit vector. The relaxed build fuses multiplication and addition where the
// processor can; the plain build rounds twice, the same way on every machine.

/** a * b + c */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(c, f64x2.mul(a, b));
}

/** a * b + c for four float32. */
@inline
export function maddSingle(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** c - a * b */
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

/** a * b + c for single numbers, rounded as in the vectors: the edges of a matrix get the bytes its middle would. */
@inline
export function maddOne(a: f64, b: f64, c: f64): f64 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return f64x2.extract_lane(f64x2.relaxed_madd(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
  }
  return c + a * b;
}

/** c - a * b for single numbers, likewise. */
@inline
export function nmaddOne(a: f64, b: f64, c: f64): f64 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    return f64x2.extract_lane(f64x2.relaxed_nmadd(f64x2.splat(a), f64x2.splat(b), f64x2.splat(c)), 0);
  }
  return c - a * b;
}

/** Both lanes the float64 at `pointer`. */
@inline
export function splatAt(pointer: usize): v128 {
  return v128.load64_splat(pointer);
}

@inline
export function zero(): v128 {
  return f64x2.splat(0);
}

/** (a0 + a1, b0 + b1) */
@inline
export function sumLanes(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/** Bytes of `count` float64. */
@inline
export function bytes(count: i32): usize {
  return (<usize>count) << 3;
}
