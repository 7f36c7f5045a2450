import { covariance } from '../reference/covariance.ts';
import { covarianceGradient } from '../reference/covarianceGradient.ts';
import { crossCovariance } from '../reference/crossCovariance.ts';
import { crossPosterior } from '../reference/crossPosterior.ts';
import { exp } from '../reference/exp.ts';
import { fillHistogram } from '../reference/fillHistogram.ts';
import { findHistogramSplit } from '../reference/findHistogramSplit.ts';
import { gemm } from '../reference/gemm.ts';
import { growExactTree } from '../reference/growExactTree.ts';
import { growExtraTree } from '../reference/growExtraTree.ts';
import { invertFactor } from '../reference/invertFactor.ts';
import { partBinnedRows } from '../reference/partBinnedRows.ts';
import { posterior } from '../reference/posterior.ts';
import { potrf } from '../reference/potrf.ts';
import { potri } from '../reference/potri.ts';
import { predictForest, type ForestValues } from '../reference/predictForest.ts';
import { squaredDistances } from '../reference/squaredDistances.ts';
import { syrk } from '../reference/syrk.ts';
import { trsm } from '../reference/trsm.ts';
import type { Arena, Matrix, Pointer } from './arena.ts';
import type { ExactTreeArguments, ExtraTreeArguments } from './growTreeArguments.ts';
import type { BinnedForestArguments, ForestArguments } from './routines.ts';
import type { UncheckedRoutines } from './uncheckedRoutines.ts';

/** The plain twins behind the interface of the routines: slow, obvious, and the measure of the two fast builds. */
export function referenceRoutines(arena: Arena): UncheckedRoutines {
  const vector = (pointer: Pointer, count: number) => arena.float64(pointer, count);
  const extent = (rows: number, columns: number, ld: number) =>
    rows === 0 || columns === 0 ? 0 : (columns - 1) * ld + rows;
  const block = (pointer: Pointer, ld: number, rows: number, columns: number) =>
    arena.float64(pointer, extent(rows, columns, ld));
  const matrix = ({ pointer, ld }: Matrix, rows: number, columns: number) =>
    block(pointer, ld, rows, columns);

  const inverted = (pointer: Pointer, n: number) =>
    new Float32Array(arena.memory.buffer, pointer, (n * (n + 1)) / 2);

  function forestValues(args: ForestArguments | BinnedForestArguments): ForestValues {
    const { forest } = args;
    const { treeCount, splitCount, leafCount } = forest;
    return {
      roots: arena.int32(forest.roots, treeCount),
      feature: arena.int32(forest.feature, splitCount),
      left: arena.int32(forest.left, splitCount),
      right: arena.int32(forest.right, splitCount),
      missingLeft: forest.missingLeft === undefined ? null : arena.uint8(forest.missingLeft, splitCount),
      threshold: 'x' in args ? vector(args.threshold, splitCount) : arena.uint8(args.threshold, splitCount),
      value: vector(forest.value, leafCount),
      second: forest.second === undefined ? null : vector(forest.second, leafCount),
    };
  }

  function predict(
    args: ForestArguments | BinnedForestArguments,
    inputs: Float64Array | Uint8Array,
    ld: number,
  ): void {
    const { m, d, scale, value, second, squares } = args;
    const output = (pointer: Pointer | undefined) => (pointer === undefined ? null : vector(pointer, m));
    const sums = { value: vector(value, m), second: output(second), squares: output(squares) };
    predictForest(m, d, inputs, ld, forestValues(args), scale, sums.value, sums.second, sums.squares);
  }

  const treeValues = (args: ExactTreeArguments | ExtraTreeArguments) => ({
    feature: arena.int32(args.feature, args.n),
    threshold: vector(args.threshold, args.n),
    left: arena.int32(args.left, args.n),
    right: arena.int32(args.right, args.n),
    missingLeft: arena.uint8(args.missingLeft, args.n),
    value: vector(args.value, args.n),
  });

  return {
    blas: {
      gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
        const left = transA === 'N' ? block(a, lda, m, k) : block(a, lda, k, m);
        const right = transB === 'N' ? block(b, ldb, k, n) : block(b, ldb, n, k);
        gemm(transA, transB, m, n, k, alpha, left, lda, right, ldb, beta, block(c, ldc, m, n), ldc);
      },
      syrk(trans, n, k, alpha, a, lda, beta, c, ldc) {
        const factor = trans === 'N' ? block(a, lda, n, k) : block(a, lda, k, n);
        syrk(trans, n, k, alpha, factor, lda, beta, block(c, ldc, n, n), ldc);
      },
      potrf: (n, a, lda) => potrf(n, block(a, lda, n, n), lda),
      trsm(side, trans, m, n, l, ldl, b, ldb) {
        const order = side === 'L' ? m : n;
        trsm(side, trans, m, n, block(l, ldl, order, order), ldl, block(b, ldb, m, n), ldb);
      },
      potri: (n, a, lda) => potri(n, block(a, lda, n, n), lda),
    },

    exp: (n, x, y) => exp(n, vector(x, n), vector(y, n)),

    squaredDistances({ m, n, d, a, b, distances }) {
      squaredDistances(
        m,
        n,
        d,
        matrix(a, m, d),
        a.ld,
        matrix(b, n, d),
        b.ld,
        matrix(distances, m, n),
        distances.ld,
      );
    },

    covariance({ kernel, n, d, x, outputScale, fixed = [], k, g }) {
      covariance(
        kernel,
        n,
        d,
        matrix(x, n, d),
        x.ld,
        outputScale,
        fixed.map((term) => ({ b: matrix(term.matrix, n, n), ldb: term.matrix.ld, scale: term.scale })),
        matrix(k, n, n),
        k.ld,
        g === undefined ? null : matrix(g, n, n),
        g?.ld ?? 0,
      );
    },

    crossCovariance({ kernel, m, n, d, a, b, outputScale, k, g }) {
      crossCovariance(
        kernel,
        m,
        n,
        d,
        matrix(a, m, d),
        a.ld,
        matrix(b, n, d),
        b.ld,
        outputScale,
        matrix(k, m, n),
        k.ld,
        g === undefined ? null : matrix(g, m, n),
        g?.ld ?? 0,
      );
    },

    covarianceGradient({ n, d, x, inverse, alpha, g, fixed = [], lengthscales, traces, diagonal }) {
      covarianceGradient(
        n,
        d,
        matrix(x, n, d),
        x.ld,
        matrix(inverse, n, n),
        inverse.ld,
        alpha === undefined ? null : vector(alpha, n),
        matrix(g, n, n),
        g.ld,
        fixed.map((one) => ({ b: matrix(one, n, n), ldb: one.ld })),
        vector(lengthscales, d),
        traces === undefined ? new Float64Array(fixed.length) : vector(traces, fixed.length),
        vector(diagonal, n),
      );
    },

    posterior({
      kernel,
      n,
      m,
      d,
      x,
      candidates,
      outputScale,
      linear,
      alpha,
      factor,
      inverse,
      mean,
      variance,
    }) {
      posterior(
        kernel,
        n,
        m,
        d,
        matrix(x, n, d),
        x.ld,
        matrix(candidates, m, d),
        candidates.ld,
        outputScale,
        linear === undefined
          ? null
          : {
              p: linear.p,
              x: matrix(linear.x, n, linear.p),
              ldx: linear.x.ld,
              candidates: matrix(linear.candidates, m, linear.p),
              ldCandidates: linear.candidates.ld,
              scale: linear.scale,
            },
        vector(alpha, n),
        factor === undefined ? null : matrix(factor, n, n),
        factor?.ld ?? 0,
        inverse === undefined ? null : inverted(inverse, n),
        vector(mean, m),
        variance === undefined ? null : vector(variance, m),
      );
    },

    crossPosterior({ n, m, cross, alpha, factor, inverse, mean, variance }) {
      crossPosterior(
        n,
        m,
        matrix(cross, n, m),
        cross.ld,
        vector(alpha, n),
        factor === undefined ? null : matrix(factor, n, n),
        factor?.ld ?? 0,
        inverse === undefined ? null : inverted(inverse, n),
        vector(mean, m),
        variance === undefined ? null : vector(variance, m),
      );
    },

    invertFactor({ n, factor, inverse }) {
      invertFactor(n, matrix(factor, n, n), factor.ld, inverted(inverse, n));
    },

    fillHistogram({ n, d, bins, moments, count, rows, starts, histogram, whole }) {
      const firstBins = arena.int32(starts, d + 1).map((byte) => byte / 16);
      const cells = 2 * firstBins[d];
      fillHistogram(
        n,
        d,
        arena.uint8(bins, 4 * n * Math.ceil(d / 4)),
        vector(moments, 2 * n),
        arena.int32(rows, count),
        firstBins,
        vector(histogram, cells),
        whole === undefined ? null : vector(whole, cells),
      );
    },

    findHistogramSplit({ d, starts, histogram, sum, weight, penalty, minLeafWeight, monotone }) {
      const bytes = arena.int32(starts, d + 1);
      const histograms = Array.from({ length: d }, (_, j) =>
        vector(histogram + bytes[j], (bytes[j + 1] - bytes[j]) / 8),
      );
      const directions = monotone === undefined ? null : new Int8Array(arena.memory.buffer, monotone, d);
      return findHistogramSplit(histograms, sum, weight, penalty, minLeafWeight, directions);
    },

    partBinnedRows({ n, d, bins, feature, bin, missingBin, missingLeft, count, rows }) {
      const cells = arena.uint8(bins, 4 * n * Math.ceil(d / 4));
      const binOf = (row: number) => cells[4 * (Math.floor(feature / 4) * n + row) + (feature % 4)];
      return partBinnedRows(binOf, bin, missingBin, missingLeft, arena.int32(rows, count));
    },

    growExactTree(args) {
      const { n, d, x, monotone, firstSplit, firstLeaf } = args;
      return growExactTree(
        n,
        d,
        matrix(x, n, d),
        x.ld,
        vector(args.z, n),
        vector(args.weights, n),
        {
          ...args,
          monotone: monotone === undefined ? null : new Int8Array(arena.memory.buffer, monotone, d),
        },
        new BigUint64Array(arena.memory.buffer, args.generator, 4),
        firstSplit,
        firstLeaf,
        { ...treeValues(args), leafOf: arena.int32(args.leafOf, n) },
      );
    },

    growExtraTree(args) {
      const { n, d, x, firstSplit, firstLeaf } = args;
      return growExtraTree(
        n,
        d,
        matrix(x, d, n),
        x.ld,
        vector(args.z, n),
        args.featuresTried,
        args.minLeafRows,
        args.minVarianceRows,
        new BigUint64Array(arena.memory.buffer, args.generator, 4),
        firstSplit,
        firstLeaf,
        { ...treeValues(args), variance: vector(args.variance, n) },
      );
    },

    predictForest: (args) => predict(args, matrix(args.x, args.m, args.d), args.x.ld),

    predictBinnedForest(args) {
      const { m, d, bins } = args;
      predict(args, arena.uint8(bins.pointer, extent(m, d, bins.ld)), bins.ld);
    },
  };
}
