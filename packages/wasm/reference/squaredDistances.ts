/**
 * Twin of `squaredDistances`: D [m, n], D_ik = sum_j (a_ij - b_kj)^2 with A [m, d] and B [n, d]. Differences first,
 * squares after: close rows keep all their digits, which |a|^2 + |b|^2 - 2 a'b would cancel.
 */
export function squaredDistances(
  m: number,
  n: number,
  d: number,
  a: Float64Array,
  lda: number,
  b: Float64Array,
  ldb: number,
  distances: Float64Array,
  ld: number,
): void {
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (a[i + j * lda] - b[k + j * ldb]) ** 2;
      distances[i + k * ld] = sum;
    }
  }
}
