// gemm and syrk are one product: C = alpha op(A) op(B) + beta C, whole or only on and below the diagonal. Small ones
// run straight on the matrices; larger ones are cut into blocks that fit the caches and are packed strip by strip
// (Goto & van de Geijn, 2008, ACM TOMS 34(3), 12).
//
// Leading dimensions are in bytes throughout the assembly.

import { bytes } from './simd';
import { multiplyColumns, multiplyDots, multiplyOuter, updateFromTile, updateLowerFromTile } from './tile';

/** Depth of a packed block: two strips of it fill half of a 32 KiB first-level cache. */
const depth: i32 = 256;
/** Rows of A packed at once, for the second-level cache (256 KiB). */
const rowBlock: i32 = 128;
/** Columns of B packed at once (1 MiB). */
const columnBlock: i32 = 512;

const packedA: usize = memory.data(262144, 64);
const packedB: usize = memory.data(1048576, 64);

/** Up to this depth, and while A stays in the second-level cache (512 KiB), a product runs unpacked. */
const directDepth: i32 = 128;
const directElements: i64 = 65536;

export function product(
  lower: bool,
  transA: bool,
  transB: bool,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  beta: f64,
  c: usize,
  ldc: usize,
): void {
  const isSmall = k <= directDepth && <i64>m * <i64>k <= directElements;
  // With k = 0 nothing of A and B is read, and `direct` leaves beta C.
  if (k == 0 || (isSmall && !(transA && transB))) {
    direct(lower, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  } else {
    packed(lower, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  }
}

function direct(
  lower: bool,
  transA: bool,
  transB: bool,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  beta: f64,
  c: usize,
  ldc: usize,
): void {
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    const stripB = b + (transB ? bytes(j) : <usize>j * ldb);
    for (let i = lower ? j : 0; i < m; i += 4) {
      const rows = min(4, m - i);
      if (transA) multiplyDots(k, a + <usize>i * lda, lda, rows, stripB, ldb, columns);
      else if (transB) multiplyOuter(k, a + bytes(i), lda, stripB, ldb);
      else multiplyColumns(k, a + bytes(i), lda, stripB, ldb, columns);
      const target = c + <usize>j * ldc + bytes(i);
      if (lower && i == j) updateLowerFromTile(columns, alpha, beta, target, ldc);
      else updateFromTile(rows, columns, alpha, beta, target, ldc);
    }
  }
}

function packed(
  lower: bool,
  transA: bool,
  transB: bool,
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  beta: f64,
  c: usize,
  ldc: usize,
): void {
  for (let jc = 0; jc < n; jc += columnBlock) {
    const nc = min(columnBlock, n - jc);
    for (let pc = 0; pc < k; pc += depth) {
      const kc = min(depth, k - pc);
      const keep = pc == 0 ? beta : 1.0;
      if (transB) packRows(nc, kc, b + <usize>pc * ldb + bytes(jc), ldb, packedB);
      else packColumns(nc, kc, b + <usize>jc * ldb + bytes(pc), ldb, packedB);
      // Below the diagonal, blocks of rows that end above the first column have nothing to do.
      for (let ic = lower ? jc : 0; ic < m; ic += rowBlock) {
        const mc = min(rowBlock, m - ic);
        if (transA) packColumns(mc, kc, a + <usize>ic * lda + bytes(pc), lda, packedA);
        else packRows(mc, kc, a + <usize>pc * lda + bytes(ic), lda, packedA);
        const target = c + <usize>jc * ldc + bytes(ic);
        for (let j = 0; j < nc; j += 4) {
          const columns = min(4, nc - j);
          const diagonal = jc + j - ic;
          for (let i = lower ? max(0, diagonal) : 0; i < mc; i += 4) {
            multiplyOuter(kc, packedA + bytes(i * kc), 32, packedB + bytes(j * kc), 32);
            const at = target + <usize>j * ldc + bytes(i);
            if (lower && i == diagonal) updateLowerFromTile(columns, alpha, keep, at, ldc);
            else updateFromTile(min(4, mc - i), columns, alpha, keep, at, ldc);
          }
        }
      }
    }
  }
}

/** Strips of four rows of a matrix [rows, k], the last one filled up with zeros. */
export function packRows(rows: i32, k: i32, from: usize, ld: usize, to: usize): void {
  for (; rows >= 4; rows -= 4) {
    let source = from;
    for (let p = 0; p < k; p++) {
      v128.store(to, v128.load(source));
      v128.store(to, v128.load(source, 16), 16);
      source += ld;
      to += 32;
    }
    from += 32;
  }
  if (rows > 0) {
    for (let p = 0; p < k; p++) {
      for (let i = 0; i < 4; i++) store<f64>(to + bytes(i), i < rows ? load<f64>(from + bytes(i)) : 0);
      from += ld;
      to += 32;
    }
  }
}

/** Strips of four columns of a matrix [k, columns], the last one filled up with zeros. */
function packColumns(columns: i32, k: i32, from: usize, ld: usize, to: usize): void {
  for (; columns >= 4; columns -= 4) {
    let s0 = from;
    let s1 = from + ld;
    let s2 = s1 + ld;
    let s3 = s2 + ld;
    let p = 0;
    for (; p + 1 < k; p += 2) {
      const x0 = v128.load(s0);
      const x1 = v128.load(s1);
      const x2 = v128.load(s2);
      const x3 = v128.load(s3);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(to, v128.shuffle<f64>(x2, x3, 0, 2), 16);
      v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(x2, x3, 1, 3), 48);
      s0 += 16;
      s1 += 16;
      s2 += 16;
      s3 += 16;
      to += 64;
    }
    if (p < k) {
      store<f64>(to, load<f64>(s0));
      store<f64>(to, load<f64>(s1), 8);
      store<f64>(to, load<f64>(s2), 16);
      store<f64>(to, load<f64>(s3), 24);
      to += 32;
    }
    from += 4 * ld;
  }
  if (columns > 0) {
    for (let p = 0; p < k; p++) {
      for (let i = 0; i < 4; i++)
        store<f64>(to + bytes(i), i < columns ? load<f64>(from + <usize>i * ld) : 0);
      from += 8;
      to += 32;
    }
  }
}
