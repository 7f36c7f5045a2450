import type { Side, Transpose } from '../src/blas.ts';

/**
 * Twin of `trsm`: B [m, n] becomes X with op(L) X = B (`L`, L [m, m]) or X op(L) = B (`R`, L [n, n]), by substitution
 * in the order in which the unknowns become known.
 */
export function trsm(
  side: Side,
  trans: Transpose,
  m: number,
  n: number,
  l: Float64Array,
  ldl: number,
  b: Float64Array,
  ldb: number,
): void {
  const order = side === 'L' ? m : n;
  const vectors = side === 'L' ? n : m;
  // Unknown i of vector v, and how far it lies from unknown 0.
  const at = (i: number, v: number) => (side === 'L' ? i + v * ldb : v + i * ldb);
  // L X = B and X L' = B start at the first unknown; L' X = B and X L = B at the last.
  const forward = (side === 'L') === (trans === 'N');
  for (let v = 0; v < vectors; v++) {
    for (let step = 0; step < order; step++) {
      const i = forward ? step : order - 1 - step;
      let sum = b[at(i, v)];
      if (forward) for (let p = 0; p < i; p++) sum -= l[i + p * ldl] * b[at(p, v)];
      else for (let p = i + 1; p < order; p++) sum -= l[p + i * ldl] * b[at(p, v)];
      b[at(i, v)] = sum / l[i + i * ldl];
    }
  }
}
