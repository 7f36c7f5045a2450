/**
 * The measured jobs: each prepares its data in the arena of a build and returns what to call. The same list runs on
 * both WebAssembly builds and on the plain twins.
 */
import { randomCovariance, randomMatrix, randomNumbers, storeMatrix } from '../test/randomMatrix.ts';
import { invertedFactorBytes, leadingDimension, type Matrix, type Routines } from '../src/index.ts';

export interface BenchCase {
  readonly name: string;
  readonly size: number;
  /** Floating-point operations of one call as usually counted; 0 where that says nothing. */
  readonly flops: number;
  /** True where the plain twin would take seconds a call. */
  readonly isTooLongForTwin: boolean;
  prepare(routines: Routines): () => void;
}

const d = 10;

/** Copies a matrix over another, as every in-place routine needs before each call. */
function restore(routines: Routines, to: Matrix, from: Matrix, columns: number): void {
  const { buffer } = routines.arena.memory;
  new Uint8Array(buffer).copyWithin(to.pointer, from.pointer, from.pointer + 8 * from.ld * columns);
}

function random(routines: Routines, rows: number, columns: number): Matrix {
  const ld = leadingDimension(rows);
  return storeMatrix(routines.arena, randomMatrix(randomNumbers(rows + columns), ld, columns), ld);
}

function covarianceMatrix(routines: Routines, n: number): Matrix {
  const ld = leadingDimension(n);
  return storeMatrix(routines.arena, randomCovariance(randomNumbers(n), n, d, 0.05, ld), ld);
}

/** Negative log likelihood and its gradient in 12 hyperparameters: everything one step of a fit costs. */
function likelihood(routines: Routines, n: number): () => void {
  const { arena, blas } = routines;
  const x = random(routines, n, d);
  const k = arena.allocateMatrix(n, n);
  const g = arena.allocateMatrix(n, n);
  const y = arena.storeFloat64(randomMatrix(randomNumbers(1), n, 1));
  const alpha = arena.allocateFloat64(n);
  const lengthscales = arena.allocateFloat64(d);
  const diagonal = arena.allocateFloat64(n);
  arena.reserve(16 * 8 * n * d);
  return () => {
    routines.covariance({ kernel: 'matern52', n, d, x, outputScale: 1, k, g });
    const values = arena.float64(k.pointer, k.ld * n);
    for (let i = 0; i < n; i++) values[i * (k.ld + 1)] += 0.05;
    const target = arena.float64(alpha, n);
    target.set(arena.float64(y, n));
    if (blas.potrf(n, k.pointer, k.ld) !== 0)
      throw new Error('The covariance of the benchmark is not positive');
    let logDeterminant = 0;
    for (let i = 0; i < n; i++) logDeterminant += Math.log(values[i * (k.ld + 1)]);
    blas.trsm('L', 'N', n, 1, k.pointer, k.ld, alpha, n);
    blas.trsm('L', 'T', n, 1, k.pointer, k.ld, alpha, n);
    if (!Number.isFinite(logDeterminant)) throw new Error('The determinant of the benchmark is not finite');
    blas.potri(n, k.pointer, k.ld);
    routines.covarianceGradient({ n, d, x, inverse: k, alpha, g, lengthscales, diagonal });
  };
}

function posterior(
  routines: Routines,
  n: number,
  m: number,
  output: 'mean' | 'variance' | 'roughVariance',
): () => void {
  const { arena } = routines;
  const x = random(routines, n, d);
  const candidates = random(routines, m, d);
  const factor = covarianceMatrix(routines, n);
  routines.blas.potrf(n, factor.pointer, factor.ld);
  const alpha = arena.storeFloat64(randomMatrix(randomNumbers(2), n, 1));
  const mean = arena.allocateFloat64(m);
  const variance = arena.allocateFloat64(m);
  const args = { kernel: 'matern52' as const, n, m, d, x, candidates, outputScale: 1, alpha, mean };
  if (output === 'mean') return () => routines.posterior(args);
  if (output === 'variance') return () => routines.posterior({ ...args, factor, variance });
  const inverse = arena.allocate(invertedFactorBytes(n));
  routines.invertFactor({ n, factor, inverse });
  return () => routines.posterior({ ...args, inverse, variance });
}

/** A forest like one of extra trees on n rows: every leaf one row, splits anywhere. */
function forest(routines: Routines, n: number, treeCount: number, m: number, isBinned: boolean): () => void {
  const { arena } = routines;
  const next = randomNumbers(n);
  const inputs = 20;
  const roots: number[] = [];
  const splits: { feature: number; threshold: number; children: [number, number] }[] = [];
  let leafCount = 0;
  /** Splits a box that holds so many rows; returns the reference to what becomes of it. */
  function grow(rows: number, lower: Float64Array, upper: Float64Array): number {
    if (rows < 2) return ~leafCount++;
    const feature = Math.floor(((next() + 1) / 2) * inputs);
    const share = (next() + 1) / 2;
    const threshold = lower[feature] + share * (upper[feature] - lower[feature]);
    const leftRows = Math.min(Math.max(Math.round(rows * share), 1), rows - 1);
    const children: [number, number] = [0, 0];
    const reference = splits.push({ feature, threshold, children }) - 1;
    children[0] = grow(leftRows, lower, upper.with(feature, threshold));
    children[1] = grow(rows - leftRows, lower.with(feature, threshold), upper);
    return reference;
  }
  for (let t = 0; t < treeCount; t++) {
    roots.push(grow(n, new Float64Array(inputs).fill(-1), new Float64Array(inputs).fill(1)));
  }
  const toBin = (value: number) => Math.min(254, Math.floor(((value + 1) / 2) * 255));
  const thresholds = splits.map(({ threshold }) => (isBinned ? toBin(threshold) : threshold));
  const leaves = randomMatrix(next, leafCount, 1);
  const x = randomMatrix(next, m, inputs);
  const args = {
    d: inputs,
    m,
    scale: 1 / treeCount,
    value: arena.allocateFloat64(m),
    second: arena.allocateFloat64(m),
    squares: arena.allocateFloat64(m),
    forest: {
      treeCount,
      splitCount: splits.length,
      leafCount,
      roots: arena.storeInt32(roots),
      feature: arena.storeInt32(splits.map(({ feature }) => feature)),
      left: arena.storeInt32(splits.map(({ children }) => children[0])),
      right: arena.storeInt32(splits.map(({ children }) => children[1])),
      value: arena.storeFloat64(leaves),
      second: arena.storeFloat64(leaves),
    },
  };
  if (isBinned) {
    const bins = { pointer: arena.storeUint8(x.map(toBin)), ld: m };
    const threshold = arena.storeUint8(thresholds);
    return () => routines.predictBinnedForest({ ...args, threshold, bins });
  }
  const threshold = arena.storeFloat64(thresholds);
  const rows = storeMatrix(arena, x, m);
  return () => routines.predictForest({ ...args, threshold, x: rows });
}

/** One fully grown tree on n rows of ten inputs: extremely randomised, or of best splits with half of the inputs tried. */
function growTree(routines: Routines, n: number, isExact: boolean): () => void {
  const { arena } = routines;
  const x = randomMatrix(randomNumbers(n), n, d);
  const ints = (count: number) => arena.allocateInt32(count);
  const doubles = (count: number) => arena.allocateFloat64(count);
  const common = {
    n,
    d,
    z: arena.storeFloat64(randomMatrix(randomNumbers(5), n, 1)),
    hasMissing: arena.storeUint8(new Uint8Array(d)),
    minLeafRows: 1,
    generator: arena.storeInt32([1, 2, 3, 4, 5, 6, 7, 8]),
    firstSplit: 0,
    firstLeaf: 0,
    feature: ints(n),
    threshold: doubles(n),
    left: ints(n),
    right: ints(n),
    missingLeft: arena.allocate(n),
    value: doubles(n),
  };
  if (!isExact) {
    const rows = Float64Array.from(x, (_, k) => x[Math.floor(k / d) + (k % d) * n]);
    const args = { ...common, x: storeMatrix(arena, rows, d), featuresTried: d, minVarianceRows: 5 };
    const variance = doubles(n);
    return () => routines.growExtraTree({ ...args, variance });
  }
  const sorted = Array.from({ length: d }, (_, j) =>
    Array.from({ length: n }, (_, i) => i).sort((a, b) => x[a + j * n] - x[b + j * n]),
  );
  const args = {
    ...common,
    x: storeMatrix(arena, x, n),
    sorted: arena.storeInt32(sorted.flat()),
    weights: arena.storeFloat64(new Float64Array(n).fill(1)),
    featuresTried: d / 2,
    maxDepth: n,
  };
  const leafOf = ints(n);
  return () => routines.growExactTree({ ...args, leafOf });
}

/** The histogram of n rows in ten inputs of 255 bins, and its best split. */
function histogram(routines: Routines, n: number): () => void {
  const { arena } = routines;
  const next = randomNumbers(n);
  const starts = arena.storeInt32(Array.from({ length: d + 1 }, (_, j) => 16 * 256 * j));
  const bins = Uint8Array.from({ length: 4 * n * Math.ceil(d / 4) }, () =>
    Math.floor(((next() + 1) / 2) * 255),
  );
  const args = {
    n,
    d,
    bins: arena.storeUint8(bins),
    moments: arena.storeFloat64(Float64Array.from({ length: 2 * n }, (_, k) => (k % 2 === 0 ? next() : 1))),
    count: n,
    rows: arena.storeInt32(Int32Array.from({ length: n }, (_, i) => i)),
    starts,
    histogram: arena.allocateFloat64(512 * d),
  };
  const search = { d, starts, histogram: args.histogram, sum: 0, weight: n, penalty: 1, minLeafWeight: 20 };
  return () => {
    routines.fillHistogram(args);
    routines.findHistogramSplit(search);
  };
}

const orders = [50, 100, 200, 300, 500, 1000];

function dense(
  name: string,
  flopsOver3: number,
  prepare: (routines: Routines, n: number) => () => void,
): BenchCase[] {
  return orders.map((n) => ({
    name,
    size: n,
    flops: (flopsOver3 * n ** 3) / 3,
    isTooLongForTwin: n > 300,
    prepare: (routines) => prepare(routines, n),
  }));
}

export const cases: readonly BenchCase[] = [
  ...dense('gemm', 6, (routines, n) => {
    const [a, b, c] = [random(routines, n, n), random(routines, n, n), random(routines, n, n)];
    return () =>
      routines.blas.gemm('N', 'N', n, n, n, 1, a.pointer, a.ld, b.pointer, b.ld, 0, c.pointer, c.ld);
  }),
  ...dense('syrk', 3, (routines, n) => {
    const [a, c] = [random(routines, n, n), random(routines, n, n)];
    return () => routines.blas.syrk('N', n, n, 1, a.pointer, a.ld, 0, c.pointer, c.ld);
  }),
  ...dense('potrf', 1, (routines, n) => {
    const [a, k] = [covarianceMatrix(routines, n), covarianceMatrix(routines, n)];
    return () => {
      restore(routines, a, k, n);
      routines.blas.potrf(n, a.pointer, a.ld);
    };
  }),
  ...dense('trsm', 3, (routines, n) => {
    const [l, b, c] = [covarianceMatrix(routines, n), random(routines, n, n), random(routines, n, n)];
    routines.blas.potrf(n, l.pointer, l.ld);
    return () => {
      restore(routines, b, c, n);
      routines.blas.trsm('L', 'N', n, n, l.pointer, l.ld, b.pointer, b.ld);
    };
  }),
  ...dense('potri', 2, (routines, n) => {
    const [a, l] = [covarianceMatrix(routines, n), covarianceMatrix(routines, n)];
    routines.blas.potrf(n, l.pointer, l.ld);
    return () => {
      restore(routines, a, l, n);
      routines.blas.potri(n, a.pointer, a.ld);
    };
  }),
  ...dense('covariance', 0, (routines, n) => {
    const x = random(routines, n, d);
    const k = routines.arena.allocateMatrix(n, n);
    const g = routines.arena.allocateMatrix(n, n);
    return () => routines.covariance({ kernel: 'matern52', n, d, x, outputScale: 1, k, g });
  }),
  ...dense('gradient', 0, (routines, n) => {
    const { arena } = routines;
    const args = {
      n,
      d,
      x: random(routines, n, d),
      inverse: random(routines, n, n),
      g: random(routines, n, n),
    };
    const alpha = arena.storeFloat64(randomMatrix(randomNumbers(3), n, 1));
    const lengthscales = arena.allocateFloat64(d);
    const diagonal = arena.allocateFloat64(n);
    return () => routines.covarianceGradient({ ...args, alpha, lengthscales, diagonal });
  }),
  ...dense('nllgrad', 3, likelihood),
  {
    name: 'exp',
    size: 10_000,
    flops: 0,
    isTooLongForTwin: false,
    prepare({ arena, exp }) {
      const x = arena.storeFloat64(randomMatrix(randomNumbers(4), 10_000, 1).map((value) => 20 * value));
      const y = arena.allocateFloat64(10_000);
      return () => exp(10_000, x, y);
    },
  },
  ...[300, 1000].flatMap((n) =>
    (
      [
        ['posteriorMean10k', 'mean'],
        ['posterior10k', 'variance'],
        ['posteriorRough10k', 'roughVariance'],
      ] as const
    ).map(([name, output]): BenchCase => ({
      name,
      size: n,
      flops: output === 'mean' ? 0 : n * n * 10_000,
      isTooLongForTwin: true,
      prepare: (routines) => posterior(routines, n, 10_000, output),
    })),
  ),
  ...[false, true].map((isBinned): BenchCase => ({
    name: isBinned ? 'binnedForest100x10k' : 'forest100x10k',
    size: 1000,
    flops: 0,
    isTooLongForTwin: false,
    prepare: (routines) => forest(routines, 1000, 100, 10_000, isBinned),
  })),
  ...[false, true].map((isExact): BenchCase => ({
    name: isExact ? 'exactTree' : 'extraTree',
    size: 1000,
    flops: 0,
    isTooLongForTwin: false,
    prepare: (routines) => growTree(routines, 1000, isExact),
  })),
  {
    name: 'histogram',
    size: 10_000,
    flops: 0,
    isTooLongForTwin: false,
    prepare: (routines) => histogram(routines, 10_000),
  },
];
