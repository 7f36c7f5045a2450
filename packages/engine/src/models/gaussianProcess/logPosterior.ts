import type { Pointer, Routines } from '@athanor/wasm';
import { CovarianceMatrix } from '../../kernels/covarianceMatrix.ts';
import { kernelParameterCount, readKernelParameters, type Kernel } from '../../kernels/kernel.ts';
import { priorRules, type Prior } from './prior.ts';
import { solveWithMean } from './solveWithMean.ts';
import {
  replicateLogDensity,
  summarizeByFactors,
  summarizeReplicates,
  type ReplicateSummary,
  type TrainingRows,
} from './trainingRows.ts';

export interface LogPosteriorOptions {
  /** One a hyperparameter: those of the kernel, then the noise variance where it is learnt; null leaves it flat. */
  readonly priors: readonly (Prior | null)[];
  /** True estimates a constant mean by generalised least squares, false fixes it at 0. */
  readonly hasMean: boolean;
  /** Variance added to the diagonal against rounding. */
  readonly jitter: number;
  /**
   * Where the noise is to rise or fall with the target: the standardised target expected at each row [m]. One more
   * hyperparameter behind the noise variance says by how much its logarithm does.
   */
  readonly level?: Float64Array | null;
}

/**
 * Negative log posterior density of the hyperparameters given the rows, and its gradient by their logarithms: the
 * objective of the fit. The constant mean is profiled out, which leaves the gradient as it is (envelope theorem).
 *
 *     NLL = 1/2 e'Ky^-1 e + 1/2 log|Ky| + m/2 log 2pi
 *           + (N-m)/2 log(2pi sn2) + scatter/(2 sn2) + 1/2 sum log r_i        (replicates)
 *     dNLL/dt = 1/2 tr(W dKy/dt),  W = Ky^-1 - alpha alpha',  alpha = Ky^-1 e
 *
 * (Rasmussen & Williams 2006, eqs. 5.8 and 5.9; the constants of the priors are left out.) Lives in the arena of the
 * routines; the caller releases it.
 */
export class LogPosterior {
  readonly parameterCount: number;
  readonly #routines: Routines;
  readonly #rows: TrainingRows;
  readonly #options: LogPosteriorOptions;
  readonly #covariance: CovarianceMatrix;
  /** alpha, and room for another solution [2m]. */
  readonly #solutions: Pointer;
  readonly #noise: Float64Array;
  readonly #level: Float64Array | null;
  readonly #replicates: ReplicateSummary;

  constructor(routines: Routines, kernel: Kernel, rows: TrainingRows, options: LogPosteriorOptions) {
    const { level = null } = options;
    this.#level = level;
    this.parameterCount =
      kernelParameterCount(kernel) + (rows.knownNoise === null ? 1 : 0) + (level === null ? 0 : 1);
    this.#routines = routines;
    this.#rows = rows;
    this.#options = options;
    this.#covariance = new CovarianceMatrix(routines, kernel, rows.features, true);
    this.#solutions = routines.arena.allocateFloat64(2 * rows.z.length);
    this.#noise = new Float64Array(rows.z.length);
    this.#replicates = summarizeReplicates(rows);
  }

  /** Value at the logarithms `logs`; gradient into `gradient`. NaN where the covariance is not positive definite. */
  evaluate(logs: Float64Array, gradient: Float64Array): number {
    const { arena, blas } = this.#routines;
    const { z, counts, knownNoise } = this.#rows;
    const covariance = this.#covariance;
    const { kernel } = covariance;
    const m = z.length;
    const parameters = readKernelParameters(kernel, logs);
    const noiseIndex = kernelParameterCount(kernel);
    const noiseVariance = knownNoise === null ? Math.exp(logs[noiseIndex]!) : 0;
    const noise = this.#noise;
    const level = this.#level;
    const factors = level === null ? null : noiseFactors(level, logs[noiseIndex + 1]!);
    const { jitter } = this.#options;
    for (let i = 0; i < m; i++) {
      noise[i] = (knownNoise === null ? noiseVariance / counts[i]! : knownNoise[i]!) + jitter;
    }
    if (factors !== null) for (let i = 0; i < m; i++) noise[i] = (noise[i]! - jitter) * factors[i]! + jitter;

    covariance.fill(parameters, noise);
    const { pointer: k, ld } = covariance.matrix;
    if (blas.potrf(m, k, ld) !== 0) return NaN;
    const factor = arena.float64(k, ld * (m - 1) + m);
    let logDeterminant = 0;
    for (let i = 0; i < m; i++) logDeterminant += Math.log(factor[i * (ld + 1)]!);
    logDeterminant *= 2;

    const mean = solveWithMean(this.#routines, covariance.matrix, z, this.#solutions, this.#options.hasMean);
    const alpha = arena.float64(this.#solutions, m);
    let quadratic = 0;
    for (let i = 0; i < m; i++) quadratic += (z[i]! - mean) * alpha[i]!;

    let value = 0.5 * (quadratic + logDeterminant + m * Math.log(2 * Math.PI));
    blas.potri(m, k, ld);
    covariance.traceGradient(this.#solutions);
    const { traces, diagonal } = covariance;
    let noiseTrace = 0;
    for (let i = 0; i < m; i++) noiseTrace += noise[i]! * diagonal[i]!;
    writeKernelGradient(kernel, gradient, m - quadratic - noiseTrace, parameters.fixedScales, traces);
    if (knownNoise === null) {
      let learnt = 0;
      if (factors === null) for (let i = 0; i < m; i++) learnt += diagonal[i]! / counts[i]!;
      else for (let i = 0; i < m; i++) learnt += (factors[i]! * diagonal[i]!) / counts[i]!;
      const replicates = factors === null ? this.#replicates : summarizeByFactors(this.#rows, factors);
      const { spare, scatter } = replicates;
      value -= replicateLogDensity(replicates, noiseVariance);
      gradient[noiseIndex] = 0.5 * (learnt * noiseVariance + spare - scatter / noiseVariance);
    }
    if (level !== null && factors !== null) {
      let slope = 0;
      for (let i = 0; i < m; i++) {
        const own = noiseVariance * factors[i]!;
        const count = counts[i]!;
        slope += level[i]! * ((diagonal[i]! * own) / count + count - 1 - this.#rows.scatter[i]! / own);
      }
      gradient[noiseIndex + 1] = 0.5 * slope;
    }

    this.#options.priors.forEach((prior, i) => {
      if (prior === null) return;
      value -= priorRules(prior).logDensity(prior, logs[i]!);
      gradient[i]! -= priorRules(prior).slope(prior, logs[i]!);
    });
    return value;
  }
}

/** By what the noise variance of a row is multiplied where its logarithm rises by `trend` with the level of the target. */
export function noiseFactors(level: Float64Array, trend: number): Float64Array {
  return level.map((z) => Math.exp(trend * z));
}

/**
 * Writes the derivatives by the kernel's logarithms.
 *
 * @param kernelTrace tr(W K) of the kernel without noise, because tr(W Ky) = m - e'alpha
 * @param traces of a `CovarianceMatrix`
 */
export function writeKernelGradient(
  { lengthscaleCount, hasOutputScale }: Kernel,
  gradient: Float64Array,
  kernelTrace: number,
  fixedScales: Float64Array,
  traces: Float64Array,
): void {
  const first = lengthscaleCount + (hasOutputScale ? 1 : 0);
  for (let g = 0; g < lengthscaleCount; g++) gradient[g] = 0.5 * traces[g]!;
  let rest = kernelTrace;
  for (let t = 0; t < fixedScales.length; t++) {
    const trace = fixedScales[t]! * traces[lengthscaleCount + t]!;
    gradient[first + t] = 0.5 * trace;
    rest -= trace;
  }
  if (hasOutputScale) gradient[lengthscaleCount] = 0.5 * rest;
}
