/**
 * Factor of the symmetric quasi-definite matrix
 *
 *     K = [ -A  B' ]      A, C + B A^-1 B' positive definite, each [k, k],
 *         [  B  C  ]
 *
 * by two Cholesky factorisations, A = F F' and C + B A^-1 B' = G G'. Both small systems of L-BFGS-B have this form:
 * the middle matrix of the compact representation and the one of the subspace minimisation (Byrd, Lu, Nocedal & Zhu
 * 1995, eqs. 3.4 and 5.11). Blocks are row-major with leading dimension `capacity`.
 */
export class QuasiDefiniteFactor {
  readonly capacity: number;
  /** Overwritten by F in the lower triangle. */
  readonly A: Float64Array;
  /** Overwritten by B F^-T. */
  readonly B: Float64Array;
  /** Overwritten by G in the lower triangle. */
  readonly C: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.A = new Float64Array(capacity * capacity);
    this.B = new Float64Array(capacity * capacity);
    this.C = new Float64Array(capacity * capacity);
  }

  /** Factors the leading [size, size] blocks written into A, B (full) and C (lower); false when not quasi-definite. */
  factor(size: number): boolean {
    this.#size = size;
    const { A, B, C, capacity: m } = this;
    if (!factorLower(A, size, m)) return false;
    for (let i = 0; i < size; i++) solveLower(A, size, m, B, i * m);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = C[i * m + j]!;
        for (let k = 0; k < size; k++) sum += B[i * m + k]! * B[j * m + k]!;
        C[i * m + j] = sum;
      }
    }
    return factorLower(C, size, m);
  }

  /** Overwrites v [2k] by K^-1 v. */
  solve(v: Float64Array): void {
    const { A, B, C, capacity: m } = this;
    const k = this.#size;
    // K = [F 0; -B F^-T  G] diag(-I, I) [F' -F^-1 B'; 0 G']
    solveLower(A, k, m, v, 0);
    for (let i = 0; i < k; i++) {
      let sum = v[k + i]!;
      for (let j = 0; j < k; j++) sum += B[i * m + j]! * v[j]!;
      v[k + i] = sum;
    }
    solveLower(C, k, m, v, k);
    solveUpper(C, k, m, v, k);
    for (let j = 0; j < k; j++) {
      let sum = -v[j]!;
      for (let i = 0; i < k; i++) sum += B[i * m + j]! * v[k + i]!;
      v[j] = sum;
    }
    solveUpper(A, k, m, v, 0);
  }
}

/** Cholesky factor in place, lower triangle; false when a pivot is not positive. */
function factorLower(a: Float64Array, size: number, stride: number): boolean {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = a[i * stride + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * stride + k]! * a[j * stride + k]!;
      if (i > j) a[i * stride + j] = sum / a[j * stride + j]!;
      else if (sum > 0) a[j * stride + j] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** v[at ..] <- L^-1 v[at ..] */
function solveLower(L: Float64Array, size: number, stride: number, v: Float64Array, at: number): void {
  for (let i = 0; i < size; i++) {
    let sum = v[at + i]!;
    for (let k = 0; k < i; k++) sum -= L[i * stride + k]! * v[at + k]!;
    v[at + i] = sum / L[i * stride + i]!;
  }
}

/** v[at ..] <- L^-T v[at ..] */
function solveUpper(L: Float64Array, size: number, stride: number, v: Float64Array, at: number): void {
  for (let i = size - 1; i >= 0; i--) {
    let sum = v[at + i]!;
    for (let k = i + 1; k < size; k++) sum -= L[k * stride + i]! * v[at + k]!;
    v[at + i] = sum / L[i * stride + i]!;
  }
}
