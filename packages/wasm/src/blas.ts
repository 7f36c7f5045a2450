import type { Pointer } from './arena.ts';

/** `N`: the matrix as it lies in memory; `T`: its transpose. */
export type Transpose = 'N' | 'T';

/** Side on which the triangular matrix stands. */
export type Side = 'L' | 'R';

/**
 * The five dense routines on which everything of cubic cost rests, by their BLAS and LAPACK names (Dongarra et al.,
 * 1990, ACM TOMS 16(1); Anderson et al., 1999, LAPACK Users' Guide). A small interface of its own, so that a system
 * library can stand in for it on the same memory.
 *
 * Matrices are column-major float64 at (pointer, leading dimension). Triangular and symmetric matrices are the lower
 * triangle; what lies above the diagonal is neither read nor written. Nothing outside the stated rows and columns is
 * written. Distinct arguments must not overlap. Sizes of 0 are allowed and do nothing.
 *
 * Not-a-number goes through as usual in floating point and never hangs a routine.
 */
export interface Blas {
  /** C [m, n] = alpha op(A) op(B) + beta C, with op(A) [m, k] and op(B) [k, n]. With beta = 0, C is not read. */
  gemm(
    transA: Transpose,
    transB: Transpose,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Pointer,
    lda: number,
    b: Pointer,
    ldb: number,
    beta: number,
    c: Pointer,
    ldc: number,
  ): void;

  /**
   * Lower triangle of C [n, n] = alpha A A' + beta C for `N` (A [n, k]), or alpha A'A + beta C for `T` (A [k, n]).
   * With beta = 0, C is not read.
   */
  syrk(
    trans: Transpose,
    n: number,
    k: number,
    alpha: number,
    a: Pointer,
    lda: number,
    beta: number,
    c: Pointer,
    ldc: number,
  ): void;

  /**
   * Cholesky factor: the lower triangle of A [n, n] becomes L with A = L L'.
   * @returns 0, or i >= 1 when the leading minor of order i is not positive definite (its pivot is <= 0 or not a
   * number); A is then partly overwritten.
   */
  potrf(n: number, a: Pointer, lda: number): number;

  /**
   * Solves with a lower triangular L that has a non-zero diagonal, B [m, n] becoming the solution:
   * `L`: op(L) X = B with L [m, m]; `R`: X op(L) = B with L [n, n]. On the left, each column's solution depends on that
   * column alone, to the bit.
   */
  trsm(
    side: Side,
    trans: Transpose,
    m: number,
    n: number,
    l: Pointer,
    ldl: number,
    b: Pointer,
    ldb: number,
  ): void;

  /**
   * Inverse from the Cholesky factor: the lower triangle L of A [n, n] becomes that of (L L')^-1.
   * @returns 0, or i >= 1 when the i-th diagonal element of L is 0; A is then unchanged.
   */
  potri(n: number, a: Pointer, lda: number): number;
}
