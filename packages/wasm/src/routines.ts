import type { Arena, Matrix, Pointer } from './arena.ts';
import type { Blas } from './blas.ts';
import type {
  ExactTreeArguments,
  ExtraTreeArguments,
  FindHistogramSplitArguments,
  HistogramArguments,
  HistogramSplit,
  PartBinnedRowsArguments,
} from './growTreeArguments.ts';
import type { RoutineBuild } from './routineBuild.ts';

/**
 * Stationary kernels of unit variance over scaled inputs, with r^2 = sum_j (x_j - x'_j)^2 (Rasmussen & Williams, 2006,
 * Gaussian Processes for Machine Learning, equations 4.9 and 4.17):
 * `rbf`: exp(-r^2 / 2); `matern52`: (1 + s + s^2 / 3) exp(-s) with s = sqrt(5) r.
 */
export type StationaryKernel = 'matern52' | 'rbf';

/** A covariance matrix that does not change during a fit (linear, Tanimoto ...), and its variance. */
export interface FixedTerm {
  /** Lower triangle [n, n]. */
  readonly matrix: Matrix;
  readonly scale: number;
}

/** K [n, n] = outputScale k(X, X) + sum_t scale_t B_t, lower triangle. */
export interface CovarianceArguments {
  readonly kernel: StationaryKernel;
  readonly n: number;
  readonly d: number;
  /**
   * Inputs divided by their length scales [n, d], one column an input.
   *
   * A categorical input with k levels enters as k columns, one a level, that hold 1 / (sqrt(2) l) in the rows of that
   * level and 0 elsewhere, l being the one length scale they share: two rows of different levels are then 1 / l^2
   * further apart in r^2, whichever levels they are (for `rbf`, a factor exp(-1 / (2 l^2)): the Hamming kernel). The
   * slope of log l is the sum of the slopes of its columns.
   */
  readonly x: Matrix;
  /** Variance of the stationary term, >= 0. */
  readonly outputScale: number;
  /**
   * Further terms. For the linear kernel (x - c)'(x' - c) compute B = (X - c)(X - c)' once a fit with `syrk`: it holds
   * for every hyperparameter.
   */
  readonly fixed?: readonly FixedTerm[];
  /** K, output: lower triangle [n, n]. */
  readonly k: Matrix;
  /**
   * Derivative factor, output where given: lower triangle [n, n] of G with
   * dK_ik / d log l_j = G_ik (x_ij - x_kj)^2, that is outputScale k (`rbf`) or outputScale 5/3 (1 + s) e^-s (`matern52`).
   */
  readonly g?: Matrix;
}

/** K [m, n] = outputScale k(A, B). */
export interface CrossCovarianceArguments {
  readonly kernel: StationaryKernel;
  readonly m: number;
  readonly n: number;
  readonly d: number;
  /** Scaled inputs of the rows of K [m, d]. */
  readonly a: Matrix;
  /** Scaled inputs of the columns of K [n, d]. */
  readonly b: Matrix;
  readonly outputScale: number;
  /** K, output [m, n]. */
  readonly k: Matrix;
  /** Derivative factor as in `CovarianceArguments`, output where given [m, n]. */
  readonly g?: Matrix;
}

/** Squared Euclidean distances D [m, n] between the rows of A and B. */
export interface SquaredDistancesArguments {
  readonly m: number;
  readonly n: number;
  readonly d: number;
  /** [m, d] */
  readonly a: Matrix;
  /** [n, d] */
  readonly b: Matrix;
  /** D, output [m, n]. */
  readonly distances: Matrix;
}

/** Everything the gradient of a Gaussian process likelihood needs of W = Ky^-1 - alpha alpha'. */
export interface CovarianceGradientArguments {
  readonly n: number;
  readonly d: number;
  /** Scaled inputs [n, d], as given to `covariance`. */
  readonly x: Matrix;
  /** Ky^-1, lower triangle [n, n] as `potri` leaves it. */
  readonly inverse: Matrix;
  /** Ky^-1 (y - m) [n]; without it W = Ky^-1, so that any symmetric W can be put in its place. */
  readonly alpha?: Pointer;
  /** Derivative factor of `covariance`, lower triangle [n, n]. */
  readonly g: Matrix;
  /** The B_t of `covariance`, lower triangles [n, n]. */
  readonly fixed?: readonly Matrix[];
  /** Output [d]: tr(W dK / d log l_j) = sum_ik W_ik G_ik (x_ij - x_kj)^2 over the whole square. */
  readonly lengthscales: Pointer;
  /** Output [number of fixed terms], required with `fixed`: tr(W B_t). */
  readonly traces?: Pointer;
  /** Output [n]: the diagonal of W; the derivative with respect to a noise variance is half its (weighted) sum. */
  readonly diagonal: Pointer;
}

/** The linear kernel scale (z - c)'(z' - c) as part of a posterior. */
export interface LinearTerm {
  /** Number of inputs, p. */
  readonly p: number;
  /** Centred inputs of the n training rows [n, p]. */
  readonly x: Matrix;
  /** Centred inputs of the m candidates [m, p]. */
  readonly candidates: Matrix;
  readonly scale: number;
}

/**
 * Posterior of a Gaussian process at m candidates, for any m: the workspace is bounded. A candidate's result does not
 * depend on the others, to the bit.
 */
export interface PosteriorArguments {
  readonly kernel: StationaryKernel;
  readonly n: number;
  readonly m: number;
  readonly d: number;
  /** Scaled inputs of the training rows [n, d]. */
  readonly x: Matrix;
  /** Scaled inputs of the candidates [m, d]. */
  readonly candidates: Matrix;
  readonly outputScale: number;
  readonly linear?: LinearTerm;
  /** Ky^-1 (y - m) [n]. */
  readonly alpha: Pointer;
  /** Cholesky factor of Ky, lower triangle [n, n]; it or `inverse` is needed for the variance. */
  readonly factor?: Matrix;
  /** The factor as `invertFactor` leaves it: a variance in half the time, with an error of some 1e-6 of k**. */
  readonly inverse?: Pointer;
  /** Output [m]: k*' alpha, without the constant mean. */
  readonly mean: Pointer;
  /** Output [m] where given: k** - |L^-1 k*|^2 without noise, at least 0. */
  readonly variance?: Pointer;
}

/** Posterior at m candidates from a cross-covariance of any kernel; each candidate's result depends on its column alone. */
export interface CrossPosteriorArguments {
  readonly n: number;
  readonly m: number;
  /** Covariance of the training rows with the candidates [n, m]; overwritten by L^-1 K* where `factor` gives a variance. */
  readonly cross: Matrix;
  /** Ky^-1 (y - m) [n]. */
  readonly alpha: Pointer;
  /** Cholesky factor of Ky, lower triangle [n, n]; it or `inverse` is needed for the variance. */
  readonly factor?: Matrix;
  /** The factor as `invertFactor` leaves it, in its place. */
  readonly inverse?: Pointer;
  /** Output [m]. */
  readonly mean: Pointer;
  /** Prior variance k** of each candidate [m]; overwritten by the posterior variance, at least 0. */
  readonly variance?: Pointer;
}

/** A Cholesky factor made ready for rough variances of many candidates. */
export interface InvertFactorArguments {
  readonly n: number;
  /** L, lower triangle [n, n]; kept. */
  readonly factor: Matrix;
  /** Output: L^-1 in float32, `invertedFactorBytes(n)` bytes that only the routines of the same build can read. */
  readonly inverse: Pointer;
}

/** Room that `invertFactor` needs: strips of eight rows up to the diagonal in float32, and eight float64 for each. */
export function invertedFactorBytes(n: number): number {
  const strips = Math.ceil(n / 8);
  return 128 * strips * (strips + 1) + 64 * strips;
}

/**
 * Trees of a forest as flat arrays, all trees one after the other, splits and leaves apart. A reference r >= 0 is split
 * r, a negative one leaf ~r. The splits of a tree lie together, its root first, the trees in order; a split comes before
 * the splits below it, which is what makes every walk end.
 */
export interface Forest {
  readonly treeCount: number;
  readonly splitCount: number;
  readonly leafCount: number;
  /** Reference to the top of each tree, int32 [treeCount]; a leaf where the tree does not split. */
  readonly roots: Pointer;
  /** Input of each split, int32 [splitCount]. */
  readonly feature: Pointer;
  /** References to the children of each split, int32 [splitCount]. */
  readonly left: Pointer;
  readonly right: Pointer;
  /** 1 where a missing input goes left, uint8 [splitCount]; without this array it goes right everywhere. */
  readonly missingLeft?: Pointer;
  /** Value of each leaf, float64 [leafCount]. */
  readonly value: Pointer;
  /** A second quantity of each leaf, such as the variance within it, float64 [leafCount]. */
  readonly second?: Pointer;
}

interface ForestPredictionArguments {
  /** Number of inputs. */
  readonly d: number;
  /** Number of rows. */
  readonly m: number;
  readonly forest: Forest;
  /** Factor of the sums over trees: 1 / treeCount for a mean, the learning rate for boosted trees. */
  readonly scale: number;
  /** Output [m]: scale times the sum over trees, in their order, of the leaf values. */
  readonly value: Pointer;
  /** Output [m] where given: the same of the second quantity, which the forest must then have. */
  readonly second?: Pointer;
  /**
   * Output [m] where given: the same of the squared leaf values. Means of trees then give the variance of the forest by
   * the law of total variance: mean of variances + mean of squares - square of the mean.
   */
  readonly squares?: Pointer;
}

/** A forest at rows of float64 inputs. A row goes left where x <= threshold; a missing input is not-a-number. */
export interface ForestArguments extends ForestPredictionArguments {
  /** Finite thresholds, float64 [splitCount]. */
  readonly threshold: Pointer;
  /** Inputs [m, d], one column an input. */
  readonly x: Matrix;
}

/** A forest at rows of binned inputs. A row goes left where bin <= threshold; a missing input has bin 255. */
export interface BinnedForestArguments extends ForestPredictionArguments {
  /** Bins 0 .. 254, uint8 [splitCount]. */
  readonly threshold: Pointer;
  /** Bins, uint8 [m, d]: input j of row i at `pointer + i + j * ld`. */
  readonly bins: Matrix;
}

/**
 * The numeric routines over one memory. Synchronous and not re-entrant: one instance a process or worker.
 *
 * Arguments are places in `arena`; sizes and places are checked, and a wrong one is a RangeError that names the
 * routine and the argument. Outputs must not overlap inputs unless said otherwise. Lower triangles: what lies above
 * the diagonal is neither read nor written.
 */
export interface Routines {
  readonly build: RoutineBuild;
  readonly arena: Arena;
  /** gemm, syrk, potrf, trsm, potri. */
  readonly blas: Blas;

  /**
   * y_i = exp(x_i) for n values; x = y is allowed. Errors stay below 1.02 units in the last place, and results go
   * gradually down to the smallest subnormal number.
   */
  exp(n: number, x: Pointer, y: Pointer): void;

  /** Squared distances between two sets of rows, by differences. */
  squaredDistances(args: SquaredDistancesArguments): void;

  /** Covariance of the training rows and its derivative factor in one pass over the lower triangle. */
  covariance(args: CovarianceArguments): void;

  /** Covariance between two sets of rows. */
  crossCovariance(args: CrossCovarianceArguments): void;

  /**
   * The traces of which the gradient of NLL = 1/2 e'Ky^-1 e + 1/2 log|Ky| + n/2 log 2 pi is made (Rasmussen & Williams
   * 2006, equation 5.9): dNLL/dt = 1/2 tr(W dKy/dt). One pass over the lower triangle, O(n^2 d).
   *
   * The output scale needs no pass of its own, because tr(W Ky) = n - e'alpha:
   * tr(W dK / d log outputScale) = n - e'alpha - sum_t scale_t tr(W B_t) - sum_i noise_i W_ii.
   */
  covarianceGradient(args: CovarianceGradientArguments): void;

  /** Mean and variance at any number of candidates, 256 at a time. */
  posterior(args: PosteriorArguments): void;

  /** Mean and variance from a cross-covariance the caller made. */
  crossPosterior(args: CrossPosteriorArguments): void;

  /**
   * Inverts a Cholesky factor in float32 for the variances of `posterior` and `crossPosterior`. Products of 64 terms are
   * summed in float32, whole sums in float64.
   */
  invertFactor(args: InvertFactorArguments): void;

  /** Histograms of rows, summed in the order of the rows, the same to the bit in all builds. */
  fillHistogram(args: HistogramArguments): void;

  /**
   * The split of a histogram that gains most, the first of those that differ by no more than rounding: with sums G and
   * weights H of errors on either side and the penalty l, it gains G_L^2 / (H_L + l) + G_R^2 / (H_R + l) - G^2 / (H + l)
   * (T. Chen and C. Guestrin, XGBoost, KDD 2016, equation 7, without its half). Null where none gains anything.
   */
  findHistogramSplit(args: FindHistogramSplitArguments): HistogramSplit | null;

  /** Parts a list of rows by a split. @returns how many go left */
  partBinnedRows(args: PartBinnedRowsArguments): number;

  /**
   * Grows a tree, the same to the bit in all builds; its leaves hold weighted means of z. Inputs are tried in random order,
   * which decides ties. Missing cells go to the side where they lower the error more; at splits that saw none, to the
   * side with more weight. A split that moves the prediction against the direction of its input is not taken, and the
   * value between its two means bounds all leaves on either side.
   *
   * @returns number of splits; the leaves are one more
   */
  growExactTree(args: ExactTreeArguments): number;

  /**
   * Grows a tree, the same to the bit in all builds. At each node one threshold is drawn uniformly between the least and
   * the greatest cell of each tried input, and the split that lowers the squared error most is taken; inputs are tried in
   * random order, which decides ties. Missing cells go to the side where they lower the error more; at splits that saw
   * none, to the side with more rows.
   *
   * @returns number of splits; the leaves are one more
   */
  growExtraTree(args: ExtraTreeArguments): number;

  /**
   * Each row walks down each tree; a row's result depends on that row alone, to the bit, and is the same in all builds.
   * @throws RangeError when a tree is malformed: an input, leaf or split that does not exist, a split above itself, a
   * threshold that is not finite.
   */
  predictForest(args: ForestArguments): void;

  /** The same over bins. @throws RangeError when a tree is malformed. */
  predictBinnedForest(args: BinnedForestArguments): void;
}
