import type { Arena, Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';
import type { Matrix } from '../linalg/matrix.ts';
import { addTanimoto } from './addTanimoto.ts';
import { smoothFeatures, type FixedTerm, type Kernel, type KernelParameters } from './kernel.ts';
import { placeFeatures, writeFeatures } from './placeFeatures.ts';

/**
 * Covariance of n training rows in the memory of the routines, refilled for every set of hyperparameters, and the
 * traces of its derivatives. Everything that does not depend on hyperparameters is computed once. The caller owns the
 * arena: it takes a mark before and releases it after use.
 */
export class CovarianceMatrix {
  readonly kernel: Kernel;
  readonly features: Matrix;
  /** Lower triangle [n, n]; `fill` writes it, the caller may factor and invert it in place. */
  readonly matrix: ArenaMatrix;
  /** Derivatives by the logarithms of the kernel's hyperparameters, without the factor 1/2, after `traceGradient`. */
  readonly traces: Float64Array;
  /** Diagonal of W after `traceGradient` [n]. */
  readonly diagonal: Float64Array;
  readonly #routines: Routines;
  readonly #smooth: Matrix;
  readonly #scaled: ArenaMatrix;
  /** Gram matrices of the fixed terms, kept when they are used more than once. */
  readonly #fixed: readonly ArenaMatrix[] | null;
  readonly #factor: ArenaMatrix | null;
  readonly #lengthscaleTraces: Pointer;
  readonly #fixedTraces: Pointer;
  readonly #diagonal: Pointer;

  /** @param withGradient false saves the memory of the derivative factor, another [n, n]. */
  constructor(routines: Routines, kernel: Kernel, features: Matrix, withGradient: boolean) {
    const { arena } = routines;
    const n = features.rowCount;
    const d = kernel.lengthscaleOf.length;
    this.kernel = kernel;
    this.features = features;
    this.#smooth = smoothFeatures(kernel, features);
    this.#routines = routines;
    this.#fixed = withGradient
      ? kernel.fixed.map((term) => {
          const gram = arena.allocateMatrix(n, n);
          this.#addFixed(term, 1, 0, gram);
          return gram;
        })
      : null;
    this.#scaled = arena.allocateMatrix(n, d);
    this.matrix = arena.allocateMatrix(n, n);
    this.#factor = withGradient ? arena.allocateMatrix(n, n) : null;
    this.#lengthscaleTraces = arena.allocateFloat64(d);
    this.#fixedTraces = arena.allocateFloat64(kernel.fixed.length);
    this.#diagonal = arena.allocateFloat64(n);
    this.traces = new Float64Array(kernel.lengthscaleCount + kernel.fixed.length);
    this.diagonal = new Float64Array(n);
  }

  /** Writes K for these hyperparameters, plus `diagonal` [n] on its diagonal. */
  fill(parameters: KernelParameters, diagonal: Float64Array): void {
    const { arena } = this.#routines;
    const { rowCount: n, columnCount: d } = this.#smooth;
    const { lengthscales, outputScale, fixedScales } = parameters;
    const { lengthscaleOf, form } = this.kernel;
    writeFeatures(
      arena,
      this.#scaled,
      this.#smooth,
      () => 0,
      (j) => lengthscales[lengthscaleOf[j]!]!,
    );
    this.#routines.covariance({
      kernel: form,
      n,
      d,
      x: this.#scaled,
      outputScale,
      fixed: this.#fixed?.map((matrix, t) => ({ matrix, scale: fixedScales[t]! })) ?? [],
      k: this.matrix,
      ...(this.#factor === null ? {} : { g: this.#factor }),
    });
    if (this.#fixed === null) {
      this.kernel.fixed.forEach((term, t) => this.#addFixed(term, fixedScales[t]!, 1, this.matrix));
    }
    addToDiagonal(arena, this.matrix, diagonal);
  }

  /**
   * With W = inverse - alpha alpha', writes tr(W dK/dlog l) [lengthscaleCount] then tr(W B_t) [fixed terms] into
   * `traces`, and the diagonal of W into `diagonal`. `matrix` must hold the inverse, alpha [n] lie in the arena.
   */
  traceGradient(alpha: Pointer): void {
    if (this.#factor === null || this.#fixed === null)
      throw new Error('This covariance was made without its gradient');
    const { arena } = this.#routines;
    const { rowCount: n, columnCount: d } = this.#smooth;
    const { lengthscaleOf, lengthscaleCount, fixed } = this.kernel;
    this.#routines.covarianceGradient({
      n,
      d,
      x: this.#scaled,
      inverse: this.matrix,
      alpha,
      g: this.#factor,
      fixed: this.#fixed,
      lengthscales: this.#lengthscaleTraces,
      traces: this.#fixedTraces,
      diagonal: this.#diagonal,
    });
    const perFeature = arena.float64(this.#lengthscaleTraces, d);
    this.traces.fill(0);
    for (let j = 0; j < d; j++) this.traces[lengthscaleOf[j]!]! += perFeature[j]!;
    if (fixed.length > 0) this.traces.set(arena.float64(this.#fixedTraces, fixed.length), lengthscaleCount);
    this.diagonal.set(arena.float64(this.#diagonal, n));
  }

  /** matrix = scale B + beta matrix */
  #addFixed(term: FixedTerm, scale: number, beta: number, matrix: ArenaMatrix): void {
    const { arena, blas } = this.#routines;
    const { rowCount: n, columnCount: d } = this.#smooth;
    if (term.kind === 'tanimoto') {
      addTanimoto(arena, term, this.features, this.features, scale, beta, matrix);
      return;
    }
    const mark = arena.mark();
    const centred = placeFeatures(
      arena,
      this.#smooth,
      (j) => term.centre[j]!,
      () => 1,
    );
    blas.syrk('N', n, d, scale, centred.pointer, centred.ld, beta, matrix.pointer, matrix.ld);
    arena.release(mark);
  }
}

function addToDiagonal(arena: Arena, { pointer, ld }: ArenaMatrix, diagonal: Float64Array): void {
  const n = diagonal.length;
  const view = arena.float64(pointer, ld * (n - 1) + n);
  for (let i = 0; i < n; i++) view[i * (ld + 1)]! += diagonal[i]!;
}
