import type { Arena, Matrix, Pointer } from './arena.ts';
import type { Blas } from './blas.ts';
import type { ExactTreeArguments, ExtraTreeArguments } from './growTreeArguments.ts';
import type { RoutineBuild } from './routineBuild.ts';
import {
  invertedFactorBytes,
  type BinnedForestArguments,
  type ForestArguments,
  type Routines,
} from './routines.ts';
import type { UncheckedRoutines } from './uncheckedRoutines.ts';

/**
 * The routines of a build behind a check of every argument: sizes are whole numbers, every block lies in allocated
 * memory of the arena and is aligned to its elements. A slip is then a RangeError with a name in it, never a read
 * beyond the memory or a silent write into someone else's block.
 */
export function checkedRoutines(build: RoutineBuild, arena: Arena, routines: UncheckedRoutines): Routines {
  const check = new ArgumentCheck(arena);
  return {
    build,
    arena,
    blas: checkedBlas(check, routines.blas),

    exp(n, x, y) {
      check.begin('exp');
      check.sizes({ n });
      check.vector('x', x, n);
      check.vector('y', y, n);
      routines.exp(n, x, y);
    },

    squaredDistances(args) {
      const { m, n, d, a, b, distances } = args;
      check.begin('squaredDistances');
      check.sizes({ m, n, d });
      check.matrix('a', a, m, d);
      check.matrix('b', b, n, d);
      check.matrix('distances', distances, m, n);
      routines.squaredDistances(args);
    },

    covariance(args) {
      const { n, d, x, fixed = [], k, g } = args;
      check.begin('covariance');
      check.sizes({ n, d });
      check.matrix('x', x, n, d);
      for (const { matrix } of fixed) check.matrix('fixed', matrix, n, n);
      check.matrix('k', k, n, n);
      if (g !== undefined) check.matrix('g', g, n, n);
      routines.covariance(args);
    },

    crossCovariance(args) {
      const { m, n, d, a, b, k, g } = args;
      check.begin('crossCovariance');
      check.sizes({ m, n, d });
      check.matrix('a', a, m, d);
      check.matrix('b', b, n, d);
      check.matrix('k', k, m, n);
      if (g !== undefined) check.matrix('g', g, m, n);
      routines.crossCovariance(args);
    },

    covarianceGradient(args) {
      const { n, d, x, inverse, alpha, g, fixed = [], lengthscales, traces, diagonal } = args;
      check.begin('covarianceGradient');
      check.sizes({ n, d });
      check.matrix('x', x, n, d);
      check.matrix('inverse', inverse, n, n);
      if (alpha !== undefined) check.vector('alpha', alpha, n);
      check.matrix('g', g, n, n);
      for (const matrix of fixed) check.matrix('fixed', matrix, n, n);
      check.vector('lengthscales', lengthscales, d);
      if (fixed.length > 0) check.vector('traces', check.present('traces', traces), fixed.length);
      check.vector('diagonal', diagonal, n);
      routines.covarianceGradient(args);
    },

    posterior(args) {
      const { n, m, d, x, candidates, linear, alpha, factor, inverse, mean, variance } = args;
      check.begin('posterior');
      check.sizes({ n, m, d });
      check.matrix('x', x, n, d);
      check.matrix('candidates', candidates, m, d);
      if (linear !== undefined) {
        check.sizes({ 'linear.p': linear.p });
        check.matrix('linear.x', linear.x, n, linear.p);
        check.matrix('linear.candidates', linear.candidates, m, linear.p);
      }
      check.vector('alpha', alpha, n);
      check.vector('mean', mean, m);
      if (variance !== undefined) {
        check.vector('variance', variance, m);
        checkFactor(check, n, factor, inverse);
      }
      routines.posterior(args);
    },

    crossPosterior(args) {
      const { n, m, cross, alpha, factor, inverse, mean, variance } = args;
      check.begin('crossPosterior');
      check.sizes({ n, m });
      check.matrix('cross', cross, n, m);
      check.vector('alpha', alpha, n);
      check.vector('mean', mean, m);
      if (variance !== undefined) {
        check.vector('variance', variance, m);
        checkFactor(check, n, factor, inverse);
      }
      routines.crossPosterior(args);
    },

    invertFactor(args) {
      const { n, factor, inverse } = args;
      check.begin('invertFactor');
      check.sizes({ n });
      check.matrix('factor', factor, n, n);
      check.place('inverse', inverse, invertedFactorBytes(n), 64);
      routines.invertFactor(args);
    },

    fillHistogram(args) {
      const { n, d, bins, moments, count, rows, starts, histogram, whole } = args;
      check.begin('fillHistogram');
      check.sizes({ n, d, count });
      check.place('bins', bins, 4 * n * Math.ceil(d / 4), 4);
      check.vector('moments', moments, 2 * n);
      check.place('rows', rows, 4 * count, 4);
      check.place('starts', starts, 4 * (d + 1), 4);
      const bytes = arena.int32(starts, d + 1)[d];
      check.place('histogram', histogram, bytes, 8);
      if (whole !== undefined) check.place('whole', whole, bytes, 8);
      routines.fillHistogram(args);
    },

    findHistogramSplit(args) {
      const { d, starts, histogram, monotone } = args;
      check.begin('findHistogramSplit');
      check.sizes({ d });
      check.place('starts', starts, 4 * (d + 1), 4);
      check.place('histogram', histogram, arena.int32(starts, d + 1)[d], 8);
      if (monotone !== undefined) check.place('monotone', monotone, d, 1);
      return routines.findHistogramSplit(args);
    },

    partBinnedRows(args) {
      const { n, d, bins, feature, bin, missingBin, count, rows } = args;
      check.begin('partBinnedRows');
      check.sizes({ n, d, feature, bin, missingBin, count });
      if (feature >= d) check.refuse(`feature is ${feature}, there are ${d} inputs`);
      check.place('bins', bins, 4 * n * Math.ceil(d / 4), 4);
      check.place('rows', rows, 4 * count, 4);
      return routines.partBinnedRows(args);
    },

    growExactTree(args) {
      const { n, d, x, maxDepth, monotone } = args;
      check.begin('growExactTree');
      checkGrowTree(check, args);
      check.sizes({ maxDepth });
      check.matrix('x', x, n, d);
      check.place('sorted', args.sorted, n * d * 4, 4);
      check.vector('weights', args.weights, n);
      if (monotone !== undefined) check.place('monotone', monotone, d, 1);
      check.place('leafOf', args.leafOf, n * 4, 4);
      return routines.growExactTree(args);
    },

    growExtraTree(args) {
      const { n, d, x, minVarianceRows } = args;
      check.begin('growExtraTree');
      checkGrowTree(check, args);
      check.sizes({ minVarianceRows });
      check.matrix('x', x, d, n);
      if (x.ld % 2 !== 0) check.refuse(`the leading dimension of x is ${x.ld}, which is not even`);
      check.vector('variance', args.variance, n);
      return routines.growExtraTree(args);
    },

    predictForest(args) {
      check.begin('predictForest');
      checkForest(check, args, 8);
      check.matrix('x', args.x, args.m, args.d);
      routines.predictForest(args);
    },

    predictBinnedForest(args) {
      check.begin('predictBinnedForest');
      checkForest(check, args, 1);
      check.matrix('bins', args.bins, args.m, args.d, 1);
      routines.predictBinnedForest(args);
    },
  };
}

function checkedBlas(check: ArgumentCheck, blas: Blas): Blas {
  return {
    gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
      check.begin('gemm');
      check.sizes({ m, n, k });
      if (transA === 'N') check.block('a', a, lda, m, k);
      else check.block('a', a, lda, k, m);
      if (transB === 'N') check.block('b', b, ldb, k, n);
      else check.block('b', b, ldb, n, k);
      check.block('c', c, ldc, m, n);
      blas.gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    },
    syrk(trans, n, k, alpha, a, lda, beta, c, ldc) {
      check.begin('syrk');
      check.sizes({ n, k });
      if (trans === 'N') check.block('a', a, lda, n, k);
      else check.block('a', a, lda, k, n);
      check.block('c', c, ldc, n, n);
      blas.syrk(trans, n, k, alpha, a, lda, beta, c, ldc);
    },
    potrf(n, a, lda) {
      check.begin('potrf');
      check.sizes({ n });
      check.block('a', a, lda, n, n);
      return blas.potrf(n, a, lda);
    },
    trsm(side, trans, m, n, l, ldl, b, ldb) {
      check.begin('trsm');
      check.sizes({ m, n });
      const order = side === 'L' ? m : n;
      check.block('l', l, ldl, order, order);
      check.block('b', b, ldb, m, n);
      blas.trsm(side, trans, m, n, l, ldl, b, ldb);
    },
    potri(n, a, lda) {
      check.begin('potri');
      check.sizes({ n });
      check.block('a', a, lda, n, n);
      return blas.potri(n, a, lda);
    },
  };
}

/** A variance needs the factor or its inverse. */
function checkFactor(
  check: ArgumentCheck,
  n: number,
  factor: Matrix | undefined,
  inverse: Pointer | undefined,
): void {
  if (inverse === undefined) check.matrix('factor', check.present('factor', factor), n, n);
  else check.place('inverse', inverse, invertedFactorBytes(n), 64);
}

function checkGrowTree(check: ArgumentCheck, args: ExactTreeArguments | ExtraTreeArguments): void {
  const { n, d, featuresTried, minLeafRows, firstSplit, firstLeaf } = args;
  check.sizes({ n, d, featuresTried, minLeafRows, firstSplit, firstLeaf });
  check.atLeastOne({ n, featuresTried, minLeafRows });
  check.vector('z', args.z, n);
  check.place('hasMissing', args.hasMissing, d, 1);
  check.vector('generator', args.generator, 4);
  check.place('feature', args.feature, n * 4, 4);
  check.vector('threshold', args.threshold, n);
  check.place('left', args.left, n * 4, 4);
  check.place('right', args.right, n * 4, 4);
  check.place('missingLeft', args.missingLeft, n, 1);
  check.vector('value', args.value, n);
}

function checkForest(
  check: ArgumentCheck,
  args: Omit<ForestArguments, 'x'> | Omit<BinnedForestArguments, 'bins'>,
  thresholdBytes: number,
): void {
  const { d, m, forest, threshold, value, second, squares } = args;
  const { treeCount, splitCount, leafCount } = forest;
  check.sizes({ d, m, treeCount, splitCount, leafCount });
  check.place('roots', forest.roots, treeCount * 4, 4);
  check.place('feature', forest.feature, splitCount * 4, 4);
  check.place('left', forest.left, splitCount * 4, 4);
  check.place('right', forest.right, splitCount * 4, 4);
  if (forest.missingLeft !== undefined) check.place('missingLeft', forest.missingLeft, splitCount, 1);
  check.place('threshold', threshold, splitCount * thresholdBytes, thresholdBytes);
  check.vector('forest.value', forest.value, leafCount);
  check.vector('value', value, m);
  if (second !== undefined) {
    check.vector('forest.second', check.present('forest.second', forest.second), leafCount);
    check.vector('second', second, m);
  }
  if (squares !== undefined) check.vector('squares', squares, m);
}

/** The checks themselves; `begin` names the routine for the messages that follow. */
class ArgumentCheck {
  readonly #arena: Arena;
  #routine = '';

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  begin(routine: string): void {
    this.#routine = routine;
  }

  sizes(sizes: Record<string, number>): void {
    for (const name in sizes) {
      const size = sizes[name];
      if (!Number.isSafeInteger(size) || size < 0) this.refuse(`${name} is ${size}, not a whole number >= 0`);
    }
  }

  atLeastOne(sizes: Record<string, number>): void {
    for (const name in sizes) if (sizes[name] < 1) this.refuse(`${name} is ${sizes[name]}, not at least 1`);
  }

  present<Value>(name: string, value: Value | undefined): Value {
    if (value === undefined) this.refuse(`${name} is required here`);
    return value;
  }

  vector(name: string, pointer: Pointer, count: number): void {
    this.place(name, pointer, count * 8, 8);
  }

  matrix(name: string, matrix: Matrix, rows: number, columns: number, elementBytes = 8): void {
    this.block(name, matrix.pointer, matrix.ld, rows, columns, elementBytes);
  }

  block(name: string, pointer: Pointer, ld: number, rows: number, columns: number, elementBytes = 8): void {
    if (rows === 0 || columns === 0) return;
    if (!Number.isSafeInteger(ld) || ld < rows) {
      this.refuse(`the leading dimension of ${name} is ${ld}, less than its ${rows} rows`);
    }
    this.place(name, pointer, ((columns - 1) * ld + rows) * elementBytes, elementBytes);
  }

  place(name: string, pointer: Pointer, bytes: number, alignment: number): void {
    if (bytes === 0) return;
    const { base, top } = this.#arena;
    if (!Number.isSafeInteger(pointer) || pointer % alignment !== 0) {
      this.refuse(`${name} is at ${pointer}, which is no multiple of ${alignment}`);
    }
    if (pointer < base || pointer + bytes > top) {
      this.refuse(`${name} takes bytes ${pointer} to ${pointer + bytes}; allocated are ${base} to ${top}`);
    }
  }

  refuse(complaint: string): never {
    throw new RangeError(`${this.#routine}: ${complaint}`);
  }
}
