import type { Pointer } from './arena.ts';

/** What the module exports, as `assembly/index.ts` says. Leading dimensions and steps are in bytes, flags 0 or 1. */
export interface WasmExports {
  heapBase(): number;
  product(
    lower: number,
    transA: number,
    transB: number,
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
  packRows(rows: number, k: number, from: Pointer, ld: number, to: Pointer): void;
  potrf(n: number, a: Pointer, lda: number): number;
  potri(n: number, a: Pointer, lda: number): number;
  solveLeft(m: number, n: number, l: Pointer, ldl: number, b: Pointer, ldb: number): void;
  solveLeftTransposed(m: number, n: number, l: Pointer, ldl: number, b: Pointer, ldb: number): void;
  solveRight(m: number, n: number, l: Pointer, ldl: number, b: Pointer, ldb: number): void;
  solveRightTransposed(m: number, n: number, l: Pointer, ldl: number, b: Pointer, ldb: number): void;
  exp(n: number, x: Pointer, y: Pointer): void;
  storeInverse(n: number, l: Pointer, ldl: number, inverse: Pointer): void;
  subtractExplained(
    n: number,
    m: number,
    k: Pointer,
    ldk: number,
    inverse: Pointer,
    work: Pointer,
    variance: Pointer,
  ): void;
  covariance(
    kind: number,
    lower: number,
    m: number,
    n: number,
    d: number,
    a: Pointer,
    b: Pointer,
    scale: number,
    termCount: number,
    terms: Pointer,
    k: Pointer,
    ldk: number,
    g: Pointer,
    ldg: number,
  ): void;
  covarianceGradient(
    n: number,
    d: number,
    x: Pointer,
    inverse: Pointer,
    ldInverse: number,
    alpha: Pointer,
    g: Pointer,
    ldg: number,
    termCount: number,
    terms: Pointer,
    sums: Pointer,
    lengthscales: Pointer,
    traces: Pointer,
    diagonal: Pointer,
  ): void;
  columnDots(n: number, m: number, k: Pointer, ldk: number, alpha: Pointer, mean: Pointer): void;
  subtractColumnSquares(n: number, m: number, v: Pointer, ldv: number, variance: Pointer): void;
  addScaledRowSquares(m: number, p: number, scale: number, z: Pointer, ldz: number, variance: Pointer): void;
  selectForest(
    splitCount: number,
    leafCount: number,
    feature: Pointer,
    left: Pointer,
    right: Pointer,
    missingLeft: Pointer,
    threshold: Pointer,
    value: Pointer,
    second: Pointer,
  ): void;
  fillHistogram(
    n: number,
    d: number,
    bins: Pointer,
    moments: Pointer,
    count: number,
    rows: Pointer,
    starts: Pointer,
    histogram: Pointer,
    whole: Pointer,
  ): void;
  findHistogramSplit(
    d: number,
    starts: Pointer,
    histogram: Pointer,
    sum: number,
    weight: number,
    penalty: number,
    minLeafWeight: number,
    monotone: Pointer,
    split: Pointer,
  ): number;
  partBinnedRows(
    bins: Pointer,
    bin: number,
    missingBin: number,
    missingLeft: number,
    count: number,
    rows: Pointer,
    scratch: Pointer,
  ): number;
  growExactTree(
    n: number,
    d: number,
    x: Pointer,
    ldx: number,
    sorted: Pointer,
    hasMissing: Pointer,
    z: Pointer,
    weights: Pointer,
    featuresTried: number,
    minLeafRows: number,
    maxDepth: number,
    monotone: Pointer,
    generator: Pointer,
    firstSplit: number,
    firstLeaf: number,
    feature: Pointer,
    threshold: Pointer,
    left: Pointer,
    right: Pointer,
    missingLeft: Pointer,
    value: Pointer,
    leafOf: Pointer,
    work: Pointer,
  ): number;
  growExtraTree(
    n: number,
    d: number,
    x: Pointer,
    ldx: number,
    z: Pointer,
    hasMissing: Pointer,
    featuresTried: number,
    minLeafRows: number,
    minVarianceRows: number,
    generator: Pointer,
    firstSplit: number,
    firstLeaf: number,
    feature: Pointer,
    threshold: Pointer,
    left: Pointer,
    right: Pointer,
    missingLeft: Pointer,
    value: Pointer,
    variance: Pointer,
    work: Pointer,
  ): number;
  predictForest: PredictForest;
  predictBinnedForest: PredictForest;
}

/** @returns 0, or 1 + the number of a malformed tree. */
type PredictForest = (
  m: number,
  d: number,
  treeCount: number,
  roots: Pointer,
  x: Pointer,
  ldx: number,
  scale: number,
  value: Pointer,
  second: Pointer,
  squares: Pointer,
  blockRows: number,
  treeNodes: number,
  work: Pointer,
) => number;
