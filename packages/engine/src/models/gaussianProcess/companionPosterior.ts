import type { Pointer, Routines } from '@athanor/wasm';
import { CovarianceMatrix } from '../../kernels/covarianceMatrix.ts';
import { kernelParameterCount, readKernelParameters } from '../../kernels/kernel.ts';
import type { CompanionRows } from './companionRows.ts';
import { readCompanionParameters, type CompanionSpace } from './companionSpace.ts';
import { writeKernelGradient } from './logPosterior.ts';
import { priorRules } from './prior.ts';
import { relativeRows } from './relativeRows.ts';
import { solveWithMeans, sourceStarts } from './solveWithMeans.ts';
import { replicateLogDensity } from './trainingRows.ts';

/**
 * Negative log posterior density of the hyperparameters given the rows of a target and its companions, and its gradient
 * by their logarithms, in the order of `companionSpace`. Rows of a companion are divided by its factor c, so that
 *
 *     NLL = 1/2 e'Ky^-1 e + 1/2 log|Ky| + m/2 log 2pi + sum_t m_t log|c_t| + replicates,   Ky = F o K + noise / c^2
 *
 * with F = 1 + v_t among the rows of one companion and 1 elsewhere. Lives in the arena; the caller releases it.
 */
export class CompanionPosterior {
  readonly #routines: Routines;
  readonly #data: CompanionRows;
  readonly #space: CompanionSpace;
  readonly #jitter: number;
  readonly #covariance: CovarianceMatrix;
  readonly #solutions: Pointer;

  constructor(routines: Routines, data: CompanionRows, space: CompanionSpace, jitter: number) {
    const { rows, sources } = data;
    this.#routines = routines;
    this.#data = data;
    this.#space = space;
    this.#jitter = jitter;
    this.#covariance = new CovarianceMatrix(routines, space.kernel, rows.features, true, sources);
    this.#solutions = routines.arena.allocateFloat64((2 + sources.companionRows.length) * rows.z.length);
  }

  /** Value at the logarithms `logs`; gradient into `gradient`. NaN where the covariance is not positive definite. */
  evaluate(logs: Float64Array, gradient: Float64Array): number {
    const { arena, blas } = this.#routines;
    const { rows, sources, replicates, signs } = this.#data;
    const { kernel } = this.#space;
    const covariance = this.#covariance;
    const m = rows.z.length;
    const parameters = readKernelParameters(kernel, logs);
    const companion = readCompanionParameters(kernel, logs, signs);
    const { factors, noiseVariances, ownScales } = companion;
    const { z, noise } = relativeRows(this.#data, companion, this.#jitter);

    covariance.fill(parameters, noise, ownScales);
    const { pointer: k, ld } = covariance.matrix;
    if (blas.potrf(m, k, ld) !== 0) return NaN;
    const factor = arena.float64(k, ld * (m - 1) + m);
    let value = 0.5 * m * Math.log(2 * Math.PI);
    for (let i = 0; i < m; i++) value += Math.log(factor[i * (ld + 1)]!);
    if (solveWithMeans(this.#routines, covariance.matrix, z, this.#solutions, sources) === null) return NaN;
    // A copy: the routines below may move the memory.
    const alpha = arena.float64(this.#solutions, m).slice();
    // H'alpha is zero, so that the means drop out.
    let quadratic = 0;
    for (let i = 0; i < m; i++) quadratic += z[i]! * alpha[i]!;
    value += 0.5 * quadratic;

    blas.potri(m, k, ld);
    covariance.traceGradient(this.#solutions);
    const { traces, diagonal, ownTraces } = covariance;
    let noiseTrace = 0;
    for (let i = 0; i < m; i++) noiseTrace += noise[i]! * diagonal[i]!;
    writeKernelGradient(kernel, gradient, m - quadratic - noiseTrace, parameters.fixedScales, traces);

    const first = kernelParameterCount(kernel);
    const starts = sourceStarts(sources);
    factors.forEach((factorOf, t) => {
      const start = starts[t]!;
      const end = starts[t + 1]!;
      const noiseVariance = noiseVariances[t]!;
      let learnt = 0;
      let pull = 0;
      for (let i = start; i < end; i++) {
        learnt += (diagonal[i]! * noiseVariance) / (rows.counts[i]! * factorOf ** 2);
        pull += alpha[i]! * z[i]!;
      }
      const { spare, scatter } = replicates[t]!;
      value -= replicateLogDensity(replicates[t]!, noiseVariance);
      const noiseSlope = 0.5 * (learnt + spare - scatter / noiseVariance);
      if (t === 0) {
        gradient[first] = noiseSlope;
        return;
      }
      const at = first + 3 * t - 2;
      value += (end - start) * Math.log(Math.abs(factorOf));
      gradient[at] = end - start - pull - learnt;
      gradient[at + 1] = 0.5 * ownScales[t - 1]! * ownTraces[t - 1]!;
      gradient[at + 2] = noiseSlope;
    });
    this.#space.priors.forEach((prior, i) => {
      value -= priorRules(prior).logDensity(prior, logs[i]!);
      gradient[i]! -= priorRules(prior).slope(prior, logs[i]!);
    });
    return value;
  }
}
