// The two reductions of a posterior over the columns of a cross-covariance [n, m].

import { bytes, madd, zero } from './simd';

/** mean_c = sum_i K_ic alpha_i */
export function columnDots(n: i32, m: i32, k: usize, ldk: usize, alpha: usize, mean: usize): void {
  for (let c = 0; c < m; c++) {
    store<f64>(mean, dot(n, k, alpha));
    k += ldk;
    mean += 8;
  }
}

/** variance_c = max(0, variance_c - sum_i V_ic^2) */
export function subtractColumnSquares(n: i32, m: i32, v: usize, ldv: usize, variance: usize): void {
  for (let c = 0; c < m; c++) {
    store<f64>(variance, max(0, load<f64>(variance) - dot(n, v, v)));
    v += ldv;
    variance += 8;
  }
}

/** variance_c += scale sum_j Z_cj^2 */
export function addScaledRowSquares(m: i32, p: i32, scale: f64, z: usize, ldz: usize, variance: usize): void {
  for (let j = 0; j < p; j++) {
    for (let c = 0; c < m; c++) {
      const value = load<f64>(z + bytes(c));
      const at = variance + bytes(c);
      store<f64>(at, load<f64>(at) + scale * value * value);
    }
    z += ldz;
  }
}

function dot(n: i32, x: usize, y: usize): f64 {
  let s0 = zero(),
    s1 = zero(),
    s2 = zero(),
    s3 = zero();
  for (; n >= 8; n -= 8) {
    s0 = madd(v128.load(x), v128.load(y), s0);
    s1 = madd(v128.load(x, 16), v128.load(y, 16), s1);
    s2 = madd(v128.load(x, 32), v128.load(y, 32), s2);
    s3 = madd(v128.load(x, 48), v128.load(y, 48), s3);
    x += 64;
    y += 64;
  }
  const both = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; n > 0; n--) {
    sum += load<f64>(x) * load<f64>(y);
    x += 8;
    y += 8;
  }
  return sum;
}
