/**
 * Twin of `tanimoto`: min-max similarity T [m, n] of count rows (Ralaivola et al., 2005, Neural Networks 18), feature f
 * of row i at `f + i * ld`: sum_f min(a_f, b_f) / sum_f max(a_f, b_f), and 1 for two empty rows.
 */
export function tanimoto(
  m: number,
  n: number,
  d: number,
  a: Uint16Array,
  lda: number,
  b: Uint16Array,
  ldb: number,
  similarities: Float64Array,
  ld: number,
): void {
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < m; i++) {
      let common = 0;
      let all = 0;
      for (let f = 0; f < d; f++) {
        const left = a[f + i * lda];
        const right = b[f + k * ldb];
        common += Math.min(left, right);
        all += Math.max(left, right);
      }
      similarities[i + k * ld] = all === 0 ? 1 : common / all;
    }
  }
}
