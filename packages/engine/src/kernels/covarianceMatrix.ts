import type { Arena, Matrix as ArenaMatrix, Pointer, Routines } from '@athanor/wasm';
import type { Matrix } from '../linalg/matrix.ts';
import { addTanimoto } from './addTanimoto.ts';
import { smoothFeatures, type FixedTerm, type Kernel, type KernelParameters } from './kernel.ts';
import { placeFeatures, writeFeatures } from './placeFeatures.ts';
import { rowsOfCompanion, type RowSources } from './rowSources.ts';

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
  /** tr(W_aa K_aa) over the rows of each companion a, K the kernel alone, after `traceGradient` [companion count]. */
  readonly ownTraces: Float64Array;
  readonly #routines: Routines;
  readonly #smooth: Matrix;
  readonly #scaled: ArenaMatrix;
  /** Gram matrices of the fixed terms, kept when they are used more than once. */
  readonly #fixed: readonly ArenaMatrix[] | null;
  readonly #factor: ArenaMatrix | null;
  readonly #sources: RowSources | null;
  /** K without the companions' own parts, and the Gram matrices with them; kept for the gradient of companions. */
  readonly #common: ArenaMatrix | null;
  readonly #scaledFixed: readonly ArenaMatrix[];
  readonly #lengthscaleTraces: Pointer;
  readonly #fixedTraces: Pointer;
  readonly #diagonal: Pointer;

  /**
   * @param withGradient false saves the memory of the derivative factor, another [n, n].
   * @param sources where some of the rows measure companions of the target; null where all measure the target
   */
  constructor(
    routines: Routines,
    kernel: Kernel,
    features: Matrix,
    withGradient: boolean,
    sources: RowSources | null = null,
  ) {
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
    this.#sources = sources;
    const keepsCommon = withGradient && sources !== null;
    this.#common = keepsCommon ? arena.allocateMatrix(n, n) : null;
    this.#scaledFixed = keepsCommon ? this.#fixed!.map((gram) => copyMatrix(arena, gram, n)) : [];
    this.#lengthscaleTraces = arena.allocateFloat64(d);
    this.#fixedTraces = arena.allocateFloat64(kernel.fixed.length);
    this.#diagonal = arena.allocateFloat64(n);
    this.traces = new Float64Array(kernel.lengthscaleCount + kernel.fixed.length);
    this.diagonal = new Float64Array(n);
    this.ownTraces = new Float64Array(sources?.companionRows.length ?? 0);
  }

  /**
   * Writes K for these hyperparameters, plus `diagonal` [n] on its diagonal.
   *
   * @param ownScales variance of what each companion has beyond the target, as a share of the kernel [companion count]
   */
  fill(parameters: KernelParameters, diagonal: Float64Array, ownScales?: Float64Array): void {
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
    if (this.#sources !== null) this.#addOwnParts(this.#sources, ownScales!);
    addToDiagonal(arena, this.matrix, diagonal);
  }

  /** Multiplies the covariances within each companion by one plus its own scale. */
  #addOwnParts(sources: RowSources, ownScales: Float64Array): void {
    const { arena } = this.#routines;
    const n = this.features.rowCount;
    const view = ({ pointer, ld }: ArenaMatrix): Float64Array => arena.float64(pointer, ld * n);
    const { ld } = this.matrix;
    if (this.#common !== null) view(this.#common).set(view(this.matrix));
    const scaled = [this.matrix, ...(this.#factor === null ? [] : [this.#factor])].map(view);
    const grams = this.#scaledFixed.map((copy, t) => [view(copy), view(this.#fixed![t]!)] as const);
    ownScales.forEach((own, a) => {
      const { start, end } = rowsOfCompanion(sources, a);
      for (let j = start; j < end; j++)
        for (let at = j + j * ld; at < end + j * ld; at++) {
          for (const cells of scaled) cells[at]! *= 1 + own;
          for (const [cells, gram] of grams) cells[at] = (1 + own) * gram[at]!;
        }
    });
  }

  /** tr(W_aa K_aa) of each companion, W = inverse - alpha alpha'. */
  #traceOwnParts(sources: RowSources, alpha: Pointer): void {
    const { arena } = this.#routines;
    const n = this.features.rowCount;
    const { pointer, ld } = this.matrix;
    const inverse = arena.float64(pointer, ld * n);
    const common = arena.float64(this.#common!.pointer, ld * n);
    const a = arena.float64(alpha, n);
    for (let k = 0; k < this.ownTraces.length; k++) {
      const { start, end } = rowsOfCompanion(sources, k);
      let trace = 0;
      for (let j = start; j < end; j++) {
        trace += (inverse[j + j * ld]! - a[j]! * a[j]!) * common[j + j * ld]!;
        for (let i = j + 1; i < end; i++)
          trace += 2 * (inverse[i + j * ld]! - a[i]! * a[j]!) * common[i + j * ld]!;
      }
      this.ownTraces[k] = trace;
    }
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
      fixed: this.#sources === null ? this.#fixed : this.#scaledFixed,
      lengthscales: this.#lengthscaleTraces,
      traces: this.#fixedTraces,
      diagonal: this.#diagonal,
    });
    const perFeature = arena.float64(this.#lengthscaleTraces, d);
    this.traces.fill(0);
    for (let j = 0; j < d; j++) this.traces[lengthscaleOf[j]!]! += perFeature[j]!;
    if (fixed.length > 0) this.traces.set(arena.float64(this.#fixedTraces, fixed.length), lengthscaleCount);
    this.diagonal.set(arena.float64(this.#diagonal, n));
    if (this.#sources !== null) this.#traceOwnParts(this.#sources, alpha);
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

/** Room of the same shape with the same cells. */
function copyMatrix(arena: Arena, { pointer, ld }: ArenaMatrix, n: number): ArenaMatrix {
  const copy = arena.allocateMatrix(n, n);
  arena.float64(copy.pointer, ld * n).set(arena.float64(pointer, ld * n));
  return copy;
}

function addToDiagonal(arena: Arena, { pointer, ld }: ArenaMatrix, diagonal: Float64Array): void {
  const n = diagonal.length;
  const view = arena.float64(pointer, ld * (n - 1) + n);
  for (let i = 0; i < n; i++) view[i * (ld + 1)]! += diagonal[i]!;
}
