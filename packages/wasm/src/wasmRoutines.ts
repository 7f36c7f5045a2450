import type { Arena, Matrix, Pointer } from './arena.ts';
import type { Blas } from './blas.ts';
import { growTreeRoutines } from './growTreeRoutines.ts';
import type {
  BinnedForestArguments,
  FixedTerm,
  Forest,
  ForestArguments,
  StationaryKernel,
} from './routines.ts';
import type { UncheckedRoutines } from './uncheckedRoutines.ts';
import type { WasmExports } from './wasmExports.ts';

/** Numbers of the kernels in `assembly/covariance.ts`; 0 is the squared distance itself. */
const kernelNumber: Record<StationaryKernel, number> = { matern52: 1, rbf: 2 };
const squaredDistance = 0;

/** Candidates of a posterior handled at once: wide enough for the triangular solve to run at full speed. */
const posteriorBlock = 256;
/** Candidates packed at once by `subtractExplained`, as in `assembly/explained.ts`. */
const explainedBlock = 64;
/** Bytes of a block of rows walked down one tree after the other; stays in the second-level cache. */
const forestBlockBytes = 524_288;
/** Bytes a node in the workspace of a forest, as in `assembly/forest.ts`. */
const forestNodeBytes = 36;

/** The routines of a WebAssembly build: sizes in bytes, workspaces from the arena, large jobs in blocks. */
export function wasmRoutines(
  arena: Arena,
  wasm: WasmExports,
  replaceBlas: (blas: Blas, arena: Arena) => Blas,
): UncheckedRoutines {
  const blas = replaceBlas(wasmBlas(wasm), arena);

  /** Runs `work` and gives back what it allocated. */
  function withWorkspace(work: () => void): void {
    const mark = arena.mark();
    try {
      work();
    } finally {
      arena.release(mark);
    }
  }

  /** Rows [n, d] in strips of four, as the distance routines read them. */
  function pack(n: number, d: number, { pointer, ld }: Matrix): Pointer {
    const packed = arena.allocateFloat64(4 * Math.ceil(n / 4) * d);
    wasm.packRows(n, d, pointer, 8 * ld, packed);
    return packed;
  }

  /** The list of further terms as the assembly reads it: pointer, leading dimension, scale. */
  function listTerms(terms: readonly FixedTerm[]): Pointer {
    const list = arena.allocate(16 * terms.length);
    const words = arena.int32(list, 4 * terms.length);
    const scales = arena.float64(list, 2 * terms.length);
    terms.forEach(({ matrix, scale }, t) => {
      words[4 * t] = matrix.pointer;
      words[4 * t + 1] = 8 * matrix.ld;
      scales[2 * t + 1] = scale;
    });
    return list;
  }

  const routines: UncheckedRoutines = {
    blas,

    exp: (n, x, y) => wasm.exp(n, x, y),

    squaredDistances({ m, n, d, a, b, distances }) {
      withWorkspace(() => {
        const rows = pack(m, d, a);
        const columns = pack(n, d, b);
        const { pointer, ld } = distances;
        wasm.covariance(squaredDistance, 0, m, n, d, rows, columns, 1, 0, 0, pointer, 8 * ld, 0, 0);
      });
    },

    covariance({ kernel, n, d, x, outputScale, fixed = [], k, g }) {
      withWorkspace(() => {
        const rows = pack(n, d, x);
        wasm.covariance(
          kernelNumber[kernel],
          1,
          n,
          n,
          d,
          rows,
          rows,
          outputScale,
          fixed.length,
          listTerms(fixed),
          k.pointer,
          8 * k.ld,
          g?.pointer ?? 0,
          8 * (g?.ld ?? 0),
        );
      });
    },

    crossCovariance({ kernel, m, n, d, a, b, outputScale, k, g }) {
      withWorkspace(() => {
        wasm.covariance(
          kernelNumber[kernel],
          0,
          m,
          n,
          d,
          pack(m, d, a),
          pack(n, d, b),
          outputScale,
          0,
          0,
          k.pointer,
          8 * k.ld,
          g?.pointer ?? 0,
          8 * (g?.ld ?? 0),
        );
      });
    },

    covarianceGradient({ n, d, x, inverse, alpha, g, fixed = [], lengthscales, traces, diagonal }) {
      withWorkspace(() => {
        wasm.covarianceGradient(
          n,
          d,
          pack(n, d, x),
          inverse.pointer,
          8 * inverse.ld,
          alpha ?? 0,
          g.pointer,
          8 * g.ld,
          fixed.length,
          listTerms(fixed.map((matrix) => ({ matrix, scale: 1 }))),
          arena.allocate(16 * (d + fixed.length)),
          lengthscales,
          traces ?? 0,
          diagonal,
        );
      });
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
      withWorkspace(() => {
        const rows = pack(n, d, x);
        const cross = arena.allocateMatrix(n, Math.min(m, posteriorBlock));
        const columns = arena.allocateFloat64(4 * Math.ceil(posteriorBlock / 4) * d);
        for (let start = 0; start < m; start += posteriorBlock) {
          const count = Math.min(posteriorBlock, m - start);
          wasm.packRows(count, d, candidates.pointer + 8 * start, 8 * candidates.ld, columns);
          wasm.covariance(
            kernelNumber[kernel],
            0,
            n,
            count,
            d,
            rows,
            columns,
            outputScale,
            0,
            0,
            cross.pointer,
            8 * cross.ld,
            0,
            0,
          );
          const prior = variance === undefined ? 0 : variance + 8 * start;
          if (prior !== 0) arena.float64(prior, count).fill(outputScale);
          if (linear !== undefined) {
            const z = linear.candidates.pointer + 8 * start;
            const { p, scale } = linear;
            const ldz = linear.candidates.ld;
            const { pointer, ld } = linear.x;
            blas.gemm('N', 'T', n, count, p, scale, pointer, ld, z, ldz, 1, cross.pointer, cross.ld);
            if (prior !== 0) wasm.addScaledRowSquares(count, p, scale, z, 8 * ldz, prior);
          }
          routines.crossPosterior({
            n,
            m: count,
            cross,
            alpha,
            mean: mean + 8 * start,
            ...(prior !== 0 && { variance: prior }),
            ...(factor !== undefined && { factor }),
            ...(inverse !== undefined && { inverse }),
          });
        }
      });
    },

    crossPosterior({ n, m, cross, alpha, factor, inverse, mean, variance }) {
      wasm.columnDots(n, m, cross.pointer, 8 * cross.ld, alpha, mean);
      if (variance === undefined) return;
      if (inverse !== undefined) {
        withWorkspace(() => {
          const work = arena.allocate(16 * n * Math.ceil(Math.min(m, explainedBlock) / 4));
          wasm.subtractExplained(n, m, cross.pointer, 8 * cross.ld, inverse, work, variance);
        });
      } else if (factor !== undefined) {
        blas.trsm('L', 'N', n, m, factor.pointer, factor.ld, cross.pointer, cross.ld);
        wasm.subtractColumnSquares(n, m, cross.pointer, 8 * cross.ld, variance);
      }
    },

    invertFactor({ n, factor, inverse }) {
      withWorkspace(() => {
        const copy = arena.allocateMatrix(n, n);
        for (let j = 0; j < n; j++) {
          const from = arena.float64(factor.pointer + 8 * (j + j * factor.ld), n - j);
          arena.float64(copy.pointer + 8 * (j + j * copy.ld), n - j).set(from);
        }
        wasm.storeInverse(n, copy.pointer, 8 * copy.ld, inverse);
      });
    },

    ...growTreeRoutines(arena, wasm),

    predictForest: (args) => predict(args, args.x, 8),
    predictBinnedForest: (args) => predict(args, args.bins, 1),
  };

  function predict(args: ForestArguments | BinnedForestArguments, inputs: Matrix, inputBytes: number): void {
    const { m, d, forest, threshold, scale, value, second, squares } = args;
    const { treeCount, splitCount, leafCount, roots, feature, left, right, missingLeft } = forest;
    const rowBytes = Math.max(1, d) * inputBytes * (missingLeft === undefined ? 1 : 2);
    const most = Math.max(8, 8 * Math.floor(forestBlockBytes / rowBytes / 8));
    const blockRows = Math.min(most, 8 * Math.ceil(m / 8));
    const treeNodes = 2 * largestTree(forest) + 1;
    withWorkspace(() => {
      const work = arena.allocate(forestNodeBytes * treeNodes + rowBytes * blockRows + 16);
      wasm.selectForest(
        splitCount,
        leafCount,
        feature,
        left,
        right,
        missingLeft ?? 0,
        threshold,
        forest.value,
        second === undefined ? 0 : (forest.second ?? 0),
      );
      const routine = inputBytes === 8 ? wasm.predictForest : wasm.predictBinnedForest;
      const failed = routine(
        m,
        d,
        treeCount,
        roots,
        inputs.pointer,
        inputBytes * inputs.ld,
        scale,
        value,
        second ?? 0,
        squares ?? 0,
        blockRows,
        treeNodes,
        work,
      );
      if (failed !== 0) throw new RangeError(`Tree ${failed - 1} of the forest is malformed`);
    });
  }

  /** Most splits of one tree, from where the trees begin. */
  function largestTree({ roots, treeCount, splitCount }: Forest): number {
    let largest = 0;
    let end = splitCount;
    const references = arena.int32(roots, treeCount);
    for (let t = treeCount - 1; t >= 0; t--) {
      if (references[t] < 0) continue;
      largest = Math.max(largest, end - references[t]);
      end = references[t];
    }
    return Math.min(largest, splitCount);
  }

  return routines;
}

function wasmBlas(wasm: WasmExports): Blas {
  return {
    gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) {
      const a1 = transA === 'T' ? 1 : 0;
      const b1 = transB === 'T' ? 1 : 0;
      wasm.product(0, a1, b1, m, n, k, alpha, a, 8 * lda, b, 8 * ldb, beta, c, 8 * ldc);
    },
    syrk(trans, n, k, alpha, a, lda, beta, c, ldc) {
      const a1 = trans === 'T' ? 1 : 0;
      wasm.product(1, a1, 1 - a1, n, n, k, alpha, a, 8 * lda, a, 8 * lda, beta, c, 8 * ldc);
    },
    potrf: (n, a, lda) => wasm.potrf(n, a, 8 * lda),
    trsm(side, trans, m, n, l, ldl, b, ldb) {
      if (side === 'L')
        (trans === 'N' ? wasm.solveLeft : wasm.solveLeftTransposed)(m, n, l, 8 * ldl, b, 8 * ldb);
      else (trans === 'N' ? wasm.solveRight : wasm.solveRightTransposed)(m, n, l, 8 * ldl, b, 8 * ldb);
    },
    potri: (n, a, lda) => wasm.potri(n, a, 8 * lda),
  };
}
