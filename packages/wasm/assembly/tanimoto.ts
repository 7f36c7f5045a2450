// Min-max Tanimoto of 16-bit counts. sum max(a, b) = |a| + |b| - sum min(a, b), so only the minima are summed, eight
// counts at a time and for four columns at once. Sums are 32-bit unsigned: right for up to 65 536 features.

/**
 * T [m, n] = sum_f min / sum_f max of the rows of A and B.
 * @param lda, ldb bytes from one row of counts to the next
 * @param sizesA, sizesB workspace for the sums of the rows, 4 m and 4 n bytes
 */
export function tanimoto(
  m: i32,
  n: i32,
  d: i32,
  a: usize,
  lda: usize,
  b: usize,
  ldb: usize,
  sizesA: usize,
  sizesB: usize,
  similarities: usize,
  ld: usize,
): void {
  rowSums(m, d, a, lda, sizesA);
  rowSums(n, d, b, ldb, sizesB);
  for (let j = 0; j < n; j += 4) {
    const columns = min(4, n - j);
    const b0 = b + <usize>j * ldb;
    const b1 = columns > 1 ? b0 + ldb : b0;
    const b2 = columns > 2 ? b0 + 2 * ldb : b0;
    const b3 = columns > 3 ? b0 + 3 * ldb : b0;
    for (let i = 0; i < m; i++) {
      commonOfFour(d, a + <usize>i * lda, b0, b1, b2, b3);
      const sizeA = load<u32>(sizesA + (<usize>i << 2));
      for (let c = 0; c < columns; c++) {
        const common = load<u32>(counts + (<usize>c << 2));
        const all = <f64>sizeA + <f64>load<u32>(sizesB + (<usize>(j + c) << 2)) - <f64>common;
        const similarity = all == 0 ? 1 : <f64>common / all;
        store<f64>(similarities + <usize>(j + c) * ld + (<usize>i << 3), similarity);
      }
    }
  }
}

/** The four sums of minima of the last `commonOfFour`. */
const counts: usize = memory.data(16, 16);

function commonOfFour(d: i32, a: usize, b0: usize, b1: usize, b2: usize, b3: usize): void {
  let s0 = i32x4.splat(0), s1 = i32x4.splat(0), s2 = i32x4.splat(0), s3 = i32x4.splat(0);
  for (; d >= 8; d -= 8) {
    const x = v128.load(a);
    s0 = i32x4.add(s0, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(x, v128.load(b0))));
    s1 = i32x4.add(s1, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(x, v128.load(b1))));
    s2 = i32x4.add(s2, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(x, v128.load(b2))));
    s3 = i32x4.add(s3, i32x4.extadd_pairwise_i16x8_u(i16x8.min_u(x, v128.load(b3))));
    a += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  let c0 = lanes(s0), c1 = lanes(s1), c2 = lanes(s2), c3 = lanes(s3);
  for (; d > 0; d--) {
    const x = <u32>load<u16>(a);
    c0 += min(x, <u32>load<u16>(b0));
    c1 += min(x, <u32>load<u16>(b1));
    c2 += min(x, <u32>load<u16>(b2));
    c3 += min(x, <u32>load<u16>(b3));
    a += 2;
    b0 += 2;
    b1 += 2;
    b2 += 2;
    b3 += 2;
  }
  store<u32>(counts, c0);
  store<u32>(counts, c1, 4);
  store<u32>(counts, c2, 8);
  store<u32>(counts, c3, 12);
}

function rowSums(rows: i32, d: i32, a: usize, lda: usize, sums: usize): void {
  for (; rows > 0; rows--) {
    let sum: u32 = 0;
    for (let f = 0; f < d; f++) sum += load<u16>(a + (<usize>f << 1));
    store<u32>(sums, sum);
    a += lda;
    sums += 4;
  }
}

@inline
function lanes(sums: v128): u32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}
