import { normalCdf, normalLogCdf } from '../special/normalCdf.ts';
import { normalLogPdf } from '../special/normalPdf.ts';
import { normalQuantile, normalQuantileOfLog } from '../special/normalQuantile.ts';
import { gaussHermite } from '../special/quadrature.ts';
import type { PlainDataReader } from '../plainDataReader.ts';
import { normalOperations } from './normal.ts';
import type { MixturePosterior, Posterior } from './posterior.ts';
import { solveIncreasing } from './solveIncreasing.ts';
import { splitNormalOperations } from './splitNormal.ts';
import { warpedNormalOperations } from './warpedNormal.ts';

/** First two moments of each row, in the unit of the target. */
export interface PosteriorMoments {
  /** [m] */
  readonly mean: Float64Array;
  /** [m] */
  readonly modelSd: Float64Array;
  /** [m] */
  readonly measurementSd: Float64Array;
}

/**
 * What every kind of posterior must be able to do. The common coordinate is the z-score, Phi^-1(F(y)): how many
 * standard deviations of a normal variable a measurement y would be out. It is where calibration acts, so that a
 * factor means the same for a skewed posterior as for a normal one.
 */
export interface PosteriorOperations<P extends Posterior> {
  rowCount(posterior: P): number;
  moments(posterior: P): PosteriorMoments;
  /** Phi^-1(F_i(y_i)) [m] of a new measurement y [m]; keeps its precision far out in both tails. */
  zScores(posterior: P, y: Float64Array): Float64Array;
  /** The value of each row whose z-score is z_i [m]: the quantile function at Phi(z). */
  values(posterior: P, z: Float64Array): Float64Array;
  /** log f_i(y_i) [m] of a new measurement. */
  logDensities(posterior: P, y: Float64Array): Float64Array;
  /** The posterior whose z-scores are those of this one divided by factors [m], all > 0. */
  scale(posterior: P, factors: Float64Array): P;
  /** @throws EngineError with code ARTIFACT_INVALID */
  check(reader: PlainDataReader): P;
}

/** Size m of a posterior over m rows. */
export function rowCountOf(posterior: Posterior): number {
  return operationsOf(posterior).rowCount(posterior);
}

export function momentsOf(posterior: Posterior): PosteriorMoments {
  return operationsOf(posterior).moments(posterior);
}

/** Phi^-1(F_i(y_i)) of a new measurement y [m]. */
export function zScoresOf(posterior: Posterior, y: Float64Array): Float64Array {
  return operationsOf(posterior).zScores(posterior, y);
}

/** F_i(y_i), the probability that a new measurement is at most y_i [m]. */
export function probabilitiesOf(posterior: Posterior, y: Float64Array): Float64Array {
  return zScoresOf(posterior, y).map(normalCdf);
}

/** Value of each row with that z-score, one for all rows or one a row [m]. */
export function valuesAt(posterior: Posterior, z: number | Float64Array): Float64Array {
  const all = typeof z === 'number' ? new Float64Array(rowCountOf(posterior)).fill(z) : z;
  return operationsOf(posterior).values(posterior, all);
}

/** Quantile of a new measurement at `level` in (0, 1), one a row [m]. */
export function quantilesOf(posterior: Posterior, level: number): Float64Array {
  return valuesAt(posterior, normalQuantile(level));
}

/** log f_i(y_i) of a new measurement y [m]. */
export function logDensitiesOf(posterior: Posterior, y: Float64Array): Float64Array {
  return operationsOf(posterior).logDensities(posterior, y);
}

/** The posterior whose z-scores are divided by `factor` > 0, one for all rows or one a row [m]. */
export function scalePosterior(posterior: Posterior, factor: number | Float64Array): Posterior {
  const factors = typeof factor === 'number' ? new Float64Array(rowCountOf(posterior)).fill(factor) : factor;
  return operationsOf(posterior).scale(posterior, factors);
}

/** @throws EngineError with code ARTIFACT_INVALID when the data is no posterior. */
export function checkPosterior(reader: PlainDataReader): Posterior {
  return kinds[reader.field('kind').oneOf(Object.keys(kinds) as Posterior['kind'][])].check(reader);
}

const mixtureOperations: PosteriorOperations<MixturePosterior> = {
  rowCount: ({ scale }) => scale.length,

  moments(mixture) {
    const plain = combineMoments(mixture);
    if (mixture.scale.every((factor) => factor === 1)) return plain;
    // With a factor the moments have no closed form; 20 nodes integrate polynomials of z up to degree 39 exactly.
    const { nodes, weights } = gaussHermite(20);
    const values = Array.from(nodes, (node) => valuesAt(mixture, node));
    const mean = plain.mean.map((_, i) => sumOver(values, (value, k) => weights[k]! * value[i]!));
    const measurementSd = mean.map((center, i) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value[i]! - center)), 0) || 1;
      const square = sumOver(values, (value, k) => weights[k]! * ((value[i]! - center) / largest) ** 2);
      return largest * Math.sqrt(square);
    });
    const modelSd = plain.modelSd.map((sd, i) => sd * (measurementSd[i]! / plain.measurementSd[i]!));
    return { mean, modelSd, measurementSd };
  },

  zScores(mixture, y) {
    const z = plainZScores(mixture, y);
    return z.map((value, i) => value / mixture.scale[i]!);
  },

  values(mixture, z) {
    const target = z.map((value, i) => value * mixture.scale[i]!);
    // Every member's own value is at or beyond the mixture's on one side, so they bracket it.
    const memberValues = mixture.members.map((member) => valuesAt(member, target));
    const low = target.map((_, i) => Math.min(...memberValues.map((value) => value[i]!)));
    const high = target.map((_, i) => Math.max(...memberValues.map((value) => value[i]!)));
    return solveIncreasing((y) => plainZScores(mixture, y), target, low, high);
  },

  logDensities(mixture, y) {
    const logs = mixture.members.map((member) => logDensitiesOf(member, y));
    const z = plainZScores(mixture, y);
    return z.map((value, i) => {
      const factor = mixture.scale[i]!;
      const plain = logSum(
        logs.map((log) => log[i]!),
        mixture.weights,
      );
      // Density of the stretched distribution by the chain rule; the two normal terms cancel at factor 1.
      return plain + normalLogPdf(value / factor) - normalLogPdf(value) - Math.log(factor);
    });
  },

  scale: (mixture, factors) => ({
    ...mixture,
    scale: mixture.scale.map((factor, i) => factor * factors[i]!),
  }),

  check(reader) {
    const weights = reader.field('weights').float64(undefined, { min: Number.MIN_VALUE, max: 1 });
    const members = reader.field('members').list().map(checkPosterior);
    const scale = reader.field('scale').float64(undefined, { min: Number.MIN_VALUE });
    if (members.length === 0 || weights.length !== members.length)
      throw reader.fail('must have one weight a member');
    if (Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) > 1e-9)
      throw reader.fail('must have weights that sum to 1');
    if (members.some((member) => rowCountOf(member) !== scale.length))
      throw reader.fail('must have members over the same rows');
    return { kind: 'mixture', weights, members, scale };
  },
};

/** A new kind of posterior is a line here, and the compiler asks for all it must be able to do. */
const kinds: { [K in Posterior['kind']]: PosteriorOperations<Extract<Posterior, { kind: K }>> } = {
  normal: normalOperations,
  warpedNormal: warpedNormalOperations,
  splitNormal: splitNormalOperations,
  mixture: mixtureOperations,
};

function operationsOf<P extends Posterior>(posterior: P): PosteriorOperations<P> {
  return kinds[posterior.kind] as unknown as PosteriorOperations<P>;
}

/** Moments of the mixture without its factor: mean = sum w m, variance = sum w (s^2 + (m - mean)^2). */
function combineMoments({ weights, members }: MixturePosterior): PosteriorMoments {
  const moments = members.map(momentsOf);
  const mean = moments[0]!.mean.map((_, i) => sumOver(moments, (member, k) => weights[k]! * member.mean[i]!));
  const spread = (pick: (member: PosteriorMoments) => Float64Array): Float64Array =>
    mean.map((center, i) => {
      const largest = moments.reduce(
        (most, member) => Math.max(most, Math.abs(member.mean[i]! - center), pick(member)[i]!),
        0,
      );
      if (largest === 0) return 0;
      const square = sumOver(
        moments,
        (member, k) =>
          weights[k]! * ((pick(member)[i]! / largest) ** 2 + ((member.mean[i]! - center) / largest) ** 2),
      );
      return largest * Math.sqrt(square);
    });
  return {
    mean,
    modelSd: spread((member) => member.modelSd),
    measurementSd: spread((member) => member.measurementSd),
  };
}

/** Phi^-1(sum_k w_k F_k(y)) from the smaller of the two tails, in logarithms. */
function plainZScores({ weights, members }: MixturePosterior, y: Float64Array): Float64Array {
  const scores = members.map((member) => zScoresOf(member, y));
  return y.map((_, i) => {
    const below = logSum(
      scores.map((z) => normalLogCdf(z[i]!)),
      weights,
    );
    const above = logSum(
      scores.map((z) => normalLogCdf(-z[i]!)),
      weights,
    );
    return below < above ? normalQuantileOfLog(below) : -normalQuantileOfLog(above);
  });
}

/** log sum_k w_k exp(logs_k) */
function logSum(logs: readonly number[], weights: Float64Array): number {
  const largest = Math.max(...logs);
  if (largest === -Infinity) return -Infinity;
  return largest + Math.log(sumOver(logs, (log, k) => weights[k]! * Math.exp(log - largest)));
}

function sumOver<T>(items: readonly T[], term: (item: T, k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < items.length; k++) sum += term(items[k]!, k);
  return sum;
}
